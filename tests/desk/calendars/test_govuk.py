"""Announcements are read as GOV.UK tells of them, and what is odd is told of."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.announcement import Provisional
from ninethirty.core.errors import TimeError
from ninethirty.core.times import WallTime
from ninethirty.desk.outside.calendars.found import Found, Odd, Unread
from ninethirty.desk.outside.calendars.govuk import read_document, read_file, read_shown
from ninethirty.standin.announcements import announced, item, shown_exactly
from tests.core.made import HALF_PAST

REAL = Path(__file__).parents[4] / "shared" / "data" / "govuk"

MOVED = announced(
    "births",
    "Births",
    HALF_PAST,
    "1 December 2026 9:30am",
    "confirmed",
    previous_display_date="November 2026",
    change_note="The source was late.",
)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("20 January 2016 9:30am", "2016-01-20 09:30 Europe/London"),
        ("1 July 2026 12:00pm", "2026-07-01 12:00 Europe/London"),
        ("1 July 2026 12:15am", "2026-07-01 00:15 Europe/London"),
        ("1 July 2026 2:05pm", "2026-07-01 14:05 Europe/London"),
        ("January 2016", "2016-01"),
        ("January to February 2016", "2016-01 to 2016-02"),
        ("December to January 2016", "2015-12 to 2016-01"),
        ("December 2015 to January 2016", "2015-12 to 2016-01"),
        ("20 January 2016", "2016-01-20"),
    ],
)
def test_a_date_is_read_as_it_is_shown(shown: str, expected: str) -> None:
    assert str(read_shown(shown)) == expected


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "soon",
        "30 February 2026 9:30am",
        "1 Smarch 2026 9:30am",
        "1 July 2026 25:00",
        "Smarch 2026",
        "January 2026 to December 2025",
        "1 July 0000 9:30am",
    ],
)
def test_a_date_that_cannot_be_is_named(shown: str) -> None:
    with pytest.raises(Unread, match="display_date"):
        read_shown(shown)


@given(st.datetimes(HALF_PAST.replace(tzinfo=None), HALF_PAST.replace(tzinfo=None, year=2040)))
def test_every_minute_is_read_as_it_is_shown(local: Any) -> None:
    minute = local.replace(second=0, microsecond=0)
    assert read_shown(shown_exactly(minute)) == WallTime(minute, "Europe/London")


def test_the_search_and_the_content_item_say_the_same() -> None:
    from_search, from_item = read_document(MOVED), read_document(item(MOVED))
    assert from_search == from_item
    assert from_search.source == "gov.uk /government/statistics/announcements/births"
    assert from_search.address == ("https://www.gov.uk/government/statistics/announcements/births")
    assert (from_search.was, from_search.reason) == ("November 2026", "The source was late.")


def test_the_organisations_that_issue_it_are_read_from_either() -> None:
    issued_by = {"office-of-works": "Works", "office-of-roads": "Roads"}
    told = announced("x", "X", HALF_PAST, "July 2027", "provisional", issued_by)
    for document in (told, item(told)):
        assert read_document(document).issued_by == ("office-of-works", "office-of-roads")


def test_a_cancelled_one_says_why() -> None:
    told = announced(
        "x", "X", HALF_PAST, "July 2027", "cancelled", cancellation_reason="No survey."
    )
    for document in (told, item(told)):
        found = read_document(document)
        assert (found.is_cancelled, found.reason) == (True, "No survey.")


def test_an_exact_date_that_is_provisional_is_one_day() -> None:
    told = announced("x", "X", HALF_PAST, "1 July 2027 9:30am", "provisional")
    assert read_document(told).when == Provisional(date(2027, 7, 1), date(2027, 7, 1))


def test_a_time_that_the_clocks_skip_is_named() -> None:
    with pytest.raises(TimeError, match="the clocks go forward"):
        read_document(announced("x", "X", HALF_PAST, "28 March 2027 1:30am", "confirmed"))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"link": None}, "says not where it is"),
        ({"link": "births"}, "says not where it is"),
        ({"metadata": None}, "has neither details nor metadata"),
        ({"title": None}, "title: expected a text, found None"),
        ({"statistics_announcement_state": "maybe"}, "state: expected provisional"),
        ({"metadata": {"display_date": 7}}, "display_date: expected a text, found 7"),
        ({"schema_name": "publication"}, "is a publication, no announcement"),
    ],
)
def test_an_odd_document_says_at_which_field(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(Unread, match=why):
        read_document({**MOVED, **changed})


def test_a_date_of_publication_that_is_none_makes_no_version() -> None:
    assert read_document({**MOVED, "public_timestamp": "yesterday"}).version == ""


@given(st.integers(0, 10_000))
def test_a_document_that_is_cut_off_anywhere_is_odd_and_never_half_a_promise(cut: int) -> None:
    whole = json.dumps({"results": [MOVED, MOVED]}).encode()
    told = list(read_file(whole[: cut % len(whole)], "cut.json"))
    assert [type(one) for one in told] == [Odd]
    assert "was cut off" in str(told[0])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*MOVED, *MOVED["metadata"], "details", "links", "state", "results"]),
            inner,
        )
    ),
    max_leaves=8,
)


@given(json_values)
def test_whatever_is_in_a_file_it_is_read_or_told_of(value: Any) -> None:
    for one in read_file(json.dumps(value).encode(), "x.json"):
        assert isinstance(one, Found | Odd)


@given(st.dictionaries(st.sampled_from([*MOVED, "links", "schema_name"]), json_values, max_size=3))
def test_whatever_is_in_a_field_it_is_read_or_told_of(changed: dict[str, Any]) -> None:
    [one] = read_file(json.dumps({**MOVED, **changed}).encode(), "x.json")
    assert isinstance(one, Found | Odd)


@pytest.mark.skipif(not REAL.exists(), reason=f"the real documents are not here: {REAL}")
def test_the_real_documents_are_read() -> None:
    def read(name: str) -> list[Found | Odd]:
        return list(read_file((REAL / name).read_bytes(), name))

    [official] = read("official_statistics.json")
    assert isinstance(official, Found)
    assert str(official.when) == "2016-01-20 09:30 Europe/London"
    [changed] = read("release_date_changed.json")
    assert isinstance(changed, Found)
    assert changed.was == "19 January 2016 9:30am"
    assert changed.reason
    for other in ("scheduled_publication.json", "statistics_publication.json"):
        [odd] = read(other)
        assert isinstance(odd, Odd)
        assert "is a publication, no announcement" in odd.says
