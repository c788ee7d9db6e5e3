from datetime import timedelta

import pytest

from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Kind
from ninethirty.core.punctuality import (
    TOLERANCES,
    UNKNOWN,
    Lag,
    Source,
    as_reported,
    in_words,
    lags,
)
from ninethirty.core.times import Instant, Interval
from tests.core.made import HALF_PAST, at, fact, lag

NONE, MINUTE, FIVE = TOLERANCES


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
