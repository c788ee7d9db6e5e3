// Searches public lists, of releases or of breaches, in the browser: nobody is told what is looked for.
const form = document.getElementById("search");
const found = document.getElementById("found");
const said = document.getElementById("said");
const MOST = 100;
const { one: NOUN, many: NOUNS } = form.dataset;
const filters = [...form.querySelectorAll("select")];
const rows = [];
let waiting = 0;

const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

function show() {
  const words = plain(form.elements.words.value).split(/\s+/).filter(Boolean);
  const chosen = filters.filter((filter) => filter.name !== "dates" && filter.value);
  const dates = form.elements.dates?.value;
  const asked = words.length || chosen.length || dates;
  const now = new Date().toISOString();
  const hits = rows.filter((row) => asked &&
    words.every((word) => row.plain.includes(word)) &&
    chosen.every(({ name, value }) => [row[name]].flat().includes(value)) &&
    (!dates || (dates === "to-come") === (row.day >= now.slice(0, row.day.length))));
  hits.sort((a, b) => dates === "to-come" ? a.day.localeCompare(b.day) : b.day.localeCompare(a.day));
  found.replaceChildren(...hits.slice(0, MOST).map((row) => {
    const item = document.createElement("li");
    item.className = "nt-release";
    const when = document.createElement("span");
    when.className = "nt-release__when";
    when.textContent = row.when;
    const what = document.createElement("div");
    const link = document.createElement("a");
    link.className = "govuk-link nt-release__title";
    link.href = row.path;
    link.textContent = row.title;
    const of = document.createElement("span");
    of.className = "nt-release__of";
    of.textContent = row.producer;
    what.append(link, of);
    item.append(when, what);
    return item;
  }));
  if (!asked) {
    said.textContent = `${rows.length} ${NOUNS} to search in${waiting ? "; still reading" : ""}`;
    return;
  }
  const more = hits.length > MOST ? `, the first ${MOST} of them shown` : "";
  said.textContent = `${hits.length} ${hits.length === 1 ? NOUN : NOUNS}${more}${waiting ? "; still looking" : ""}`;
}

async function load() {
  const { shards } = await (await fetch(form.dataset.shards)).json();
  waiting = shards.length;
  const one = async () => {
    for (let path = shards.shift(); path; path = shards.shift()) {
      const answer = await fetch(path);
      if (answer.ok) {
        for (const row of (await answer.json())[NOUNS]) {
          row.plain = plain([row.title, row.series, row.producer, row.reference].join(" "));
          rows.push(row);
        }
      }
      waiting -= 1;
      show();
    }
  };
  await Promise.all([one(), one(), one(), one()]);
}

form.classList.add("nt-search--ready");
const asked = new URLSearchParams(location.search).get("q");
if (asked) form.elements.words.value = asked;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", show);
load().catch(() => { said.textContent = "The lists cannot be read just now. Use the links above."; });
