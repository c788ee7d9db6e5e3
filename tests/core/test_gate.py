from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.gate import (
    HOP,
    LONGEST,
    LONGEST_ABSENT,
    WHOLE_SECOND,
    answer,
    holds_until,
    in_force,
    max_age,
    next_change,
    told_apart_by_the_second,
)
from ninethirty.core.schedule import Content, Gone, Opening
from ninethirty.core.times import Instant
from tests.core.made import (
    AFTER_CLOCKS_CHANGE,
    BEFORE_CLOCKS_CHANGE,
    HALF_PAST,
    at,
    instants_near,
    seconds,
)

SOON = Content("00" * 32, 10, "text/html; charset=utf-8")
RELEASE = Content("ab" * 32, 20, "text/html; charset=utf-8")
MICROSECOND = timedelta(microseconds=1)


def opening(moment: Instant = HALF_PAST, path: str = "/gdp") -> Opening:
    return Opening(path, moment, RELEASE)


with_a_page_before = [Opening("/gdp", at(-3600), SOON), opening()]
halves = st.sampled_from([HALF_PAST, BEFORE_CLOCKS_CHANGE, AFTER_CLOCKS_CHANGE])


@given(st.data(), halves)
def test_nothing_is_open_before_its_time(data: Any, half_past: Instant) -> None:
    now = data.draw(instants_near(half_past))
    if now < half_past:
        assert answer([opening(half_past)], now) is None
        before = [Opening("/gdp", half_past - seconds(3600), SOON), opening(half_past)]
        assert answer(before, now) == SOON


@given(st.data(), halves)
def test_nothing_old_is_answered_at_its_time_or_after(data: Any, half_past: Instant) -> None:
    now = data.draw(instants_near(half_past))
    if now >= half_past:
        before = [Opening("/gdp", half_past - seconds(3600), SOON), opening(half_past)]
        assert answer(before, now) == RELEASE


def test_the_release_is_open_at_the_instant_itself_and_not_a_microsecond_before() -> None:
    assert answer([opening()], HALF_PAST - MICROSECOND) is None
    assert answer([opening()], HALF_PAST) == RELEASE


def test_a_path_nobody_opens_is_not_there() -> None:
    assert answer([], HALF_PAST) is None
    assert next_change([], HALF_PAST) is None


def test_a_withdrawn_page_is_gone_and_a_closed_one_is_not_there() -> None:
    timeline = [opening(), Opening("/gdp", at(60), Gone("wrong")), Opening("/gdp", at(90), None)]
    assert answer(timeline, at(59)) == RELEASE
    assert answer(timeline, at(60)) == Gone("wrong")
    assert answer(timeline, at(90)) is None


def test_the_next_change_is_the_first_opening_still_to_come() -> None:
    assert next_change(with_a_page_before, at(-7200)) == at(-3600)
    assert next_change(with_a_page_before, at(-3600)) == HALF_PAST
    assert next_change(with_a_page_before, HALF_PAST - MICROSECOND) == HALF_PAST
    assert next_change(with_a_page_before, HALF_PAST) is None


def test_what_is_in_force_is_the_latest_opening_that_has_come() -> None:
    assert in_force(with_a_page_before, at(-7200)) is None
    assert in_force(with_a_page_before, HALF_PAST - MICROSECOND) is with_a_page_before[0]
    assert in_force(with_a_page_before, HALF_PAST) is with_a_page_before[1]


@pytest.mark.parametrize(
    ("first", "second", "now", "enough"),
    [
        (0, 60, -1, True),  # nothing has opened
        (0, 60, 0, True),  # there was nothing before
        (0, 60, 60, True),
        (0.2, 0.7, 0.5, True),
        (0.2, 0.7, 0.7, False),
        (0, 0.999_999, 1, False),
        (0.999_999, 1, 1, True),
    ],
)
def test_a_date_in_whole_seconds_tells_openings_apart_unless_they_share_one(
    first: float, second: float, now: float, enough: bool
) -> None:
    timeline = [opening(at(first)), opening(at(second))]
    assert told_apart_by_the_second(timeline, at(now)) is enough


timelines = st.lists(instants_near(HALF_PAST), max_size=6, unique=True).map(
    lambda moments: [
        Opening("/gdp", moment, Content(f"{n:064x}", 1, "text/plain"))
        for n, moment in enumerate(sorted(moments))
    ]
)


@given(timelines, instants_near(HALF_PAST))
def test_an_answer_is_true_until_the_next_change(timeline: Sequence[Opening], now: Instant) -> None:
    change = next_change(timeline, now)
    until = change - MICROSECOND if change else at(3600)
    assert answer(timeline, until) == answer(timeline, now)
    if change:
        assert change > now
        assert answer(timeline, change) != answer(timeline, now)


