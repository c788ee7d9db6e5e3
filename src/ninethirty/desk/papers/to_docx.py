"""The report as a DOCX file, with real headings and tables, in styles of the document."""

from io import BytesIO

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from ninethirty.desk.papers.marks import Line, Role
from ninethirty.desk.papers.paper import Block, Heading, Paper, Paragraph, Table

_STYLES = {Role.GAP: "Open", Role.WRITTEN: "Aside", Role.DOUBT: "Aside"}


def docx_of(told: Paper) -> bytes:
    document = docx.Document()
    document.core_properties.title = told.title[:255]
    document.core_properties.language = "en-GB"
    document.core_properties.author = ""
    _styles(document)
    for block in told.blocks:
        _block(document, block)
    place = BytesIO()
    document.save(place)
    return place.getvalue()


def _styles(document: Document) -> None:
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.name = "Arial"
    normal.font.size = Pt(11)
    for name, colour, bold in (("Open", (0x7A, 0x4F, 0), True), ("Aside", (74, 74, 74), False)):
        style = document.styles.add_style(name, 1)
        assert isinstance(style, ParagraphStyle)
        style.base_style = normal
        style.font.color.rgb = RGBColor(*colour)
        style.font.bold = bold


def _block(document: Document, block: Block) -> None:
    match block:
        case Heading(level, text):
            document.add_heading(_clean(text), level)
        case Paragraph(line):
            _written(document.add_paragraph(), line)
        case Table():
            _table(document, block)


def _table(document: Document, table: Table) -> None:
    width = len(table.rows[0])
    made = document.add_table(rows=0, cols=width)
    made.style = document.styles["Table Grid"]
    if table.head:
        row = made.add_row()
        for cell, name in zip(row.cells, table.head, strict=True):
            _bold(cell.paragraphs[0], name)
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(repeated)
    known = {2: [Cm(5), Cm(11)], 3: [Cm(4.5), Cm(4.5), Cm(7)]}
    widths = known.get(width, [Cm(16 / width)] * width)
    for cells in table.rows:
        row = made.add_row()
        for at, (cell, lines) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = widths[at]
            _cell(cell, lines, bold=at == 0)


def _cell(cell: _Cell, lines: tuple[Line, ...], *, bold: bool) -> None:
    for n, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        if bold:
            _bold(paragraph, line.whole)
        else:
            _written(paragraph, line)


def _written(paragraph: DocxParagraph, line: Line) -> None:
    paragraph.add_run(_clean(line.whole))
    if line.role in _STYLES:
        paragraph.style = _STYLES[line.role]


def _bold(paragraph: DocxParagraph, text: str) -> None:
    paragraph.add_run(_clean(text)).bold = True


def _clean(text: str) -> str:
    """Without the few characters that XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")
