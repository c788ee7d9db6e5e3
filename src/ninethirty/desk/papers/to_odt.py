"""The report as an ODT file, with real headings and tables."""

from collections.abc import Sequence
from io import BytesIO

from odfdo import Cell, Document, Element, Header, HeaderRows, Paragraph, Row, Style, Table

from ninethirty.desk.papers import paper
from ninethirty.desk.papers.marks import Line, Role

_STYLES = {Role.GAP: "Open", Role.WRITTEN: "Aside", Role.DOUBT: "Aside"}


def odt_of(told: paper.Paper) -> bytes:
    document = Document("text")
    document.body.clear()
    document.meta.title = told.title
    document.meta.language = "en-GB"
    for name, colour, bold in (
        ("Open", "#8a5a00", True),
        ("Aside", "#4a4a4a", False),
        ("Label", "#1c1c1c", True),
    ):
        document.insert_style(Style("paragraph", name=name, area="text", color=colour, bold=bold))
    for n, block in enumerate(told.blocks):
        document.body.append(_block(block, n))
    place = BytesIO()
    document.save(place)
    return place.getvalue()


def _block(block: paper.Block, number: int) -> Element:
    match block:
        case paper.Heading(level, text):
            header = Header(level, text)
            header.set_attribute("text:is-list-header", "true")  # LibreOffice would number it.
            return header
        case paper.Paragraph(line):
            return _written(line)
        case paper.Table():
            return _table(block, f"Table{number}")


def _table(table: paper.Table, name: str) -> Table:
    made = Table(name)
    if table.head:
        above = HeaderRows()
        above.append(_row([(Line(text),) for text in table.head], heading=True))
        made.append(above)
    for cells in table.rows:
        made.append(_row(cells))
    return made


def _row(cells: Sequence[Sequence[Line]], *, heading: bool = False) -> Row:
    row = Row()
    for at, lines in enumerate(cells):
        cell = Cell()
        for line in lines:
            cell.append(_written(line, label=heading or at == 0))
        row.append(cell)
    return row


def _written(line: Line, *, label: bool = False) -> Paragraph:
    style = "Label" if label else _STYLES.get(line.role)
    return Paragraph(line.whole, style=style) if style else Paragraph(line.whole)
