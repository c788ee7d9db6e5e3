from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Kind
from ninethirty.core.punctuality import (
    TOLERANCES,
    UNKNOWN,
    Kept,
    Lag,
    Source,
    as_reported,
    figures,
    grouped,
    in_words,
    lags,
)
from ninethirty.core.times import Instant, Interval
from tests.core.made import HALF_PAST, at, fact, seconds

NONE, MINUTE, FIVE = TOLERANCES


def lag(over: float | None, at_most: float | None) -> Lag:
    return Lag(
        None if over is None else seconds(over), None if at_most is None else seconds(at_most)
    )


def kept(found: Lag, **more: Any) -> Kept:
    one = Kept("release/gdp", "gdp", "office", "platform", HALF_PAST, found, found)
    return replace(one, **more)


def test_both_lags_of_2018_come_from_the_timeline() -> None:
    facts = [
        fact(Kind.LATE, at(60)),
        fact(Kind.FIRST_SEEN, Interval(at(26 * 60), at(27 * 60)), channel="alternate"),
        fact(Kind.FIRST_SEEN, Interval(at(87 * 60), at(89 * 60)), channel="announced"),
    ]
    assert lags(facts, HALF_PAST) == (lag(26 * 60, 27 * 60), lag(87 * 60, 89 * 60))


def test_an_address_nobody_looked_at_before_gives_no_lower_bound() -> None:
    facts = [
        fact(Kind.FIRST_SEEN, Interval(None, at(5)), channel="alternate"),
        fact(Kind.FIRST_SEEN, Interval(at(1), at(2)), channel="announced"),
    ]
    assert lags(facts, HALF_PAST) == (lag(None, 2), lag(1, 2))


def test_a_moment_known_exactly_is_within_itself() -> None:
    [anywhere, _] = lags([fact(Kind.FIRST_SEEN, at(0), channel="announced")], HALF_PAST)
    assert anywhere.surely_within(NONE)
    assert anywhere.possibly_within(NONE)


def test_late_and_never_seen_is_late_by_nobody_knows_how_much() -> None:
    assert lags([fact(Kind.LATE, at(60))], HALF_PAST) == (lag(0, None), lag(0, None))
    assert not lag(0, None).possibly_within(NONE)
    assert lag(0, None).possibly_within(MINUTE)
    assert lags([], HALF_PAST) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(("decided", "by"), [(-600, -600), (5, -0.000001)])
def test_early_is_early_even_if_the_verdict_came_after_t(decided: float, by: float) -> None:
    facts = [fact(Kind.EARLY, at(decided)), fact(Kind.FIRST_SEEN, at(1), channel="announced")]
    assert lags(facts, HALF_PAST) == (lag(None, by), lag(None, by))
    assert not any(lag(None, by).possibly_within(tolerance) for tolerance in TOLERANCES)


def test_on_time_at_a_tolerance_is_said_surely_or_possibly() -> None:
    found = figures([kept(one) for one in (lag(-1, 0), lag(-1, 0.4), lag(59, 61), lag(60, 61))])
    counts = {tolerance: (s.surely, s.possibly, s.of) for tolerance, s in found.on_time.items()}
    assert counts == {NONE: (1, 2, 4), MINUTE: (2, 3, 4), FIVE: (4, 4, 4)}


def test_figures_count_early_late_and_unseen_apart() -> None:
    all_four = [kept(one) for one in (lag(None, -60), lag(60, 90), lag(0, None), UNKNOWN)]
    found = figures(all_four)
    assert (found.releases, found.early, found.late, found.unseen) == (4, 1, 2, 2)
    assert found.worst == lag(60, None)


def test_an_alternate_counts_for_anywhere_alone() -> None:
    found = figures([kept(lag(80, 90), anywhere=lag(-1, 0))])
    assert found.on_time[NONE].possibly == 0
    assert found.anywhere[NONE].surely == 1


def test_no_release_no_figure() -> None:
    found = figures([])
    assert found.releases == 0
    assert found.median == found.worst == UNKNOWN


