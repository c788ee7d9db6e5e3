"""Papers of ours as others open them: LibreOffice, a reader of tagged PDFs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
import typst
from pypdf import PdfReader

from ninethirty.core.breach import Report
from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers import to_pdf
from ninethirty.desk.papers.form import read_form
from ninethirty.desk.papers.marks import OPEN
from ninethirty.desk.papers.paper import Heading, Paper, paper
from ninethirty.desk.papers.read import read_bytes
from ninethirty.desk.papers.text import text_in
from ninethirty.desk.papers.write import write
from tests.desk.papers.forms import form

WORDS = form(
    report_date="4/6/19",
    circumstances="The page was late: \u201cold\u201d words.\n\nSeen at 9:57am.",
)
TIMELINE = ((12, "09:30:00", "The page was not there"),)


@pytest.fixture(scope="module")
def report() -> Report:
    return read_form(WORDS)


def converted(folder: Path, files: dict[str, bytes]) -> dict[str, str]:
    """What LibreOffice reads in each of them, as text."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here: no soffice on the path")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    profile = (folder / "profile").as_uri()
    command = [office, "--headless", f"-env:UserInstallation={profile}"]
    command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder / "out")]
    subprocess.run(
        [*command, *(str(folder / name) for name in files)],
        check=True,
        capture_output=True,
        timeout=240,
        env={**os.environ, "HOME": str(folder)},
    )
    return {
        name: (folder / "out" / f"{Path(name).stem}.txt").read_text("utf-8-sig") for name in files
    }


def test_libreoffice_opens_docx_and_odt_and_reads_the_same_words(
    report: Report, tmp_path: Path
) -> None:
    files = {
        f"{into}.{into}": write(report, into, note="Draft", timeline=TIMELINE)
        for into in ("docx", "odt")
    }
    found = {name: text.split() for name, text in converted(tmp_path, files).items()}
    expected = text_in(write(report, "html", note="Draft", timeline=TIMELINE)).split()
    assert found == {"docx.docx": expected, "odt.odt": expected}


def test_headings_and_tables_of_a_docx_are_real(report: Report) -> None:
    document = docx.Document(BytesIO(write(report, "docx")))
    headings = [p.text for p in document.paragraphs if p.style and p.style.name != "Normal"]
    told = [block.text for block in paper(report).blocks if isinstance(block, Heading)]
    assert [heading for heading in headings if heading in told] == told
    assert len(document.tables) == 4
    assert document.core_properties.language == "en-GB"
    assert "Barley" in document.core_properties.title


def elements(element: Any) -> Iterator[str]:
    """The kinds of the structure, in its order."""
    element = element.get_object()
    if isinstance(element, list):
        for kid in element:
            yield from elements(kid)
    elif isinstance(element, dict):
        if "/S" in element:
            yield str(element["/S"])
        if "/K" in element:
            yield from elements(element["/K"])


def test_a_pdf_says_what_its_parts_are_and_in_which_language(report: Report) -> None:
    reader = PdfReader(BytesIO(write(report, "pdf")))
    root = reader.root_object
    assert str(root["/Lang"]) == "en-GB"
    assert root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True  # type: ignore[index]
    assert reader.metadata is not None
    assert "Barley" in str(reader.metadata.title)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()  # type: ignore[union-attr]
    kinds = list(elements(root["/StructTreeRoot"]))
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 5
    assert kinds.count("/Table") == 4
    assert "/TH" in kinds


def test_a_pdf_is_read_in_the_order_of_its_structure(report: Report) -> None:
    text = text_in(write(report, "pdf"))
    assert text.split() == text_in(write(report, "html")).split()


def test_a_paper_the_standard_refuses_is_made_without_its_seal() -> None:
    skips_a_level = Paper("", (Heading(1, "One"), Heading(3, "Three")))
    with pytest.raises(typst.TypstError):
        typst.compile(to_pdf._source(skips_a_level).encode(), format="pdf", pdf_standards="ua-1")
    assert "Three" in text_in(to_pdf.pdf_of(skips_a_level))


def test_what_somebody_changed_in_our_paper_is_what_is_read(report: Report) -> None:
    document = docx.Document(BytesIO(write(report, "docx")))
    for paragraph in document.paragraphs:
        if paragraph.text == "Readers had to wait.":
            paragraph.text = "Traders had to wait."
    place = BytesIO()
    document.save(place)
    (impact,) = read_bytes(place.getvalue()).impact
    assert getattr(impact, "value", "") == "Traders had to wait."


def test_a_day_somebody_changed_to_no_day_is_open_and_a_changed_time_is_refused(
    report: Report,
) -> None:
    page = write(report, "html").decode()
    (occurred,) = read_bytes(page.replace("<td>3 June 2019", "<td>some day").encode()).occurred
    assert "the paper says \u201csome day" in getattr(occurred, "asks", "")
    with pytest.raises(FormUnreadable, match="changed where it tells the times"):
        read_bytes(page.replace("Named in the account", "Something").encode())


def test_what_is_open_is_said_in_words_in_every_format(report: Report) -> None:
    for into in ("html", "docx", "odt", "pdf", "md"):
        assert f"{OPEN}the address of the published statement" in text_in(write(report, into))
