from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import AmbiguousTime, NoSuchTime, ScheduleRefused
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.shelving.opens import read_opens
from ninethirty.desk.shelving.words import span, told, told_in
from tests.core.made import HALF_PAST, at

CHANGES = {
    "Europe/London": ("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"),
    "America/New_York": ("2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"),
    "Pacific/Auckland": ("2026-04-04T14:00:00Z", "2026-09-26T14:00:00Z"),
}
"""The instants at which the clocks change, from the laws of these countries."""

HOUR = timedelta(hours=1)

near_a_change = st.sampled_from(
    [(zone, Instant.parse(text)) for zone, both in CHANGES.items() for text in both]
).flatmap(
    lambda change: st.tuples(
        st.just(change[0]),
        st.one_of(st.sampled_from([0, -1, 1, 3599, 3600, 3601]), st.integers(-7201, 7201)).map(
            lambda seconds: change[1] + timedelta(seconds=seconds)
        ),
    )
)


def shown_at(wall: datetime, zone: str) -> set[Instant]:
    """Every instant at which the clock of this zone shows this; found by looking at the clock."""
    middle = Instant.combine(wall.date(), wall.time(), UTC)
    around = (middle + timedelta(minutes=30 * n) for n in range(-28, 29))
    return {instant for instant in around if at_local(instant, zone).replace(tzinfo=None) == wall}


@given(near_a_change)
def test_every_time_near_a_clock_change_is_one_instant_or_refused(
    place: tuple[str, Instant],
) -> None:
    zone, instant = place
    wall = at_local(instant, zone).replace(tzinfo=None)
    for shifted in (wall, wall + HOUR, wall - HOUR):
        meant = shown_at(shifted, zone)
        text = f"{shifted:%Y-%m-%d %H:%M:%S} {zone}"
        if len(meant) == 1:
            assert {
                read_opens(text, zone="UTC").instant(Instant.parse("2026-01-01T00:00Z"))
            } == meant
        else:
            with pytest.raises(AmbiguousTime if meant else NoSuchTime, match="--opens"):
                read_opens(text, zone="UTC")


@given(near_a_change)
def test_in_utc_no_time_is_ever_refused_for_a_clock_change(place: tuple[str, Instant]) -> None:
    instant = place[1]
    text = f"{instant:%Y-%m-%d %H:%M:%S} UTC"
    assert read_opens(text, zone=place[0]).instant(instant - HOUR) == instant


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-01 09:30 Europe/London", "2026-12-01T09:30:00Z"),
        ("2026-07-01 09:30 Europe/London", "2026-07-01T08:30:00Z"),
        ("2026-12-01 09:30:15 UTC", "2026-12-01T09:30:15Z"),
        ("2026-12-01 08:30 America/New_York", "2026-12-01T13:30:00Z"),
        ("2026-12-01 10:45 Pacific/Auckland", "2026-11-30T21:45:00Z"),
        (" 2026-12-01  09:30   Europe/London ", "2026-12-01T09:30:00Z"),
    ],
)
def test_a_time_is_read_as_a_person_writes_it(text: str, utc: str) -> None:
    when = read_opens(text, zone="Europe/London")
    assert when.instant(Instant.parse("2026-01-01T00:00:00Z")) == Instant.parse(utc)
    assert when.zone == text.split()[-1]


@pytest.mark.parametrize("text", ["now", " Now "])
def test_now_is_the_instant_at_which_it_is_asked(text: str) -> None:
    when = read_opens(text, zone="Europe/London")
    assert when.promised is None
    assert when.instant(HALF_PAST) == HALF_PAST


def test_the_last_instant_before_t_is_in_time_and_t_itself_is_not() -> None:
    when = read_opens("2026-12-01 09:30 Europe/London", zone="UTC")
    assert when.instant(at(-0.000001)) == HALF_PAST
    for late in (HALF_PAST, at(0.000001)):
        with pytest.raises(ScheduleRefused, match="expected a time to come, found one 0 s ago"):
            when.instant(late)


def test_a_time_is_told_in_its_zone_and_in_utc() -> None:
    summer = Instant.parse("2026-07-01T08:30:00Z")
    assert told(summer, "Europe/London") == (
        "2026-07-01 09:30 Europe/London (2026-07-01 08:30:00 UTC)"
    )
    assert told(summer, "UTC") == "2026-07-01 08:30:00 UTC"
    assert told_in(at(0.9), "Europe/London") == "2026-12-01 09:30 Europe/London"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3605, "1 h"),
        (3660, "1 h 1 min"),
        (86400, "1 day"),
        (3 * 86400 + 7260, "3 days 2 h"),
    ],
)
def test_a_span_is_told_by_its_two_largest_units(seconds: float, words: str) -> None:
    assert span(timedelta(seconds=seconds)) == words
