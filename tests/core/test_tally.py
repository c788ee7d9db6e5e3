from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.punctuality import TOLERANCES, UNKNOWN, Figures, Kept, Lag, Source
from ninethirty.core.tally import (
    Account,
    Bounds,
    Day,
    Tally,
    account,
    grouped,
    measure,
    surely_within,
)
from ninethirty.core.tally import figures as figures_of
from ninethirty.core.times import Instant
from tests.core.made import HALF_PAST, lag, seconds

NONE, MINUTE, FIVE = TOLERANCES


def kept(found: Lag, **more: Any) -> Kept:
    one = Kept("release/gdp", "gdp", "office", "platform", HALF_PAST, found, found)
    return replace(one, **more)


def figures(kept: list[Kept]) -> Figures:
    """Counted one by one, and all at once: it is the same."""
    tally = Tally()
    for one in kept:
        tally.add(one)
    assert tally.figures() == figures_of([measure(n, one) for n, one in enumerate(kept)])
    return tally.figures()


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


lags_of = st.one_of(
    st.sampled_from([UNKNOWN, lag(0, None), lag(None, -600), lag(-700, -600)]),
    st.tuples(st.integers(-5, 500), st.integers(0, 500)).map(lambda t: lag(t[0], t[0] + t[1])),
)


@given(st.lists(lags_of), st.sampled_from(TOLERANCES))
def test_counts_are_those_of_the_releases_one_by_one(found: list[Lag], tolerance: Any) -> None:
    told = figures([kept(one) for one in found])
    assert told.early == sum(one.early for one in found)
    assert told.unseen == sum(one.at_most is None for one in found)
    share = told.on_time[tolerance]
    assert share.surely == sum(one.surely_within(tolerance) for one in found)
    assert share.possibly == sum(one.possibly_within(tolerance) for one in found)
    for one in found:
        row = measure(0, kept(one))
        assert surely_within(row, tolerance) == one.surely_within(tolerance)


def test_what_was_early_by_a_moment_stays_early_when_it_is_rounded() -> None:
    before = Lag(None, -timedelta(microseconds=1))
    assert measure(0, kept(before)).most == -1
    assert measure(0, kept(Lag(timedelta(microseconds=1), timedelta(microseconds=1))))[6:8] == (
        0,
        1,
    )


def told_of(*all_kept: Kept) -> Account:
    rows = [measure(n, one) for n, one in enumerate(all_kept)]
    return account(rows, lambda at: Instant.of(at).date(), MINUTE)


def test_a_day_is_told_by_how_many_went_how_and_by_its_worst() -> None:
    tomorrow = HALF_PAST + timedelta(days=1)
    later = HALF_PAST + timedelta(hours=2)
    found = told_of(
        kept(lag(1, 2)),
        kept(lag(59, 90)),
        kept(lag(60, 90), promised=later, source=Source.REPORTED),
        kept(lag(None, -600), promised=tomorrow),
        kept(UNKNOWN, promised=tomorrow),
    )
    first, second = HALF_PAST.date(), tomorrow.date()
    assert found.days == {
        first: {Day.ON_TIME: 2, Day.LATE: 1},
        second: {Day.EARLY: 1, Day.UNSEEN: 1},
    }
    assert found.worst == {first: 1, second: 4}, "of two that are as bad, the earlier"
    assert found.reported == 1
    assert found.figures.releases == 5


def test_of_nothing_nothing_is_told() -> None:
    found = told_of()
    assert (found.days, found.worst, found.announced) == ({}, {}, Bounds([], []))


def test_releases_are_grouped_by_whatever_they_have() -> None:
    rows = [measure(n, kept(UNKNOWN, producer=name)) for n, name in enumerate("bab")]
    found = grouped(rows, lambda row: row.producer)
    assert {name: [row.id for row in group] for name, group in found.items()} == {
        "b": [0, 2],
        "a": [1],
    }
