"""A release to publish when nobody uploads one."""

import random
from pathlib import Path

from ninethirty.core.times import Instant
from ninethirty.standin.platform.scheduled import Scheduled, media_of

SLUG = "births-example"
TITLE = "Births in Exampleshire"
FILES = ("births.csv", "births-by-month.csv")


def example(opens: Instant, seed: int) -> Scheduled:
    """Figures drawn from the seed, so that two days are never mistaken for each other."""
    chance = random.Random(f"{seed}/{opens.text()}")  # noqa: S311  (to be repeated)
    total = chance.randrange(10_000, 99_999)
    rows = "".join(f"{month},{chance.randrange(500, 9_999)}\n" for month in range(1, 13))
    return Scheduled(
        slug=SLUG,
        title=TITLE,
        opens=opens,
        body_html=f"<h1>{TITLE}</h1><p>There were {total} births.</p>"
        "<p>Figures of an example, made for drills.</p>",
        files={
            "births.csv": f"year,births\n2025,{total}\n".encode(),
            "births-by-month.csv": f"month,births\n{rows}".encode(),
        },
        media=media_of(SLUG, seed),
    )


def write(release: Scheduled, folder: Path) -> None:
    """What is right, as a folder with index.html and the files beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    html = f"<!doctype html>\n<title>{release.title}</title>\n<main>{release.body_html}</main>\n"
    (folder / "index.html").write_text(html, encoding="utf-8")
    for name, content in release.files.items():
        (folder / name).write_bytes(content)
