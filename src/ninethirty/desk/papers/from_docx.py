"""The text of a DOCX file."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from ninethirty.core.errors import FormUnreadable


def text_of(data: bytes) -> str:
    """Raises FormUnreadable."""
    try:
        document = docx.Document(BytesIO(data))
        return "\n".join(_blocks(document))
    except (OpcError, ValueError, KeyError, AttributeError, SyntaxError) as broken:
        # SyntaxError is what lxml's errors are.
        raise FormUnreadable("is no DOCX file that can be read: save it anew") from broken


def _blocks(document: Document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield _words(block)
            yield ""
        else:
            yield from _rows(block)
            yield ""


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: dict[Any, str] = {}
        for cell in row.cells:
            cells.setdefault(cell._tc, _inside(cell))  # a merged cell is named once a column
        yield "\t".join(cells.values())


def _inside(cell: _Cell) -> str:
    lines: list[str] = []
    for block in cell.iter_inner_content():
        lines += [_words(block)] if isinstance(block, Paragraph) else _rows(block)
    return "\n".join(line for line in lines if line.strip())


def _words(paragraph: Paragraph) -> str:
    """Its text; an address behind words is put after them."""
    hidden = [
        link.address
        for link in paragraph.hyperlinks
        if link.address and link.address.removeprefix("mailto:") not in paragraph.text
    ]
    return " ".join([paragraph.text, *(f"({address})" for address in hidden)])
