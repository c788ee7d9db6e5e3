import io
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from pypdf import PdfWriter

from ninethirty.core.document import digest
from ninethirty.core.seal import Manifest, files_of
from ninethirty.desk.checks.bundle import look
from ninethirty.desk.checks.finding import Finding
from tests.desk.setting import ANNOUNCED_AT, PROMISE

PAGE = (
    b'<html lang="en-GB"><body><main><h1>GDP</h1><p>Official statistics. '
    b"Contact: gdp@statistics.example</p>%s</main></body></html>"
)


def found(**files: bytes) -> list[Finding]:
    contents = {name.replace("_", "."): content for name, content in files.items()}
    contents = {"index.html": PAGE % b""} | contents
    held = {digest(content): content for content in contents.values()}
    manifest = Manifest("gdp", "GDP", PROMISE, "/gdp", ANNOUNCED_AT, files_of(contents))
    return look(manifest, held.__getitem__)


def says(*findings: Finding) -> str:
    return "\n".join(f"{one.file}: {one.says}" for one in findings)


def workbook(creator: str, title: str, sheet: str, *, merged: bool) -> bytes:
    book = Workbook()
    book.properties.creator, book.properties.title = creator, title
    assert book.active
    book.active.title = sheet
    if merged:
        book.active.merge_cells("A1:B1")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_release_with_all_it_needs_has_nothing_to_look_at_again() -> None:
    good = workbook("", "GDP by quarter", "By quarter", merged=False)
    assert found(data_csv=b"a,b\n1,2\n", table_xlsx=good) == []


def test_a_missing_contact_and_a_missing_status_label_are_named() -> None:
    told = says(*found(index_html=b'<html lang="en"><h1>GDP</h1><p>It grew.</p></html>'))
    assert "names no contact" in told
    assert "no status label" in told


def test_people_in_properties_merged_cells_and_dull_names_are_named() -> None:
    told = says(*found(table_xlsx=workbook("A. Person", "", "Sheet1", merged=True)))
    assert "table.xlsx: its properties name A. Person" in told
    assert "its sheet Sheet1 is not named by what is in it" in told
    assert "merged cells" in told
    assert "no title" in told
    paper = Document()
    paper.core_properties.author, paper.core_properties.last_modified_by = "B. Person", "C. Person"
    target = io.BytesIO()
    paper.save(target)
    told = says(*found(notes_docx=target.getvalue()))
    assert "name B. Person" in told
    assert "name C. Person" in told


def test_a_pdf_that_names_a_person_and_cannot_be_read_aloud_is_named() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": "D. Person"})
    target = io.BytesIO()
    writer.write(target)
    told = says(*found(bulletin_pdf=target.getvalue()))
    for part in ("name D. Person", "not tagged", "its language", "no title"):
        assert part in told
    assert "cannot be read as a PDF" in says(*found(bulletin_pdf=b"%PDF-1.7 cut"))


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (b'<a href="gone.csv">x</a>', "'gone.csv' leads nowhere"),
        (b'<a href="/gdp/gone.csv">x</a>', "'/gdp/gone.csv' leads nowhere"),
        (b'<a href="#gone">x</a>', "'#gone' leads nowhere"),
        (b'<a href="http://[">x</a>', "leads nowhere"),
        (b'<img src="data.csv">', "1 of its pictures"),
        (b"<table><tr><td>1</td></tr></table>", "1 of its tables"),
        (b"<h3>x</h3>", "leave out a level"),
    ],
)
def test_what_is_hard_to_use_in_a_page_is_named(markup: bytes, said: str) -> None:
    assert said in says(*found(index_html=PAGE % markup, data_csv=b"a\n1\n"))


@pytest.mark.parametrize(
    "markup",
    [
        b'<a href="data.csv">x</a>',
        b'<a href="/gdp/data.csv#row">x</a>',
        b'<a href="/elsewhere">x</a>',
        b'<a href="https://platform.example/x">x</a>',
        b'<h2 id="here">x</h2><a href="#here">x</a>',
        b"<table><tr><th>a</th></tr></table>",
    ],
)
def test_what_leads_somewhere_is_not_named(markup: bytes) -> None:
    assert found(index_html=PAGE % markup, data_csv=b"a\n1\n") == []


def test_a_damaged_workbook_is_named_and_nothing_breaks(tmp_path: Path) -> None:
    assert "damaged" in says(*found(table_xlsx=b"PK\x03\x04 no archive"))
