// Tells how long it is until T. It asks nobody: the instant is in the page, and the page says the
// same in words for those without it.
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function left(seconds) {
  const parts = UNITS.map(([name, size], i) => {
    const above = i ? UNITS[i - 1][1] : Infinity;
    const count = Math.floor((seconds % above) / size);
    return [count, `${count} ${name}${count === 1 ? "" : "s"}`];
  });
  const first = Math.max(0, parts.findIndex(([count]) => count));
  return "in " + parts.slice(first, first + (first < 2 ? 2 : 4)).map(([, text]) => text).join(" ");
}

for (const place of document.querySelectorAll("[data-opens]")) {
  const opens = Date.parse(place.dataset.opens);
  const tick = () => {
    const seconds = Math.ceil((opens - Date.now()) / 1000);
    if (seconds > 0) {
      place.textContent = left(seconds);
      setTimeout(tick, (opens - Date.now()) % 1000 || 1000);
    } else {
      const link = document.createElement("a");
      link.className = "govuk-link";
      link.href = place.dataset.at;
      link.textContent = "It is time: read the release";
      place.replaceChildren(link);
    }
  };
  tick();
}
