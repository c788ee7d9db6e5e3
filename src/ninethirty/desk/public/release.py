"""The page of a release on our own site: a pure function of the bundle."""

from html import escape

from ninethirty.core.page import main_html
from ninethirty.core.seal import PAGE, Manifest

_FRAME = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0; font: 1.125rem/1.5 arial, sans-serif; color: #0b0c0c; background: #fff; }}
header, main, footer {{ max-width: 60rem; margin: 0 auto; padding: 1rem; }}
header {{ border-bottom: 0.6rem solid #1d70b8; }}
table {{ border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }}
caption {{ text-align: left; font-weight: bold; padding: 0.5rem 0; }}
th, td {{ text-align: left; padding: 0.5rem 1rem 0.5rem 0; border-bottom: 1px solid #b1b4b6;
  vertical-align: top; }}
td.number {{ text-align: right; white-space: nowrap; }}
code {{ overflow-wrap: anywhere; font-size: 0.8em; }}
a {{ color: #1d70b8; }}
a:focus {{ outline: 3px solid #fd0; background: #fd0; color: #0b0c0c; }}
footer {{ color: #505a5f; font-size: 0.9em; }}
</style>
</head>
<body>
<header><strong>{producer}</strong></header>
<main>
{body}
<h2>Files</h2>
<table>
<thead>
<tr><th scope="col">File</th><th scope="col">Size</th><th scope="col">SHA-256</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
</main>
<footer><p>Released at {opens}. Sealed beforehand as <code>{seal}</code>.</p></footer>
</body>
</html>
"""
_ROW = """<tr><td><a href="{href}">{name}</a></td><td class="number">{size}</td>
<td><code>{digest}</code></td></tr>"""


def render(manifest: Manifest, seal: str, producer: str, index: str) -> str:
    """`index` is the producer's own page; what is in its main element is shown."""
    files = [file for file in manifest.files if file.name != PAGE]
    return _FRAME.format(
        title=escape(f"{manifest.title} - {producer}"),
        producer=escape(producer),
        body=main_html(index),
        opens=escape(str(manifest.opens)),
        seal=seal,
        rows="\n".join(
            _ROW.format(
                href=escape(f"{manifest.path}/{file.name}"),
                name=escape(file.name),
                size=_size(file.size_bytes),
                digest=file.digest,
            )
            for file in files
        ),
    )


def _size(size_bytes: int) -> str:
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
