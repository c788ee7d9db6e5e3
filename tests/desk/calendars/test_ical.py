"""Announcements are read from calendars as RFC 5545 writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.desk.outside.calendars.found import Found, Odd
from ninethirty.desk.outside.calendars.ical import read_calendar

LONDON = "Europe/London"


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*events: str, before: str = "") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN"]
    parts = [*head, *([before] if before else []), *events, "END:VCALENDAR", ""]
    return "\r\n".join(parts).encode()


def births(*more: str, start: str = "DTSTART;TZID=Europe/London:20270302T093000") -> str:
    return event("UID:births@office.example", "SUMMARY:Births", start, *more)


def read(*events: str, before: str = "") -> list[Found | Odd]:
    return list(read_calendar(calendar(*events, before=before), "x.ics", LONDON))


def one(*events: str, before: str = "") -> Found:
    [found] = read(*events, before=before)
    assert isinstance(found, Found), found
    return found


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("DTSTART;TZID=Europe/London:20270302T093000", "2027-03-02 09:30 Europe/London"),
        ("DTSTART;TZID=America/New_York:20270302T083000", "2027-03-02 08:30 America/New_York"),
        ("DTSTART:20270602T083000Z", "2027-06-02 09:30 Europe/London"),
        ("DTSTART:20270302T093000", "2027-03-02 09:30 Europe/London"),
        ("DTSTART;VALUE=DATE:20270302", "2027-03-02"),
        ("DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270401", "2027-03"),
        ("STATUS:TENTATIVE\r\nDTSTART:20270302T093000Z", "2027-03-02"),
    ],
)
def test_a_start_is_a_promise(start: str, expected: str) -> None:
    assert str(one(births(start=start)).when) == expected


def test_a_zone_that_the_calendar_brings_along_is_known_by_its_name() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\nBEGIN:STANDARD\r\nDTSTART:19701025T020000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    assert str(one(births(), before=zone).when) == "2027-03-02 09:30 Europe/London"


def test_what_else_an_event_tells_is_taken() -> None:
    found = one(
        births("URL:https://office.example/births", "SEQUENCE:3", "STATUS:CANCELLED", "COMMENT:Off")
    )
    assert found.source == "ics births@office.example"
    assert (found.address, found.is_cancelled, found.reason) == (
        "https://office.example/births",
        True,
        "Off",
    )


def test_the_highest_sequence_counts_in_whatever_order_they_come() -> None:
    old, new = births("SEQUENCE:9"), births("SEQUENCE:10", start="DTSTART:20270303T093000Z")
    for order in ((old, new), (new, old)):
        assert str(one(*order).when) == "2027-03-03 09:30 Europe/London"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (event("SUMMARY:X", "DTSTART:20270302T093000Z"), "has no UID"),
        (event("UID:x", "DTSTART:20270302T093000Z"), "SUMMARY: expected one"),
        (event("UID:x", "SUMMARY:X"), "DTSTART: expected one"),
        (births("DTSTART:20270302T093000Z"), "DTSTART: expected one, found 2"),
        (births("RRULE:FREQ=MONTHLY"), "repeats"),
        (births(start="DTSTART:20270230T093000Z"), "DTSTART"),
        (births(start="DTSTART;TZID=Europe/London:20270328T013000"), "clocks go forward"),
        (births(start="DTSTART;TZID=Mars/Olympus:20270302T093000"), "'Mars/Olympus' is no time"),
        (
            births(start="DTSTART;VALUE=DATE:20270302\r\nDTEND;VALUE=DATE:20270301"),
            "DTEND: expected a day after",
        ),
        (births("SEQUENCE:many"), "SEQUENCE"),
    ],
)
def test_an_odd_event_is_told_of_by_its_field_and_stops_no_other(told: str, why: str) -> None:
    odd, good = read(told, event("UID:y", "SUMMARY:Y", "DTSTART:20270302T093000Z"))
    assert isinstance(odd, Odd)
    assert why in odd.says
    assert isinstance(good, Found)


@given(st.integers(0, 100_000))
def test_a_calendar_that_is_cut_off_anywhere_is_odd_and_never_half_a_promise(cut: int) -> None:
    whole = calendar(births(), births())
    rest = whole[: cut % (len(whole) - len("\r\nEND:VCALENDAR\r\n"))]
    assert not [told for told in read_calendar(rest, "x.ics", LONDON) if isinstance(told, Found)]


@given(st.binary(max_size=200))
def test_whatever_is_in_a_file_it_is_read_or_told_of(content: bytes) -> None:
    list(read_calendar(content, "x.ics", LONDON))
