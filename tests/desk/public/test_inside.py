import codecs
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Document, Table
from openpyxl import Workbook

from ninethirty.core.errors import BundleRefused
from ninethirty.core.site import Preview
from ninethirty.desk.public.inside import LARGEST_UNPACKED, MOST_ROWS, preview

ODS_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"


def an_ods(*names: str) -> bytes:
    document = Document("ods")
    document.body.clear()
    for name in names:
        document.body.append(Table(name, width=2, height=2))
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def an_xlsx(*names: str) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        book.create_sheet(name).append(["Region", 1])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


ODS = an_ods("One")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def refused(name: str, content: bytes) -> str:
    with pytest.raises(BundleRefused) as wrong:
        preview(name, content)
    return str(wrong.value)


def test_the_first_rows_of_a_csv_file_are_shown() -> None:
    assert preview("a.csv", b'Region,"Output, 2025"\nWales,1\n\nNorth,2\n') == Preview(
        (("Region", "Output, 2025"), ("Wales", "1"), ("North", "2")), more=0
    )


@pytest.mark.parametrize(
    "content",
    [
        "Région;Taux\nBrüssel;1\n".encode("cp1252"),
        "Région;Taux\nBrüssel;1\n".encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + "Région\tTaux\nBrüssel\t1\n".encode("utf-16-le"),
    ],
)
def test_a_csv_file_is_read_in_whichever_way_it_was_saved(content: bytes) -> None:
    assert preview("a.CSV", content) == Preview((("Région", "Taux"), ("Brüssel", "1")), more=0)


def test_of_a_large_file_only_the_beginning_is_read() -> None:
    rows = b"Region,Output\n" + b"Wales,1\n" * 100_000
    # What follows is no CSV at all, and does not matter.
    shown = preview("a.csv", rows + b"\0" * 10_000_000)
    assert shown is not None
    assert len(shown.rows) == MOST_ROWS + 1
    assert shown.more is None


def test_a_cell_may_hold_ends_of_lines() -> None:
    content = 'Region,Note\r\nWales,"one\r\ntwo\u2028three"\r\n'.encode()
    assert preview("a.csv", content) == Preview(
        (("Region", "Note"), ("Wales", "one two three")), more=0
    )


def test_wide_rows_and_long_cells_are_cut() -> None:
    shown = preview("a.csv", b",".join([b"x" * 1000] * 100) + b"\n")
    assert shown is not None
    assert [len(row) for row in shown.rows] == [12]
    assert {len(cell) for cell in shown.rows[0]} == {80}
    one_line = preview("a.csv", b"a" * 120_000)
    assert one_line is not None
    assert len(one_line.rows) == 1


def test_the_sheets_of_workbooks_are_named_in_their_order() -> None:
    for name, content in (
        ("a.ods", an_ods("Notes", "Table 1 & 2")),
        ("a.xlsx", an_xlsx("Notes", "Table 1 & 2")),
    ):
        assert preview(name, content) == Preview(sheets=("Notes", "Table 1 & 2"))


def test_of_other_files_nothing_is_shown() -> None:
    assert preview("a.pdf", b"%PDF") is None


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.ods", b"PK\x03\x04broken", "a.ods: is cut off or damaged; save it anew"),
        ("a.ods", b"", "is cut off or damaged"),
        ("a.ods", ODS[:-200], "is cut off or damaged"),
        ("a.ods", zipped({"content.xml": b"<a><b>"}), "workbook without a sheet"),
        ("a.ods", zipped({"content.xml": b"<a></b>"}), "is cut off or damaged"),
        ("a.xlsx", zipped({"other.xml": b"<a/>"}), "is cut off or damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1", "old Office file, or one behind a password"),
        ("a.csv", b"\x00\x01\x02", "a.csv: expected a CSV file, found bytes that are no text"),
        ("a.csv", b'"' + b"x" * 200_000 + b'"', "line 1: is no row of a CSV file"),
    ],
)
def test_a_broken_file_is_refused_with_what_to_do(name: str, content: bytes, says: str) -> None:
    assert says in refused(name, content)


def test_a_file_made_to_grow_is_not_unpacked() -> None:
    entities = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'
    assert "declares entities" in refused("a.ods", zipped({"content.xml": entities}))
    bomb = zipped({"content.xml": b"<a>" + b" " * (LARGEST_UNPACKED + 1)})
    assert len(bomb) < 300_000
    assert f"expected at most {LARGEST_UNPACKED:,} bytes when unpacked" in refused("a.ods", bomb)


def test_the_names_are_read_and_the_rest_is_left() -> None:
    names = "".join(f'<t:table xmlns:t="{ODS_TABLE}" t:name="S{n}"/>' for n in range(60))
    content = zipped({"content.xml": f"<a>{names}".encode() + b" " * 10_000_000})
    shown = preview("a.ods", content)
    assert shown is not None
    assert len(shown.sheets) == 50


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.ods", "a.xlsx"]))
def test_any_bytes_are_shown_or_refused_in_a_sentence(content: bytes, name: str) -> None:
    for damaged in (content, ODS[: len(content) * 10] + content):
        with suppress(BundleRefused):
            assert isinstance(preview(name, damaged), Preview)
