from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import SigningKey, parse
from ninethirty.core.errors import Malformed, OlderOrder, OrderRefused, SealBroken, WrongKey
from ninethirty.core.sighting import View
from ninethirty.core.times import Instant
from ninethirty.core.watch import (
    OPENED_KEY,
    ORDER,
    Part,
    Policy,
    Sort,
    WatchOrder,
    check_newer,
    interval,
    read_key,
    read_order,
    write_key,
    write_order,
)
from tests.core.made import (
    ALONE,
    HALF_PAST,
    KEY,
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
FULLEST = replace(
    order(
        None,
        replace(
            PLATFORM,
            page=replace(PLATFORM.page, previous="keyed"),
            files=(replace(PLATFORM.files[0], size_bytes=100),),
            listings=(Part("listing:1", "https://example.org/all"),),
            notices=(Part("notice:1", "https://example.org/feed"),),
        ),
    ),
    controls=(
        Part("platform:1", "https://example.org/old"),
        Part("unrelated:1", "https://example.net/"),
    ),
    platform="govuk",
    key_url="https://statistics.example/watch-key/gdp.json",
)

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
    "one", [FULL, FULLEST, order(ALONE), order(Policy(seconds(7), seconds(8), 5, 4, 3))]
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


def test_a_part_tells_by_its_name_what_it_is() -> None:
    (announced,) = FULLEST.channels
    parts = [*announced.parts, *announced.notices, *FULLEST.controls]
    assert [part.sort for part in parts] == [
        Sort.PAGE, Sort.FILE, Sort.LISTING, Sort.NOTICE, Sort.PLATFORM, Sort.UNRELATED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": Part("data.csv", "u")},
        {"files": (Part("page", "u"),)},
        {"files": (Part("odd:1", "u"),)},
        {"files": (Part("a", "u"), Part("a", "v"))},
        {"listings": (Part("notice:1", "u"),)},
        {"notices": (Part("data.csv", "u"),)},
    ],
)
def test_a_part_with_a_name_that_is_not_its_own_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OrderRefused):
        replace(PLATFORM, **wrong)


def test_a_control_is_of_the_platform_or_of_somebody_else() -> None:
    with pytest.raises(OrderRefused, match="control: 'page' is not the name of a platform or"):
        replace(FULL, controls=(Part("page", "u"),))


@pytest.mark.parametrize("phrase", ["", " \n"])
def test_an_empty_placeholder_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(OrderRefused, match="would find a placeholder on every page"):
        replace(FULL, placeholder=("coming soon", phrase))


@pytest.mark.parametrize(
    ("first", "second", "match"),
    [
        (60.001, 120, "first grace is 60.001 s; it may be from 0 to 60 s"),
        (60, 120.001, "second grace is 120.001 s; it may be from 60 to 120 s"),
        (20, 19, "second grace is 19 s; it may be from 20 to 120 s"),
        (-1, 60, "first grace is -1 s"),
    ],
)
def test_a_grace_that_would_teach_the_alarm_to_sleep_is_refused(
    first: float, second: float, match: str
) -> None:
    with pytest.raises(OrderRefused, match=match):
        Policy(seconds(first), seconds(second))
    assert Policy(seconds(60), seconds(120)) == Policy(seconds(60), seconds(120))


@pytest.mark.parametrize("quorum", ["witnesses", "agree", "networks"])
def test_a_quorum_of_nobody_is_refused(quorum: str) -> None:
    with pytest.raises(OrderRefused, match="one witness and one network at least"):
        replace(Policy(), **{quorum: 0})  # type: ignore[arg-type]


def test_a_refused_order_is_refused_even_when_signed() -> None:
    body = parse(write_order(FULL, DESK))["body"]
    with pytest.raises(OrderRefused):
        read_order(DESK.sign(ORDER, {**body, "placeholder": [""]}), DESK.public)


def test_an_order_played_back_is_refused() -> None:
    older = replace(FULL, issued=FULL.issued - timedelta(microseconds=1))
    with pytest.raises(OlderOrder, match=r"gdp: the order in force was issued 2026-12-01T07:30"):
        check_newer(older, FULL)
    check_newer(FULL, older)
    check_newer(FULL, FULL)
    check_newer(older, None)
    check_newer(older, replace(FULL, release="cpi"))


def test_the_key_reads_back_for_its_own_release_alone() -> None:
    given = write_key("gdp", KEY, DESK)
    assert read_key(given, DESK.public, "gdp") == KEY
    with pytest.raises(Malformed, match="the key is for gdp, expected cpi"):
        read_key(given, DESK.public, "cpi")
    with pytest.raises(WrongKey):
        read_key(given, SigningKey.read("22" * 32).public, "gdp")
    with pytest.raises(Malformed, match="expected a watch key"):
        read_key(write_order(FULL, DESK), DESK.public, "gdp")


@pytest.mark.parametrize("body", [{}, {"release": "gdp"}, {"release": "gdp", "key": "x"}, []])
def test_what_is_not_a_key_is_refused_even_when_signed(body: Any) -> None:
    with pytest.raises(Malformed, match="not a watch key"):
        read_key(DESK.sign(OPENED_KEY, body), DESK.public, "gdp")


def test_in_the_days_after_a_fix_what_is_settled_is_looked_at_more_often() -> None:
    after = replace(FULL, after_fix=FULL.opens + timedelta(days=5))
    announced = after.channels[0]

    def pause(order: WatchOrder, days: float) -> timedelta | None:
        now = order.opens + timedelta(days=days)
        return interval(order, announced, View.USER, now, settled=True)

    assert (pause(FULL, 1), pause(after, 1)) == (seconds(60), seconds(30))
    assert pause(after, 5) == seconds(60)
    assert after.harder(after.opens)
    assert not FULL.harder(after.opens)


def test_an_order_from_before_fixes_were_watched_still_reads() -> None:
    after = replace(FULL, after_fix=FULL.opens + timedelta(days=5))
    assert read_order(write_order(after, DESK), DESK.public) == after
    body = parse(write_order(after, DESK))["body"]
    del body["after_fix"]
    assert read_order(DESK.sign(ORDER, body), DESK.public) == FULL
