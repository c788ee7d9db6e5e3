from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.delay import Delay, Delays, delays, drawn, duration, in_words
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, Interval, When
from tests.core.made import (
    AFTER_CLOCKS_CHANGE,
    BEFORE_CLOCKS_CHANGE,
    HALF_PAST,
    at,
    fact,
    instants_near,
    seconds,
)


def seen(channel: str, when: When, kind: Kind = Kind.FIRST_SEEN) -> Fact:
    return fact(kind, when, channel=channel)


def between(over: float, at_most: float) -> Delay:
    return Delay(seconds(over), seconds(at_most))


def test_what_was_never_seen_has_no_delay() -> None:
    assert delays([fact(Kind.LATE)], HALF_PAST) == Delays(None, None, None)


def test_the_two_delays_of_2018_are_both_kept() -> None:
    facts = [
        fact(Kind.LATE),
        seen("alternate", Interval(at(26 * 60), at(27 * 60))),
        seen("announced", Interval(at(87 * 60), at(89 * 60))),
        seen("announced", Interval(at(88 * 60), at(90 * 60)), Kind.SEEN_BY_ALL),
    ]
    assert delays(facts, HALF_PAST) == Delays(
        anywhere=between(26 * 60, 27 * 60),
        announced=between(87 * 60, 89 * 60),
        everywhere=between(88 * 60, 90 * 60),
    )


def test_an_alternate_seen_by_all_says_nothing_of_the_announced_address() -> None:
    facts = [seen("alternate", at(1)), seen("alternate", at(2), Kind.SEEN_BY_ALL)]
    assert delays(facts, HALF_PAST) == Delays(between(1, 1), None, None)


def test_the_first_address_may_have_been_either_so_the_bound_is_the_wider() -> None:
    facts = [
        seen("announced", Interval(at(5), at(15))),
        seen("alternate", Interval(at(10), at(12))),
    ]
    assert delays(facts, HALF_PAST).anywhere == between(5, 12)
    assert delays(facts[::-1], HALF_PAST).anywhere == between(5, 12)


def test_what_nobody_saw_missing_may_have_been_there_at_once() -> None:
    facts = [seen("announced", Interval(None, at(15))), seen("alternate", Interval(at(3), at(12)))]
    assert delays(facts, HALF_PAST).anywhere == between(0, 12)
    assert delays(facts, HALF_PAST).announced == between(0, 15)


def test_what_was_recorded_first_of_the_announced_address_stands() -> None:
    first, again = Interval(at(5), at(9)), Interval(at(1), at(2))
    facts = [seen("announced", when) for when in (first, again)]
    facts += [seen("announced", when, Kind.SEEN_BY_ALL) for when in (first, again)]
    assert delays(facts, HALF_PAST).announced == between(5, 9)
    assert delays(facts, HALF_PAST).everywhere == between(5, 9)


def test_public_before_the_promise_is_no_delay() -> None:
    assert delays([seen("announced", Interval(at(-5), at(-1)))], HALF_PAST).announced == (
        between(0, 0)
    )
    assert delays([seen("announced", Interval(at(-5), at(1)))], HALF_PAST).announced == (
        between(0, 1)
    )


@pytest.mark.parametrize("promised", [BEFORE_CLOCKS_CHANGE, AFTER_CLOCKS_CHANGE])
def test_a_delay_is_the_same_on_each_side_of_a_clock_change(promised: Instant) -> None:
    facts = [seen("announced", Interval(promised + seconds(1), promised + seconds(3)))]
    assert delays(facts, promised).announced == between(1, 3)


moments = instants_near(HALF_PAST)
whens = moments | st.builds(Interval, st.none() | moments, moments).filter(
    lambda when: when.after is None or when.after <= when.by
)


@given(
    st.lists(st.builds(seen, st.sampled_from(["announced", "alternate"]), whens), min_size=1),
    moments,
)
def test_a_delay_is_never_negative_and_anywhere_is_never_after_the_announced_address(
    facts: list[Fact], promised: Instant
) -> None:
    found = delays(facts, promised)
    assert found.anywhere is not None
    for delay in (found.anywhere, found.announced):
        if delay is not None:
            assert timedelta(0) <= delay.over <= delay.at_most
            assert found.anywhere.at_most <= delay.at_most
            assert found.anywhere.over <= delay.over


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        (between(0, 0), "none"),
        (between(0, 0.2), "at most 1 second"),
        (between(0.999_999, 2), "at most 2 seconds"),
        (between(1, 2), "between 1 second and 2 seconds"),
        (between(1.9, 3.1), "between 1 second and 4 seconds"),
        (between(1.2, 1.9), "2 seconds"),
        (between(2, 2), "2 seconds"),
        (between(26.5 * 60, 27 * 60), "27 minutes"),
        (between(86.5 * 60, 89 * 60), "between 86 minutes and 89 minutes"),
        (between(87 * 60, 88.5 * 60), "between 87 minutes and 89 minutes"),
        (between(179.5, 181), "between 179 seconds and 4 minutes"),
        (between(181, 241), "between 3 minutes and 5 minutes"),
        (between(180, 241), "between 3 minutes and 5 minutes"),
    ],
)
def test_a_delay_in_words(delay: Delay, words: str) -> None:
    assert in_words(delay) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 seconds"),
        (0.000_001, "1 second"),
        (1, "1 second"),
        (1.000_001, "2 seconds"),
        (179, "179 seconds"),
        (179.1, "3 minutes"),
        (180, "3 minutes"),
        (180.5, "4 minutes"),
        (240, "4 minutes"),
    ],
)
def test_a_duration_is_rounded_up_never_down(length: float, words: str) -> None:
    assert duration(seconds(length)) == words


def test_past_delays_are_drawn_beside_the_graces_and_the_longer_ones_counted() -> None:
    past = [seconds(0), seconds(10), seconds(35), seconds(59), seconds(600), None]
    assert drawn(past, seconds(20), seconds(60)) == (
        "late after 20 s, confirmed 60 s; past delays ▁▂▅▇▇! 4 of 6 longer than the first grace"
    )
    assert drawn([], seconds(20), seconds(60)) == (
        "late after 20 s, confirmed 60 s; no earlier release to draw beside them"
    )