truths = st.lists(st.integers(-7200, 7200), min_size=1, max_size=40)


@given(truths, st.data(), st.sampled_from([50, 95, 100]))
def test_the_truth_lies_within_every_figure(
    truth: list[int], data: st.DataObject, percent: int
) -> None:
    """Whatever intervals we happen to have seen around what truly happened."""
    wide = st.integers(1, 600)
    found = [
        Lag(seconds(t - data.draw(wide)), seconds(t + data.draw(st.integers(0, 600))))
        for t in truth
    ]
    place = max(-(-len(truth) * percent // 100), 1) - 1
    told = figures([kept(one) for one in found])
    middle = {50: told.median, 95: told.tail, 100: told.worst}[percent]
    assert middle.over is not None
    assert middle.at_most is not None
    assert middle.over < seconds(sorted(truth)[place]) <= middle.at_most
    for tolerance in TOLERANCES:
        sure = sum(one.surely_within(tolerance) for one in found)
        possible = sum(one.possibly_within(tolerance) for one in found)
        assert sure <= sum(seconds(t) <= tolerance for t in truth)
        assert sum(NONE <= seconds(t) <= tolerance for t in truth) <= possible


@given(st.lists(st.sampled_from([UNKNOWN, lag(0, None), lag(None, 3), lag(1, 2)])))
def test_surely_is_never_more_than_possibly(found: list[Lag]) -> None:
    for share in figures([kept(one) for one in found]).on_time.values():
        assert 0 <= share.surely <= share.possibly <= share.of == len(found)


def test_releases_are_grouped_by_whatever_they_have() -> None:
    found = grouped(
        [kept(UNKNOWN, producer="b"), kept(UNKNOWN, producer="a"), kept(UNKNOWN, producer="b")],
        lambda one: one.producer,
    )
    assert [(name, len(group)) for name, group in found.items()] == [("a", 1), ("b", 2)]


ITEM = {
    "publishing_scheduled_at": "2026-05-03T14:10:00.000+00:00",
    "scheduled_publishing_delay_seconds": 110,
}


def test_what_a_platform_says_of_itself_is_true_to_the_second_at_best() -> None:
    found = as_reported(ITEM)
    assert found == (Instant.parse("2026-05-03T14:10:00Z"), lag(109, 111))
    assert f"{Source.REPORTED}" == "as reported by the platform"


@pytest.mark.parametrize("missing", list(ITEM))
def test_an_item_that_was_not_scheduled_says_nothing(missing: str) -> None:
    assert as_reported({**ITEM, missing: None}) is None
    assert as_reported({name: told for name, told in ITEM.items() if name != missing}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"scheduled_publishing_delay_seconds": "soon"},
        {"scheduled_publishing_delay_seconds": True},
        {"publishing_scheduled_at": "yesterday"},
        {"publishing_scheduled_at": "2026-05-03T14:10:00"},
    ],
)
def test_an_item_nobody_can_read_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Malformed, match=next(iter(wrong))):
        as_reported({**ITEM, **wrong})


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (UNKNOWN, "not seen"),
        (lag(0, None), "late, and not yet seen"),
        (lag(None, -600), "early, by at least 10 minutes"),
        (lag(-1, 0), "none"),
        (lag(None, 0.3), "at most 1 second"),
        (lag(-1, 0.3), "at most 1 second"),
        (lag(87 * 60, 89 * 60), "between 87 minutes and 89 minutes"),
    ],
)
def test_a_lag_in_words(found: Lag, words: str) -> None:
    assert in_words(found) == words


def test_an_hour_of_lag_is_the_same_on_both_sides_of_a_clock_change() -> None:
    for promised in ("2026-03-27T09:30:00Z", "2026-03-30T08:30:00Z"):
        opens = Instant.parse(promised)
        seen = fact(
            Kind.FIRST_SEEN, Interval(opens, opens + timedelta(hours=1)), channel="announced"
        )
        assert lags([seen], opens)[1] == lag(0, 3600)
