"""A release to put through the demo: invented figures, three files."""

from pathlib import Path

TITLE = "Vocational qualifications quarterly: October to December 2017"

_INDEX = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<main>
<h1>{title}</h1>
<p>Invented figures, for the demonstration only.</p>
<p>In the quarter {total:,} certificates were issued, {change} per cent more than a year before.</p>
<table>
<caption>Certificates issued, by sector</caption>
<thead><tr><th scope="col">Sector</th><th scope="col">Certificates</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p>Questions: the statistics team, statistics@office.example.</p>
</main>
</body>
</html>
"""
_SECTORS = {
    "Arts and media": 41_230,
    "Business and law": 88_415,
    "Construction": 52_090,
    "Health and care": 131_775,
    "Languages": 77_660,
}


def write_example(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = "\n".join(f"<tr><td>{name}</td><td>{n:,}</td></tr>" for name, n in _SECTORS.items())
    (folder / "index.html").write_text(
        _INDEX.format(title=TITLE, rows=rows, total=sum(_SECTORS.values()), change=3)
    )
    table = "sector,certificates\n" + "".join(f"{name},{n}\n" for name, n in _SECTORS.items())
    (folder / "certificates-by-sector.csv").write_text(table)
    (folder / "methods.txt").write_text(
        "How the figures of the demonstration were made: they were invented.\n" * 40
    )
