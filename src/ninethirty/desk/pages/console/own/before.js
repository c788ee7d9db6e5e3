// A reader is known by a key that this browser makes and cannot give away. Whatever they ask for is
// signed by it; what is on the screen goes away within seconds when their access does.
const place = document.querySelector("[data-before]");
const token = place.dataset.before;
const said = place.querySelector("[data-said]");
const shown = place.querySelector("[data-while-it-stands]");
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const EVERY = 2000;
let heard = [Date.parse(place.dataset.now), performance.now()];

function store(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("before-release", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const asked = act(opening.result.transaction("keys", mode).objectStore("keys"));
      asked.onsuccess = () => { opening.result.close(); done(asked.result); };
      asked.onerror = () => failed(asked.error);
    };
  });
}

const kept = () => store("readonly", (keys) => keys.get(token));
const encoded = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function begin(form) {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  await store("readwrite", (keys) => keys.put(pair, token));
  form.elements.browser.value = encoded(await crypto.subtle.exportKey("raw", pair.publicKey));
}

async function sign(form, pair) {
  const at = new Date(heard[0] + performance.now() - heard[1]).toISOString();
  const told = new TextEncoder().encode(`${token}\n${form.dataset.what}\n${at}`);
  form.elements.at.value = at;
  form.elements.signed.value = encoded(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, told));
}

function onSubmit(form, prepare) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await prepare(form);
      form.submit();
    } catch (wrong) {
      said.textContent = `Your browser could not sign what you asked for (${wrong}). ` +
        "Use another browser, or turn scripts off and use a code for each thing.";
    }
  });
}

async function look() {
  try {
    const answer = await fetch(place.dataset.stands, { cache: "no-store" });
    if (answer.ok) {
      heard = [Date.parse(await answer.text()), performance.now()];
      shown.hidden = false;
      said.textContent = "";
    } else {
      shown.remove();
      said.textContent = await answer.text();
      return;
    }
  } catch {
    // Nobody can say that it still stands: it is hidden until somebody can.
    shown.hidden = true;
    said.textContent = "The desk does not answer. What you opened is shown again once it does.";
  }
  setTimeout(look, EVERY);
}

for (const form of place.querySelectorAll("[data-sign-in]")) onSubmit(form, begin);
for (const form of place.querySelectorAll("[data-what]")) {
  onSubmit(form, async () => sign(form, await kept()));
}
if (shown) setTimeout(look, EVERY);
const itself = place.querySelector("[data-by-itself]");
const pair = itself && await kept();
if (pair) {
  await sign(itself, pair);
  itself.submit();
}
