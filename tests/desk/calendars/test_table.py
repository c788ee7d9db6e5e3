"""Announcements are read from CSV files as people keep them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.desk.outside.calendars.found import Found, Odd
from ninethirty.desk.outside.calendars.table import COLUMNS, read_table

HEAD = ",".join(COLUMNS)


def read(*lines: str, head: str = HEAD) -> list[Found | Odd]:
    content = "\n".join([head, *lines]).encode()
    return list(read_table(content, "x.csv", "Europe/London"))


def test_a_line_is_a_promise() -> None:
    [found] = read('Births,2027-03-02 09:30,b1,https://x.example/b,"Of ""all"", here",,')
    assert isinstance(found, Found)
    assert (found.source, found.title, found.summary) == ("csv b1", "Births", 'Of "all", here')
    assert str(found.when) == "2027-03-02 09:30 Europe/London"


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2027-03-02 09:30 America/New_York", "2027-03-02 09:30 America/New_York"),
        ("2027-03", "2027-03"),
        ("2027-03-01 to 2027-03-12", "2027-03-01 to 2027-03-12"),
    ],
)
def test_when_is_told_as_elsewhere(when: str, expected: str) -> None:
    [found] = read(f"Births,{when},,,,,")
    assert isinstance(found, Found)
    assert str(found.when) == expected


def test_the_columns_stand_in_any_order_and_a_mark_before_them_does_not_matter() -> None:
    content = "\ufeffWhen,TITLE\n2027-03,Births\n\n".encode()
    [found] = read_table(content, "x.csv", "Europe/London")
    assert isinstance(found, Found)
    assert found.source == "csv Births"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Births,2027-02-30 09:30,,,,,", "day is out of range"),
        ("Births,2027-03-28 01:30,,,,,", "clocks go forward"),
        ("Births,2027-10-31 01:30,,,,,", "clocks go back"),
        ("Births,2027-13,,,,,", "is neither a month"),
        ("Births,2027-03-02 09:30 Mars,,,,,", "'Mars' is not a time zone"),
        ("Births,2027-03,,,,off,", "state: expected"),
        (",2027-03,,,,,", "title: is empty"),
        ("Births,2027-0", "expected 7 cells, found 2"),
        ('"Births,2027-03,,,,,', "is no CSV, or was cut off"),
    ],
)
def test_an_odd_line_is_told_of_by_its_number(line: str, why: str) -> None:
    first, odd = read("Deaths,2027-03,,,,,", line)
    assert isinstance(first, Found)
    assert isinstance(odd, Odd)
    assert odd.where == "x.csv, line 3"
    assert why in odd.says


@pytest.mark.parametrize("head", ["", "title", "title,when,title", "a,b"])
def test_a_file_without_its_columns_is_told_of(head: str) -> None:
    [odd] = read("x,y", head=head)
    assert isinstance(odd, Odd)
    assert "expected the columns title, when" in odd.says


def test_a_file_in_another_encoding_is_told_of() -> None:
    [odd] = read_table("title,when\nÉtat,2027-03".encode("latin-1"), "x.csv", "Europe/London")
    assert isinstance(odd, Odd)
    assert odd.says.startswith("is not UTF-8 at byte 11")


@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"title,when\n{text}".encode())
)
def test_whatever_is_in_a_file_it_is_read_or_told_of(content: bytes) -> None:
    list(read_table(content, "x.csv", "Europe/London"))
