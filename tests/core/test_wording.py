"""What users are told."""

from dataclasses import asdict
from datetime import datetime

import pytest

from ninethirty.core import wording
from ninethirty.core.limits import fits

MORNING = datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001  # wall time
ALTERNATE = "http://statistics.example/statistics/gdp"


@pytest.mark.parametrize("length", [1, 50, 120, 121, 122, 123, 300, 1000])
def test_a_text_fits_every_channel_and_its_address_is_never_cut(length: int) -> None:
    for words in (
        wording.late("a" * length, ALTERNATE, since=MORNING),
        wording.update("a" * length, ALTERNATE),
        wording.recovered("a" * length, ALTERNATE),
        wording.corrected("a" * length, ALTERNATE),
    ):
        assert fits(words.short, ALTERNATE)
        assert f" {ALTERNATE} " in f"{words.short} "
        assert words.short.startswith("a" * min(length, 20))


def test_a_short_title_is_told_whole_with_the_time_as_the_public_writes_it() -> None:
    words = wording.late("GDP", ALTERNATE, since=MORNING)
    assert words.short.startswith(f"GDP can be read here: {ALTERNATE} It has been there since")
    assert "since 9:30am." in words.short
    assert words.title == "Available at another address: GDP"


def test_the_words_of_the_house_would_be_taken_from_a_producer_too() -> None:
    assert wording.read_templates(asdict(wording.Templates())) == wording.Templates()


def test_a_producer_may_have_other_words_approved() -> None:
    told = {"recovered": "Mae {title} yma: {address}", "since": " Ers {clock}."}
    templates = wording.read_templates(told)
    assert wording.recovered("GDP", ALTERNATE, templates=templates).short == (
        f"Mae GDP yma: {ALTERNATE}"
    )
    late = wording.late("GDP", ALTERNATE, since=MORNING, templates=templates)
    assert " Ers 9:30am. Its usual page" in late.short


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("late", "words is not a table"),
        ({"early": "x"}, "words.early is not a text; known: late_title, late"),
        ({"late": 3}, "words.late is not a text"),
        ({"since": "{clock} or so }"}, "words.since: Single '}'"),
        ({"recovered": "{title} {address} {figure}"}, r"no field \{figure\}; known: \{address\}"),
        ({"recovered": "{title} is back"}, r"words.recovered must say \{address\} once"),
        ({"recovered": "{title} {title} {address}"}, r"must say \{title\} once"),
        ({"recovered": "{title!r} {address}"}, "a name in braces and nothing else"),
        ({"recovered": "{title} {address:>300}"}, "a name in braces and nothing else"),
        ({"recovered": "{title} {address} up 2%"}, "has a figure in it"),
        (
            {"recovered": "{title} {address}" + "a" * 140},
            "words.recovered is too long by 1 letters",
        ),
    ],
)
def test_words_that_cannot_be_said_are_refused_beforehand(told: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        wording.read_templates(told)


WELSH = {name: text.replace("is", "mae") for name, text in asdict(wording.Templates()).items()}


def test_words_in_welsh_are_all_given_or_none() -> None:
    assert wording.read_welsh({}) is None
    assert wording.read_welsh({"late": "x", "cy": WELSH}) == wording.Welsh(**WELSH)
    assert wording.read_templates({"cy": WELSH}) == wording.Templates()
    for told, why in (
        (3, "words.cy is not a table"),
        (WELSH | {"cy": "x"}, "words.cy.cy is not a text; known: late_title"),
        (WELSH | {"late": "{title} {since}"}, r"words.cy.late must say \{address\} once"),
        (WELSH | {"recovered": "{title} {address}" + "a" * 140}, "words.cy.recovered is too long"),
        ({"late": WELSH["late"]}, "words.cy.late_title is missing; give all the texts in Welsh"),
    ):
        with pytest.raises(ValueError, match=why):
            wording.read_welsh({"cy": told})


def test_a_clock_in_welsh_is_written_as_in_wales() -> None:
    words = wording.late("CMC", ALTERNATE, since=MORNING, templates=wording.Welsh(**WELSH))
    assert "since 9:30yb." in words.short


def test_a_mail_says_it_in_every_language_under_a_title_of_one_line() -> None:
    told = [wording.Words("a", "one"), wording.Words("b", "two")]
    assert wording.together(told) == wording.Words("a / b", "one\n\ntwo")
    assert wording.together(told[:1]) == told[0]
    long = [wording.Words("a" * 150, "one"), wording.Words("b" * 150, "two")]
    assert wording.together(long).title == "a" * 150


@pytest.mark.parametrize(
    ("hour", "minute", "written"), [(0, 5, "12:05am"), (12, 0, "12:00pm"), (16, 30, "4:30pm")]
)
def test_a_clock_is_written_with_am_and_pm(hour: int, minute: int, written: str) -> None:
    assert (
        f"since {written}."
        in wording.late("GDP", "", since=MORNING.replace(hour=hour, minute=minute)).short
    )


def test_since_when_is_not_claimed_of_an_address_nobody_saw_in_time() -> None:
    assert "since" not in wording.late("GDP", ALTERNATE, since=None).short


def test_who_asked_to_be_told_is_asked_whether_they_did_and_then_told_where_it_is() -> None:
    asked = wording.confirm("GDP")
    assert asked.title == "Do you want to be told about GDP?"
    assert "write to this address about GDP." in asked.short
    told = wording.published("GDP", ALTERNATE)
    assert told == wording.Words("Published: GDP", f"GDP is published: {ALTERNATE}")
