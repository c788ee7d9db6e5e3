"""The text of a tagged PDF in the order of its structure: paragraphs whole, a table's row a line.

A tagged file says which glyphs belong to which paragraph and cell, so that neither has to be
guessed from where they stand on the page.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pypdf import PageObject, PdfReader

_BLOCKS = frozenset({"/P", "/H", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/LBody", "/Caption"})
_CELLS = frozenset({"/TH", "/TD"})
_DEEPEST = 40
_ENOUGH = 0.95
"""How much of the page's letters the structure must hold to be trusted."""

_Words = Mapping[tuple[int, int], str]
"""Page (the number of its object) and mark -> what stands there."""


def text_of(reader: PdfReader) -> str | None:
    """None: not tagged, or not wholly."""
    root: Any = reader.root_object.get("/StructTreeRoot")
    if root is None:
        return None
    words, letters = _marked(reader)
    text = "\n".join(_blocks(root.get_object(), None, words, _DEEPEST))
    return text if _letters(text) >= _ENOUGH * letters else None


def _marked(reader: PdfReader) -> tuple[dict[tuple[int, int], str], int]:
    """What stands at each mark, and how many letters there are in all, artifacts left out."""
    words: dict[tuple[int, int], str] = {}
    letters = 0
    for page in reader.pages:
        number = page.indirect_reference.idnum if page.indirect_reference else 0
        for mark, text in _on_page(page):
            letters += _letters(text)
            if mark is not None:
                key = (number, mark)
                words[key] = words.get(key, "") + text
    return words, letters


def _on_page(page: PageObject) -> Iterator[tuple[int | None, str]]:
    marks: list[int | None] = []
    artifacts = 0
    found: list[tuple[int | None, str]] = []

    def before(operator: bytes, operands: list[Any], _cm: object, _tm: object) -> None:
        nonlocal artifacts
        if operator in (b"BDC", b"BMC"):
            told = operands[1] if len(operands) > 1 else None
            marks.append(told.get("/MCID") if isinstance(told, dict) else None)
            artifacts += operands[:1] == ["/Artifact"]
        elif operator == b"EMC" and marks:
            marks.pop()
            if not marks:
                artifacts = 0

    def said(text: str, _cm: object, _tm: object, _font: object, _size: object) -> None:
        if text and not artifacts:
            found.append((next((m for m in reversed(marks) if m is not None), None), text))

    page.extract_text(visitor_operand_before=before, visitor_text=said)
    yield from found


def _blocks(element: Any, page: int | None, words: _Words, depth: int) -> Iterator[str]:
    for kid, on in _kids(element, page):
        if depth == 0 or isinstance(kid, int):
            continue
        kind = kid.get("/S")
        if kind == "/TR":
            cells = [_inside(cell, at, words, depth) for cell, at in _kids(kid, on)]
            yield "\t".join(cells)
        elif kind in _BLOCKS:
            yield ""
            yield " ".join(_text(kid, on, words, depth).split())
            yield ""
        else:
            if kind == "/Table":
                yield ""
            yield from _blocks(kid, on, words, depth - 1)
            if kind == "/Table":
                yield ""


def _inside(cell: Any, page: int | None, words: _Words, depth: int) -> str:
    """The lines of a cell: of each paragraph in it, or of itself."""
    if isinstance(cell, int):
        return ""
    blocks = [line for line in _blocks(cell, page, words, depth - 1) if line.strip()]
    if blocks:
        return "\n".join(blocks)
    return "\n".join(" ".join(line.split()) for line in _text(cell, page, words, depth).split("\n"))


def _text(element: Any, page: int | None, words: _Words, depth: int) -> str:
    parts = []
    for kid, on in _kids(element, page):
        if isinstance(kid, int):
            parts.append(words.get((on or 0, kid), "").replace("\n", "").replace("\r", ""))
        elif depth:
            parts.append(_text(kid, on, words, depth - 1))
    return "".join(parts)


def _kids(element: Any, page: int | None) -> Iterator[tuple[Any, int | None]]:
    """What an element holds: other elements, and marks with the page they are on."""
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for raw in kids if isinstance(kids, list) else [kids]:
        kid = raw.get_object()
        if isinstance(kid, int):
            yield int(kid), _page_of(element) or page
        elif isinstance(kid, dict) and kid.get("/Type") == "/MCR":
            yield int(kid["/MCID"]), _page_of(kid) or _page_of(element) or page
        elif isinstance(kid, dict) and kid.get("/Type") != "/OBJR":
            yield kid, _page_of(kid) or page


def _page_of(element: Any) -> int | None:
    return element.raw_get("/Pg").idnum if "/Pg" in element else None


def _letters(text: str) -> int:
    return sum(not sign.isspace() for sign in text)
