"""The text of an ODT file."""

from collections.abc import Iterator
from io import BytesIO

from odfdo import Document, Element, Link, Table

from ninethirty.core.errors import FormUnreadable


def text_of(data: bytes) -> str:
    """Raises FormUnreadable."""
    try:
        body = Document(BytesIO(data)).body
        return "\n".join(_blocks(body))
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as broken:
        # SyntaxError is what lxml's errors are.
        raise FormUnreadable("is no ODT file that can be read: save it anew") from broken


def _blocks(parent: Element) -> Iterator[str]:
    for block in parent.children:
        if block.tag in ("text:p", "text:h"):
            yield _words(block)
            yield ""
        elif isinstance(block, Table):
            yield from _rows(block)
            yield ""
        elif block.tag in ("text:list", "text:list-item", "text:section"):
            yield from _blocks(block)


def _rows(table: Table) -> Iterator[str]:
    for row in table.get_elements("descendant::table:table-row"):
        cells = row.get_elements("table:table-cell")
        yield "\t".join(
            "\n".join(words for line in _blocks(cell) if (words := line.strip())) for cell in cells
        )


def _words(block: Element) -> str:
    """Its text; an address behind words is put after them."""
    text = block.text_recursive
    hidden = [
        link.url
        for link in block.get_elements("descendant::text:a")
        if isinstance(link, Link) and link.url and link.url.removeprefix("mailto:") not in text
    ]
    return " ".join([text, *(f"({address})" for address in hidden)])
