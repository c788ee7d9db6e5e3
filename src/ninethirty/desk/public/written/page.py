"""The page that is made of index.md: complete, without script, and readable as it is.

It takes the place of index.md in the bundle, so that what is sealed and approved is what readers
will see; a page of ours shows what is in its main element. Its look is in the page's own file of
style, so that the strictest policy for content lets it pass.
"""

from collections.abc import Collection
from html import escape

from ninethirty.core.errors import BundleRefused
from ninethirty.core.seal import PAGE
from ninethirty.desk.public.written.text import SOURCE, Read, write

STYLE = "page.css"

_FRAME = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
<h1>{title}</h1>
{body}</main>
</body>
</html>
"""
_STYLE = b"""\
body { margin: 0; font: 1.125rem/1.5 arial, sans-serif; color: #0b0c0c; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3, h4 { line-height: 1.2; }
figure { margin: 2rem 0; }
figcaption, caption { text-align: left; font-weight: bold; padding: 0.5rem 0; }
svg, img { max-width: 100%; height: auto; }
.nt-scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.5rem 1rem 0.5rem 0; border-bottom: 1px solid #b1b4b6; }
.govuk-table__cell--numeric, .govuk-table__header--numeric { text-align: right; }
.govuk-inset-text { border-left: 0.6rem solid #b1b4b6; margin: 2rem 0; padding: 0.1rem 1rem; }
a { color: #1d70b8; }
a:focus, .nt-scroll:focus { outline: 3px solid #fd0; }
@media print { .nt-scroll { overflow: visible; } figure, tr { break-inside: avoid; } }
"""


def with_page(
    files: Collection[str], read: Read, path: str, *, style: str = STYLE
) -> dict[str, bytes]:
    """What to put into a bundle in place of its index.md: the page, and its style, which pages of
    ours do without. Nothing if it has none.

    files: names in the folder. read: bytes by name. path: where the page will be. style: how its
    style is called.

    Raises:
        BundleRefused: there are two pages, or what is wrong in index.md.
    """
    if SOURCE not in files:
        return {}
    for taken in (PAGE, style):
        if taken in files:
            raise BundleRefused(
                f"the folder has both {SOURCE} and {taken}, which is made of it; take one out"
            )
    made = write(read(SOURCE), set(files) - {SOURCE}, read, path)
    look = f"{path.rstrip('/')}/{style}"
    page = _FRAME.format(title=escape(made.title), style=escape(look), body=made.body)
    return {PAGE: page.encode(), style: _STYLE}
