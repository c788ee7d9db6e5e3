import pytest

from ninethirty.core.breach import Said
from ninethirty.desk.papers.cells import (
    read_email,
    read_link,
    read_name,
    read_telephone,
    read_title,
)
from ninethirty.desk.papers.codes import read_practices
from ninethirty.desk.papers.dates import read_date
from tests.desk.papers.forms import asks, value


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("13 March 2018", "2018-03-13"),
        ("Tuesday 13th of March 2018", "2018-03-13"),
        ("1st November 2021", "2021-11-01"),
        ("25 Feb 2021", "2021-02-25"),
        ("March 13, 2018", "2018-03-13"),
        ("13/03/2018", "2018-03-13"),
        ("13/3/18", "2018-03-13"),
        ("12/3/2021", "2021-03-12"),
        ("2018-03-13", "2018-03-13"),
        ("11th August 2021 at 1.31pm", "2021-08-11"),
        ("13\xa0March\n2018", "2018-03-13"),
    ],
)
def test_a_date_is_read_day_first(words: str, iso: str) -> None:
    assert read_date(words, "the date") == Said(iso, words=words)


@pytest.mark.parametrize(
    "words",
    [
        "31 February 2018",
        "3/13/18",
        "March 2018",
        "8 March",
        "8 and 9 March 2018",
        "8 March 2018 to 10 March 2018",
        "8 March 2018, again 10 March 2018",
        "since 2018",
        "last Thursday",
    ],
)
def test_half_a_date_two_dates_or_an_impossible_one_stay_open(words: str) -> None:
    assert f"the form says “{words}”" in asks(read_date(words, "the date"))


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("T3.6", ["T3.6"]),
        ("Trustworthiness (T 3.6), published at 9.30am", ["T3.6"]),
        ("T3.3 and 3.4; V2.1", ["T3.3", "T3.4", "V2.1"]),
        ("T3.6 and 9.30am", ["T3.6"]),
        ("T3.6, 4.30 in the afternoon", ["T3.6"]),
        ("Trustworthiness: Principle 3 Orderly release, Practice 6", ["T3.6"]),
        ("Trustworthiness, Principle 3: Practice 6. Also V2", ["T3.6", "V2"]),
        ("T3 Orderly release, T3.6", ["T3.6"]),
        ("T3 Orderly release", ["T3"]),
    ],
)
def test_practices_are_read_by_their_codes(words: str, codes: list[str]) -> None:
    read = read_practices(words, "the practice")
    assert [(value(one), one.words) for one in read if isinstance(one, Said)] == [
        (code, words) for code in codes
    ]


def test_a_practice_spelt_out_is_read_with_a_doubt() -> None:
    (spelt_out,) = read_practices("Trustworthiness, Principle 3, Practice 6", "the practice")
    (code,) = read_practices("Trustworthiness, T3.6", "the practice")
    assert isinstance(spelt_out, Said)
    assert "pillar Trustworthiness" in spelt_out.doubt
    assert isinstance(code, Said)
    assert not code.doubt


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Protocol 2, practice 8", ["Protocol 2.8"]),
        ("Principle 4 practice 1 and Protocol 2", ["Principle 4.1", "Protocol 2"]),
        ("Protocol 2 and Protocol 2.4", ["Protocol 2.4"]),
        ("Standard 3, be transparent", ["Standard 3"]),
        ("Practice 3.2 of Standard 3", ["3.2", "Standard 3"]),
    ],
)
def test_practices_of_other_editions_are_read_by_their_own_numbers(
    words: str, codes: list[str]
) -> None:
    assert [value(one) for one in read_practices(words, "the practice")] == codes


@pytest.mark.parametrize("words", ["Principle 3, Practice 6", "T9.9", "orderly"])
def test_a_practice_of_no_known_pillar_stays_open(words: str) -> None:
    (field,) = read_practices(words, "the practice")
    assert words in asks(field)


def test_title_and_link_are_told_apart() -> None:
    words = "Oats (monthly): April \u2013 https://stats.example/oats"
    assert value(read_title(words, "title")) == "Oats (monthly): April"
    assert value(read_link(words, "link")) == "https://stats.example/oats"
    assert value(read_title("Oats (https://stats.example/oats)", "title")) == "Oats"
    assert value(read_link("Oats (https://stats.example/oats).", "link")) == (
        "https://stats.example/oats"
    )


def test_two_outputs_keep_both_titles_and_leave_the_link_open() -> None:
    words = "Oats https://stats.example/oats\nRye https://stats.example/rye"
    assert value(read_title(words, "title")) == "Oats; Rye"
    assert "https://stats.example/rye" in asks(read_link(words, "link"))


@pytest.mark.parametrize("words", ["not applicable", "https://stats.example/oats-\nand-rye"])
def test_no_address_and_half_an_address_stay_open(words: str) -> None:
    asks(read_link(words, "link"))


def test_a_contact_is_split_into_name_address_and_number() -> None:
    words = (
        "Name: Head of statistics (interim)\nE-mail: a.b@producer.example; Tel. +44 (0)1632 960001"
    )
    assert value(read_name(words, "name")) == "Head of statistics (interim)"
    assert value(read_email(words, "e-mail")) == "a.b@producer.example"
    assert value(read_telephone(words, "telephone")) == "+44 (0)1632 960001"


@pytest.mark.parametrize(
    "words", ["08-03-2018", "01632 960001 01632 960002", "01632 960001, 01632 960002"]
)
def test_a_date_or_two_numbers_are_no_telephone_number(words: str) -> None:
    asks(read_telephone(words, "telephone"))


def test_two_e_mail_addresses_stay_open() -> None:
    asks(read_email("a@producer.example, b@producer.example", "e-mail"))


def test_a_cell_that_begins_with_an_address_leaves_the_name_open() -> None:
    asks(read_name("stats@producer.example Head of statistics", "name"))