@given(
    instants_near(HALF_PAST, timedelta(seconds=90)),
    instants_near(HALF_PAST, timedelta(seconds=90)),
    st.booleans(),
    st.integers(0, 300_000),
)
def test_no_cache_that_counts_whole_seconds_keeps_an_answer_across_a_change(
    now: Instant, change: Instant, absent: bool, hop_microseconds: int
) -> None:
    lifetime = max_age(now, change, absent=absent)
    if lifetime:
        arrived = now + timedelta(microseconds=hop_microseconds)
        assert arrived + seconds(lifetime) + WHOLE_SECOND < change


@given(
    instants_near(HALF_PAST, timedelta(seconds=90)),
    instants_near(HALF_PAST, timedelta(seconds=90)),
    st.integers(0, 10_000),
)
def test_a_slower_hop_may_be_allowed_for(now: Instant, change: Instant, hop_ms: int) -> None:
    hop = timedelta(milliseconds=hop_ms)
    lifetime = max_age(now, change, hop=hop)
    assert lifetime == 0 or now + hop + seconds(lifetime) + WHOLE_SECOND <= change


@given(
    instants_near(HALF_PAST),
    st.none() | instants_near(HALF_PAST, timedelta(hours=1)),
    st.booleans(),
)
def test_a_lifetime_is_never_negative_and_never_over_a_minute(
    now: Instant, change: Instant | None, absent: bool
) -> None:
    assert 0 <= max_age(now, change, absent=absent) <= (5 if absent else 60)


def test_a_page_that_will_not_change_is_kept_for_a_minute_and_a_404_for_five_seconds() -> None:
    assert max_age(HALF_PAST, None) == 60
    assert max_age(HALF_PAST, None, absent=True) == 5
    assert max_age(HALF_PAST, at(86_400)) == 60
    assert max_age(HALF_PAST, at(86_400), absent=True) == 5


@pytest.mark.parametrize(
    ("left", "lifetime"),
    [(-5, 0), (0, 0), (1.5, 0), (2.499_999, 0), (2.5, 1), (3.5, 2), (61.499_999, 59), (61.5, 60),
     (62, 60)],
)  # fmt: skip
def test_a_lifetime_ends_a_second_and_a_hop_before_the_change(left: float, lifetime: int) -> None:
    assert max_age(at(-left), HALF_PAST) == lifetime


def test_the_margins_are_what_we_promise() -> None:
    assert seconds(60) == LONGEST
    assert seconds(5) == LONGEST_ABSENT
    assert seconds(0.5) == HOP
    assert seconds(1) == WHOLE_SECOND


@given(
    instants_near(HALF_PAST, timedelta(seconds=90)),
    instants_near(HALF_PAST, timedelta(seconds=90)) | st.none(),
    st.floats(0, 1, exclude_max=True),
    st.booleans(),
)
def test_what_is_said_now_may_be_said_again_until_a_word_of_it_would_change(
    now: Instant, change: Instant | None, part: float, absent: bool
) -> None:
    until = holds_until(now, change)
    assert until > now
    assert until == holds_until(now, None) or (change and now < until <= change)
    later = now + (until - now - MICROSECOND) * part
    for moment in (later, until - MICROSECOND):
        assert max_age(moment, change, absent=absent) == max_age(now, change, absent=absent)
        assert moment.replace(microsecond=0) == now.replace(microsecond=0)
        assert change is None or now >= change or moment < change


def test_what_is_said_just_before_t_may_be_said_again_until_t() -> None:
    assert holds_until(at(-0.25), HALF_PAST) == HALF_PAST
    assert holds_until(at(-0.25), at(-0.1)) == at(-0.1)
    assert holds_until(at(-1.75), HALF_PAST) == at(-1.5)
    assert holds_until(HALF_PAST, None) == at(1)


paths = st.sampled_from(["/gdp", "/cpi", "/rpi", "/no-such-page"])


@given(paths, paths, paths, instants_near(HALF_PAST))
def test_the_lifetime_of_a_404_does_not_tell_which_path_is_about_to_open(
    opens: str, asked: str, also_asked: str, now: Instant
) -> None:
    def lifetime(path: str) -> int | None:
        timelines = {opens: [opening(path=opens)]}
        if answer(timelines.get(path, []), now) is not None:
            return None
        changes = [change for t in timelines.values() if (change := next_change(t, now))]
        return max_age(now, min(changes, default=None), absent=True)

    if now < HALF_PAST:
        assert lifetime(asked) == lifetime(also_asked)
