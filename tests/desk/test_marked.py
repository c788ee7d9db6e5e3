"""A reader's own copy says whose it is, or says that it cannot."""

from io import BytesIO

import pytest
import typst
from pypdf import PdfReader

from ninethirty.core.access import Mark
from ninethirty.core.times import WallTime
from ninethirty.desk.marked import NOT_MARKED, how, marked

MARK = Mark(
    'O"Brien & <Sons>',
    "secretary",
    "",
    WallTime.parse("2026-12-01 09:30 Europe/London"),
    "3f2a91c0",
)


def test_every_page_of_a_pdf_file_is_marked_and_keeps_its_text() -> None:
    made = typst.compile(b"Growth of 0.3 percent #pagebreak() Second", format="pdf")
    pages = PdfReader(BytesIO(marked(made, "application/pdf", MARK))).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert len(texts) == 2
    assert all("Copy 3f2a91c0" in text and 'O"Brien & <Sons>' in text for text in texts)
    assert "Growth of 0.3 percent" in texts[0]


def test_a_pdf_file_that_cannot_be_written_anew_stays_as_it_is() -> None:
    assert marked(b"%PDF-1.7 broken", "application/pdf", MARK) == b"%PDF-1.7 broken"


def test_a_page_is_marked_in_text_that_cannot_be_markup() -> None:
    page = marked(b"<html><body class='x'><p>It grew</p></body></html>", "text/html", MARK).decode()
    assert page.startswith("<html><body class='x'><aside")
    assert "O&quot;Brien &amp; &lt;Sons&gt;, secretary alone" in page
    assert "<Sons>" not in page
    assert "It grew" in marked(b"<p>It grew</p>", "text/html; charset=utf-8", MARK).decode()


def test_a_table_stays_a_table_below_its_mark() -> None:
    told = marked(b"\xef\xbb\xbfa,b\n1,2\n", "text/csv; charset=utf-8", MARK)
    assert told.startswith(b'\xef\xbb\xbf"Not to be passed on')
    assert told.endswith(b'alone."\r\na,b\n1,2\n')
    assert b'O""Brien' in told
    assert marked(b"Words", "text/plain", MARK).decode() == f"{MARK.says}\n\nWords"


@pytest.mark.parametrize(
    "kind", ["application/zip", "application/vnd.oasis.opendocument.spreadsheet"]
)
def test_what_cannot_be_marked_is_given_as_it_is_and_that_is_said(kind: str) -> None:
    assert marked(b"PK", kind, MARK) == b"PK"
    assert how(kind) == NOT_MARKED
    assert how("application/pdf") == "marked on every page"
