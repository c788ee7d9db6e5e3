// A folder or large files, piece by piece: what was cut off goes on from where it was.
const PIECE = 4 * 1024 * 1024;
const form = document.getElementById("hand-in");
const said = document.getElementById("hand-in-said");
const bar = document.getElementById("sent");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
for (const part of form.querySelectorAll("[data-with-script]")) part.hidden = false;

async function ask(address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" } });
  if (answer.redirected) throw new Error("You were signed out. Sign in in another window, then press the button again: it goes on from there.");
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail);
  return told;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const files = [...document.getElementById("folder").files, ...document.getElementById("files").files];
  document.getElementById("hand-in-progress").hidden = false;
  said.textContent = "";
  try {
    const list = files.map((one) => ({ name: one.webkitRelativePath || one.name, size: one.size, modified: one.lastModified }));
    const { have } = await ask(form.dataset.begin, JSON.stringify(list));
    bar.max = files.reduce((sum, one) => sum + one.size, 0);
    for (const [n, file] of files.entries()) {
      while (have[n] < file.size) {
        let piece;
        try {
          piece = await file.slice(have[n], have[n] + PIECE).arrayBuffer();
        } catch {
          throw new Error(`${list[n].name} cannot be read. Close it in other programs, then choose it again.`);
        }
        have[n] = (await ask(`${form.dataset.piece}?n=${n}&from=${have[n]}`, piece)).have;
        bar.value = have.reduce((sum, bytes) => sum + bytes, 0);
      }
    }
    said.textContent = "All has come. It is being checked.";
    await ask(form.dataset.finish, "");
    location.reload();
  } catch (wrong) {
    said.textContent = wrong instanceof TypeError ? "The connection broke. Press the button again: it goes on from there." : wrong.message;
    said.setAttribute("role", "alert");
  }
});
