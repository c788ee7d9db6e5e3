"""A form is read whatever kind of file it comes in, and what cannot be read says why."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
import typst
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter

from ninethirty.core.breach import Report, Said, fields
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.forms import form_named
from ninethirty.desk.papers import text
from ninethirty.desk.papers.form import read_form
from ninethirty.desk.papers.text import text_of
from tests.desk.papers.forms import form
from tests.desk.papers.made import KINDS, as_docx, as_odt, as_pdf


def put(folder: Path, data: bytes, name: str = "form") -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def read(folder: Path, data: bytes) -> Report:
    return read_form(text_of(put(folder, data)))


def said(report: Report) -> dict[str, str]:
    """Every field's words. A PDF does not tell where a paragraph ends, so they are joined."""
    found: dict[str, str] = {}
    for name, one in fields(report):
        if isinstance(one, Said):
            found[name] = " ".join([found.get(name, ""), *one.value.split()]).strip()
    return found


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(FormUnreadable) as refused:
        text_of(put(folder, data))
    return str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_form_says_the_same_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    words = form(
        circumstances="The page was late. It was there at 09:57.\n\nA second paragraph, at 10:08."
    )
    expected = read_form(words)
    found = read(tmp_path, KINDS[kind](words))
    assert said(found) == said(expected)
    assert [(m.when, m.event) for m in found.moments] == [
        (m.when, m.event) for m in expected.moments
    ]
    assert set(said(found)) == form_named("2018").holds - {
        *("statement", "access", "cause", "earlier", "leave")
    }


@pytest.mark.parametrize("kind", KINDS)
def test_letters_of_every_kind_survive(kind: str, tmp_path: Path) -> None:
    found = read(tmp_path, KINDS[kind](form(producer="Llywodraeth Cymru, “Ŵŷn” & <co>")))
    assert found.producer.value == "Llywodraeth Cymru, “Ŵŷn” & <co>"  # type: ignore[union-attr]


def test_what_it_is_the_bytes_say_and_not_the_name(tmp_path: Path) -> None:
    file = put(tmp_path, as_odt(form()), "form.docx")
    assert read_form(text_of(file)).form == "2018"


def test_an_address_behind_words_in_a_docx_is_read(tmp_path: Path) -> None:
    document = docx.Document(BytesIO(as_docx(form(title="Barley yields, 2019"))))
    cell = document.tables[0].rows[0].cells[1].paragraphs[0]
    link = OxmlElement("w:hyperlink")
    target = "https://stats.example/barley-2019"
    link.set(
        qn("r:id"), document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = " (here)"
    run.append(words)
    link.append(run)
    cell._p.append(link)
    place = BytesIO()
    document.save(place)
    assert read(tmp_path, place.getvalue()).links[0].value == target  # type: ignore[union-attr]


def test_a_page_of_html_is_not_taken_for_the_words_in_its_head_and_scripts(tmp_path: Path) -> None:
    page = (
        b"<!DOCTYPE html><html><head><title>T</title><script>var a='late'</script></head>"
        b"<body><h1>One</h1><p>two<br>three <a href='https://x.example/y'>four</a></p>"
        b"<script>five</script><table><tr><td>six</td><td>seven</td></tr></table></body></html>"
    )
    assert text_of(put(tmp_path, page)) == (
        "One\n\ntwo\nthree four (https://x.example/y)\n\nsix\tseven"
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    place = BytesIO()
    with ZipFile(place, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return place.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped({**parts, name: content})


def locked(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt("secret")
    place = BytesIO()
    writer.write(place)
    return place.getvalue()


def pages(count: int) -> bytes:
    made = typst.compile(("#pagebreak()\n" * (count - 1) + "end").encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<l>&b;</l>"
)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: locked(as_pdf(form())), "is behind a password"),
        (lambda: pages(1)[:200], "no PDF that can be read"),
        (lambda: pages(61), "at most 60 pages, found 61"),
        (lambda: pages(500), "at most 60 pages, found 500"),
        (
            lambda: typst.compile(b"#rect(width: 5cm, height: 5cm)", format="pdf"),
            "holds pictures of pages and no text",
        ),
        (lambda: with_part(as_docx(form()), "word/vbaProject.bin", b"x"), "holds macros"),
        (lambda: with_part(as_odt(form()), "Basic/Standard/Module1.xml", b"x"), "holds macros"),
        (lambda: with_part(as_docx(form()), "word/document.xml", BILLION), "declares entities"),
        (lambda: with_part(as_docx(form()), "word/document.xml", b"<a"), "no DOCX file that can"),
        (lambda: with_part(as_odt(form()), "content.xml", b"<a"), "no ODT file that can"),
        (
            lambda: with_part(
                as_odt(form()), "META-INF/manifest.xml", b"<manifest:encryption-data/>"
            ),
            "is behind a password",
        ),
        (
            lambda: with_part(
                as_docx(form()),
                "word/_rels/settings.xml.rels",
                b'<Relationships><Relationship Id="a" Type="x/attachedTemplate" '
                b'Target="http://elsewhere.example/t.dotm" TargetMode="External"/></Relationships>',
            ),
            "pieces that lie outside the file",
        ),
        (
            lambda: with_part(
                as_odt(form()),
                "content.xml",
                b'<a><draw:image xlink:href="http://elsewhere.example/p.png"/></a>',
            ),
            "pieces that lie outside the file",
        ),
        (lambda: as_docx(form())[:-300], "is cut off or damaged"),
        (lambda: zipped({"xl/workbook.xml": b"<a/>"}), "found a spreadsheet"),
        (
            lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "found a spreadsheet",
        ),
        (lambda: zipped({"picture.png": b"x"}), "found a zip file"),
        (lambda: zipped({f"{n}.xml": b"" for n in range(2001)}), "at most 2000 parts"),
        (lambda: zipped({"a.bin": bytes(100_000_001)}), "when unpacked, found more"),
        (lambda: b"\xd0\xcf\x11\xe0rest", "an old Office file"),
        (lambda: b"\x1f\x8brest", "a compressed file"),
        (lambda: b"{\\rtf1 rest}", "an RTF file"),
        (lambda: b"abc\x00def", "bytes that are no text"),
    ],
)
def test_what_cannot_be_read_says_why_in_one_sentence(
    make: Callable[[], bytes], why: str, tmp_path: Path
) -> None:
    said = refusal(tmp_path, make())
    assert why in said
    assert "\n" not in said


def test_text_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LARGEST_TEXT", 100)
    assert "at most 100 characters" in refusal(tmp_path, form().encode())


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_a_file_cut_anywhere_is_refused_or_read_and_never_breaks(kind: str, tmp_path: Path) -> None:
    whole = KINDS[kind](form())
    for end in range(20, len(whole), len(whole) // 25):
        with suppress(FormUnreadable):
            assert isinstance(text_of(put(tmp_path, whole[:end])), str)
