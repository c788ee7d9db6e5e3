from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import SigningKey, parse
from ninethirty.core.errors import Malformed, SealBroken, WrongKey
from ninethirty.core.sighting import View
from ninethirty.core.times import Instant
from ninethirty.core.watch import ORDER, Policy, interval, read_order, write_order
from tests.core.made import (
    ALONE,
    HALF_PAST,
    at,
    channel,
    instants_near,
    order,
    seconds,
    with_a_bit_flipped,
)

DESK = SigningKey.read("11" * 32)
PLATFORM = channel()
OURS = channel("alternate", quiet=timedelta(0), cache_busting=False)
FULL = order(None, PLATFORM, OURS)

near = instants_near(HALF_PAST, timedelta(minutes=15))
views = st.sampled_from(View)
settled = st.booleans()


def every(name: str, offset: float, *, view: View = View.USER, settled: bool = False) -> Any:
    pause = interval(FULL, FULL.channel(name), view, at(offset), settled=settled)
    return pause.total_seconds() if pause else None


@given(near, settled)
def test_nobody_asks_a_platform_as_a_user_would_before_the_instant(
    now: Instant, settled: bool
) -> None:
    if now < HALF_PAST:
        assert interval(FULL, PLATFORM, View.USER, now, settled=settled) is None


@given(near, views)
def test_everybody_asks_as_a_user_would_from_the_instant_on(now: Instant, view: View) -> None:
    if now >= HALF_PAST:
        pause = interval(FULL, PLATFORM, view, now, settled=False)
        assert pause is not None


@given(near, views, settled)
def test_a_pause_between_looks_is_between_a_second_and_a_minute(
    now: Instant, view: View, settled: bool
) -> None:
    for one in (PLATFORM, OURS):
        pause = interval(FULL, one, view, now, settled=settled)
        assert pause is None or seconds(1) <= pause <= seconds(60)


@given(near, near, views)
def test_looks_grow_rarer_after_the_instant_never_more_frequent(
    one: Instant, other: Instant, view: View
) -> None:
    first, second = sorted((one, other))
    if first >= HALF_PAST:
        sooner = interval(FULL, PLATFORM, view, first, settled=False)
        later = interval(FULL, PLATFORM, view, second, settled=False)
        assert sooner is not None
        assert later is not None
        assert sooner <= later


@given(near, settled)
def test_where_no_query_passes_the_caches_nobody_tries_one(now: Instant, settled: bool) -> None:
    assert interval(FULL, OURS, View.BUSTED, now, settled=settled) is None


def test_a_platform_is_watched_for_leaks_past_its_caches_only() -> None:
    assert every("announced", -1, view=View.BUSTED) == 5
    assert every("announced", -3600, view=View.BUSTED) == 5


def test_our_own_gate_is_watched_closely_in_the_last_seconds() -> None:
    assert every("alternate", -11) == 5
    assert every("alternate", -10) == 1
    assert every("alternate", -0.000_001) == 1


def test_looks_are_a_second_apart_at_the_instant_and_grow_rarer() -> None:
    assert [every("announced", offset) for offset in (0, 30, 30.1, 120, 120.1, 600, 600.1)] == [
        1, 1, 2, 2, 5, 5, 15,
    ]  # fmt: skip
    assert [
        every("announced", offset, view=View.BUSTED) for offset in (0, 30, 30.1, 600, 600.1)
    ] == [1, 1, 5, 5, 15]


def test_what_is_there_is_looked_at_once_a_minute_to_see_that_it_stays() -> None:
    assert every("announced", 0, settled=True) == 60
    assert every("alternate", 3600, settled=True) == 60
    assert every("alternate", -3, settled=True) == 1


@pytest.mark.parametrize(
    "one", [FULL, order(ALONE), order(Policy(seconds(7), seconds(8), 5, 4, 3))]
)
def test_an_order_reads_back(one: Any) -> None:
    assert read_order(write_order(one, DESK), DESK.public) == one


def test_an_order_names_its_channels_and_their_parts() -> None:
    assert FULL.channel("alternate") is OURS
    assert [part.name for part in OURS.parts] == ["page", "data.csv"]
    assert [part.is_page for part in OURS.parts] == [True, False]


def test_an_order_from_a_stranger_is_refused() -> None:
    with pytest.raises(WrongKey):
        read_order(write_order(FULL, SigningKey.read("22" * 32)), DESK.public)


@pytest.mark.parametrize(
    "changed",
    [
        {"opens": "soon"},
        {"placeholder": None},
        {"channels": [{}]},
        {"channels": [7]},
        {"policy": {}},
        {"policy": None},
        {
            "policy": {
                "provisional_after_ms": 10**18,
                "confirmed_after_ms": 1,
                "witnesses": 1,
                "agree": 1,
                "networks": 1,
            }
        },
    ],
)
def test_what_is_not_an_order_is_refused_even_when_signed(changed: dict[str, Any]) -> None:
    body = parse(write_order(FULL, DESK))["body"]
    with pytest.raises(Malformed, match="not a watch order"):
        read_order(DESK.sign(ORDER, {**body, **changed}), DESK.public)
    with pytest.raises(Malformed, match="not a watch order"):
        read_order(DESK.sign(ORDER, {"release": "gdp"}), DESK.public)


ORDER_BYTES = write_order(FULL, DESK)


def test_a_changed_bit_anywhere_in_an_order_is_refused() -> None:
    for changed in with_a_bit_flipped(ORDER_BYTES):
        with pytest.raises((Malformed, WrongKey, SealBroken)):
            read_order(changed, DESK.public)
