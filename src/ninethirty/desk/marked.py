"""A reader's own copy: what is theirs is written on it, as far as the kind of file lets us.

A page, a PDF file, a table and plain text say on their face whose copy they are. Into any other
kind of file nothing is written: of such a one the log alone knows who has it, and `how` says so.
"""

from base64 import b64encode
from collections.abc import Callable
from html import escape
from io import BytesIO

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from ninethirty.core.access import Mark

NOT_MARKED = "not marked inside; the log has who opened it"

_HOW = {
    "text/html": "marked at its top and across the page",
    "application/pdf": "marked on every page",
    "text/csv": "marked in its first line, which is not data",
    "text/plain": "marked in its first line",
    "text/markdown": "marked in its first line",
}


def how(media_type: str) -> str:
    """What is marked in a file of this kind, for whoever opens it."""
    return _HOW.get(_bare(media_type), NOT_MARKED)


def marked(content: bytes, media_type: str, mark: Mark) -> bytes:
    """The same, with the mark on it; a PDF file that cannot be written anew stays as it is."""
    write = _WRITE.get(_bare(media_type))
    return write(content, mark) if write else content


def _page(content: bytes, mark: Mark) -> bytes:
    said = escape(mark.says)
    tile = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="260">'
        '<text x="20" y="220" transform="rotate(-28 20 220)" font-family="sans-serif" '
        f'font-size="15" fill="#000">{escape(mark.name)} {mark.copy}</text></svg>'
    )
    picture = f"data:image/svg+xml;base64,{b64encode(tile.encode()).decode()}"
    above = (
        '<aside aria-label="Whose copy this is" style="position:sticky;top:0;z-index:10000;'
        "padding:8px 15px;background:#ffdd00;color:#0b0c0c;font:700 16px/1.4 sans-serif;"
        f'overflow-wrap:anywhere">{said}</aside>'
        '<div aria-hidden="true" style="position:fixed;inset:0;z-index:9999;pointer-events:none;'
        f"opacity:.13;background:url('{picture}')\"></div>"
    )
    head, body, rest = content.partition(b"<body")
    if not body:
        return above.encode() + content
    tag, end, inside = rest.partition(b">")
    return head + body + tag + end + above.encode() + inside


def _pdf(content: bytes, mark: Mark) -> bytes:
    try:
        written = PdfWriter(clone_from=PdfReader(BytesIO(content)))
        for page in written.pages:
            box = page.mediabox
            page.merge_page(_stamp(mark, float(box.width), float(box.height)))
        told = BytesIO()
        written.write(told)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return content
    return told.getvalue()


def _stamp(mark: Mark, width: float, height: float):  # type: ignore[no-untyped-def]
    said = '"' + mark.says.replace("\\", "\\\\").replace('"', '\\"') + '"'
    source = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 14pt, fill: none)\n"
        f"#set text(size: 8pt, fill: rgb(180, 0, 0))\n#align(center, {said})\n"
        f"#place(center + horizon, rotate(-35deg, text(size: 22pt, "
        f"fill: rgb(180, 0, 0, 40), {said})))\n"
    )
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return PdfReader(BytesIO(made)).pages[0]


def _table(content: bytes, mark: Mark) -> bytes:
    said = mark.says.replace('"', '""')
    # A mark of byte order stays first: some readers of tables know letters by it.
    order, rest = (
        (content[:3], content[3:]) if content.startswith(b"\xef\xbb\xbf") else (b"", content)
    )
    return order + f'"{said}"\r\n'.encode() + rest


def _text(content: bytes, mark: Mark) -> bytes:
    return f"{mark.says}\n\n".encode() + content


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip()


_WRITE: dict[str, Callable[[bytes, Mark], bytes]] = {
    "text/html": _page,
    "application/pdf": _pdf,
    "text/csv": _table,
    "text/plain": _text,
    "text/markdown": _text,
}
