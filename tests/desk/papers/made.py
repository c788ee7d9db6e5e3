"""One filled form in every kind of file people send: a table for the cells, paragraphs below."""

from collections.abc import Callable
from html import escape
from io import BytesIO

import docx
import typst
from odfdo import Document, Paragraph, Table
from pypdf import PdfReader, PdfWriter


def rows_and_lines(form: str) -> list[tuple[str, str] | str]:
    """Cells as pairs, everything else as paragraphs; blank lines fall away."""
    found: list[tuple[str, str] | str] = []
    for line in form.splitlines():
        label, tab, value = line.partition("\t")
        if line.strip():
            found.append((label, value) if tab else line)
    return found


def as_docx(form: str) -> bytes:
    document = docx.Document()
    for part in rows_and_lines(form):
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            cells = document.add_table(rows=1, cols=2).rows[0].cells
            cells[0].text, cells[1].text = part
    return _saved(document.save)


def as_odt(form: str) -> bytes:
    document = Document("text")
    document.body.clear()
    for part in rows_and_lines(form):
        if isinstance(part, str):
            document.body.append(Paragraph(part))
        else:
            table = Table("row", width=2, height=1)
            table.set_value((0, 0), part[0])
            table.set_value((1, 0), part[1])
            document.body.append(table)
    return _saved(document.save)


def as_pdf(form: str) -> bytes:
    def quoted(words: str) -> str:
        return "#" + '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'

    parts = [
        quoted(part)
        if isinstance(part, str)
        else f"#table(columns: (5cm, 10cm), [{quoted(part[0])}], [{quoted(part[1])}])"
        for part in rows_and_lines(form)
    ]
    made = typst.compile("\n\n".join(parts).encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def as_untagged_pdf(form: str) -> bytes:
    """As printers and older word processors make them: glyphs at places, and nothing else."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(as_pdf(form))))
    del writer.root_object["/StructTreeRoot"]
    return _saved(writer.write)


def as_html(form: str) -> bytes:
    parts = [
        f"<p>{escape(part)}</p>"
        if isinstance(part, str)
        else f"<table><tr><th>{escape(part[0])}</th><td>{escape(part[1])}</td></tr></table>"
        for part in rows_and_lines(form)
    ]
    page = "".join(parts)
    return f"<!DOCTYPE html><html><head><title>x</title></head><body>{page}</body></html>".encode()


def _saved(save: Callable[[BytesIO], object]) -> bytes:
    place = BytesIO()
    save(place)
    return place.getvalue()


KINDS: dict[str, Callable[[str], bytes]] = {
    "docx": as_docx,
    "odt": as_odt,
    "pdf": as_pdf,
    "untagged pdf": as_untagged_pdf,
    "html": as_html,
    "txt": str.encode,
}
