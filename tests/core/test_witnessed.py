"""Whose looks count."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.sighting import Family, Sighting, Sign, View
from ninethirty.core.track import Track
from ninethirty.core.verdict import Call, Judge, judge
from ninethirty.core.watch import CONTROL, Part, Policy, WatchOrder
from ninethirty.core.witnessed import Witnessed
from tests.core.made import (
    ABSENT,
    DIFFERENT,
    FAILED,
    FILE_PART,
    KEY,
    MISSES,
    PLACEHOLDER,
    RIGHT,
    at,
    channel,
    look,
    order,
    watching,
)

PLATFORM = Part("platform:1", "https://example.org/old")
ELSEWHERE = Part("unrelated:1", "https://example.net/")
CONTROLLED = replace(order(), controls=(PLATFORM, ELSEWHERE))


def tracks(
    sightings: Iterable[Sighting], what: WatchOrder = CONTROLLED, key: bytes | None = KEY
) -> list[Track]:
    seen = Witnessed(what, what.channels[0])
    seen.add(sightings)
    return seen.tracks(None, key)


def control(witness: str, offset: float, found: str, part: Part = ELSEWHERE) -> Sighting:
    return replace(look(witness, offset, found), channel=CONTROL, part=part.name)


def controls(
    witness: str, first: float, last: float, found: str, part: Part = ELSEWHERE
) -> list[Sighting]:
    return [control(witness, n, found, part) for n in range(int(first), int(last) + 1, 5)]


def test_each_witness_has_its_own_track() -> None:
    north, south = tracks([look("b", 0, RIGHT), look("a", 5, RIGHT), look("a", 1, ABSENT)])
    assert (north.witness, north.network) == ("a", "north")
    assert (south.witness, south.network) == ("b", "south")
    assert [one.started for one in north.page] == [at(1), at(5)]


def test_the_two_internet_protocols_of_a_witness_are_counted_apart() -> None:
    six = replace(look("a", 0, FAILED), family=Family.V6)
    four, other = tracks([replace(look("a", 0, RIGHT), family=Family.V4), six])
    assert (four.where, other.where) == ("north IPv4", "north IPv6")


def test_looks_at_other_releases_channels_and_unknown_parts_are_left_out() -> None:
    other = [
        replace(look("a", 0, RIGHT), channel="alternate"),
        replace(look("a", 0, RIGHT), part="unknown.csv"),
        replace(look("a", 0, RIGHT), release="cpi"),
        replace(look("a", 0, RIGHT), channel=CONTROL, part="unknown"),
    ]
    assert tracks(other) == []


def test_the_page_is_looked_at_in_two_views() -> None:
    (one,) = tracks([look("a", 0, ABSENT), look("a", 1, RIGHT, view=View.BUSTED)])
    assert [seen.started for seen in one.page] == [at(0)]
    assert [seen.started for seen in one.past_caches] == [at(1)]


def test_silence_of_a_witness_that_is_itself_offline_does_not_count() -> None:
    looks = watching("a", 20, 40, FAILED)
    (online,) = tracks([*looks, *controls("a", 0, 60, RIGHT)])
    assert online.missed_twice[0]
    (offline,) = tracks([*looks, *controls("a", 0, 60, FAILED)])
    assert offline.missed_twice[0] is None


@pytest.mark.parametrize("found", [ABSENT, DIFFERENT, PLACEHOLDER])
def test_an_answer_counts_even_if_a_control_is_silent(found: str) -> None:
    (one,) = tracks([*watching("a", 20, 40, found), *controls("a", 0, 60, FAILED)])
    assert one.missed_twice[0]


def test_a_witness_is_online_if_any_unrelated_address_answers() -> None:
    second = Part("unrelated:2", "https://example.com/")
    what = replace(CONTROLLED, controls=(ELSEWHERE, second))
    seen = [*watching("a", 20, 40, FAILED), *controls("a", 0, 60, FAILED)]
    (one,) = tracks([*seen, *controls("a", 0, 60, ABSENT, second)], what)
    assert one.missed_twice[0]


def test_a_control_looked_at_long_ago_says_nothing_of_now() -> None:
    looks = watching("a", 40, 60, FAILED)
    (one,) = tracks([*looks, control("a", 20, FAILED)])
    assert one.missed_twice[0]


def test_a_control_that_fails_just_after_a_look_tells_too() -> None:
    looks = [look("a", 20, FAILED), look("a", 22, FAILED)]
    (one,) = tracks([*looks, control("a", 19, RIGHT), control("a", 23, FAILED)])
    assert one.missed_twice[0] is None


def test_a_wall_does_not_count_where_others_get_through() -> None:
    wall = [replace(one, status=403) for one in watching("a", 20, 60, DIFFERENT)]
    assert [one.standing for one in tracks(wall)] == [{"page"}]
    walled, free = tracks([*wall, *watching("b", 20, 60, RIGHT)])
    assert (walled.standing, walled.page) == (set(), [])
    assert free.whole


def test_a_file_that_is_forbidden_to_everybody_is_missing() -> None:
    def forbidden(witness: str) -> list[Sighting]:
        seen = watching(witness, 20, 60, RIGHT)
        return [replace(one, status=403) if one.part == FILE_PART else one for one in seen]

    assert [one.standing for one in tracks([*forbidden("a"), *forbidden("b")])] == [
        {FILE_PART},
        {FILE_PART},
    ]


def test_a_wall_before_the_whole_platform_is_a_wall_against_us() -> None:
    wall = [replace(one, status=429) for one in watching("a", 20, 60, DIFFERENT)]
    whole = [replace(one, status=429) for one in controls("a", 0, 60, RIGHT, PLATFORM)]
    (one,) = tracks([*wall, *whole])
    assert one.page == []
    (one,) = tracks([*wall, *controls("a", 0, 60, RIGHT, PLATFORM)])
    assert one.page


def test_a_platform_is_down_when_its_other_pages_were_silent_twice() -> None:
    looks = watching("a", 20, 31, FAILED)
    (once,) = tracks([*looks, control("a", 30, FAILED, PLATFORM)])
    assert not once.platform_down
    (twice,) = tracks([*looks, *controls("a", 0, 30, FAILED, PLATFORM)])
    assert twice.platform_down
    (again,) = tracks(
        [*looks, *controls("a", 0, 25, FAILED, PLATFORM), control("a", 26, RIGHT, PLATFORM)]
    )
    assert not again.platform_down


def test_a_forged_challenge_counts_as_a_wall() -> None:
    wall = [replace(one, signs=(Sign.BOT_WALL,)) for one in watching("a", 20, 60, DIFFERENT)]
    walled, _ = tracks([*wall, *watching("b", 20, 60, RIGHT)])
    assert walled.page == []


# added as they come


steps = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(-40, 120),
        st.sampled_from((RIGHT, *MISSES, "walled")),
        st.sampled_from(["page", "page", FILE_PART, PLATFORM.name, ELSEWHERE.name]),
        st.sampled_from([View.USER, View.USER, View.BUSTED]),
    ),
    max_size=40,
    unique_by=lambda step: (step[0], step[1], step[3], step[4]),
)


def made(step: Any) -> Sighting:
    witness, offset, found, part, view = step
    seen = look(witness, offset, DIFFERENT if found == "walled" else found, part=part, view=view)
    if found == "walled":
        seen = replace(seen, status=429)
    return replace(seen, channel=CONTROL) if ":" in part else seen


@given(
    steps,
    st.lists(st.integers(0, 40), max_size=4),
    st.sampled_from([Policy(), Policy(witnesses=2)]),
)
def test_a_judge_told_bit_by_bit_says_what_one_told_at_once_says(
    told: list[Any], cuts: list[int], policy: Policy
) -> None:
    what = replace(order(policy), controls=(PLATFORM, ELSEWHERE))
    sightings = [made(step) for step in told]
    watched = channel()
    one = Judge(what, watched)
    ends = [*sorted(cuts), len(sightings)]
    for place, (since, until) in enumerate(zip([0, *ends], ends, strict=False)):
        one.add(sightings[since:until])
        key = KEY if place else None  # The key comes later.
        now = at((70, 20, 125)[place % 3])
        expected = judge(what, watched, sightings[:until], now, key)
        assert one.verdict(now, key) == expected


def test_a_wall_counts_until_somebody_gets_through() -> None:
    wall = [replace(one, status=403) for one in watching("a", 20, 60, DIFFERENT)]
    seen = Witnessed(CONTROLLED, CONTROLLED.channels[0])
    seen.add(wall)
    assert [one.standing for one in seen.tracks(None, KEY)] == [{"page"}]
    seen.add([look("b", 61, RIGHT)])
    walled, _ = seen.tracks(None, KEY)
    assert walled.standing == set()


def test_an_earlier_moment_can_be_judged_again() -> None:
    seen = Witnessed(CONTROLLED, CONTROLLED.channels[0])
    seen.add([look("a", 0, ABSENT), look("a", 2, RIGHT)])
    (later,) = seen.tracks(at(9), KEY)
    assert later.released == at(2.2)
    (sooner,) = seen.tracks(at(1), KEY)
    assert sooner.released is None
    assert seen.tracks(at(0.1), KEY) == []


# looks that reached nobody


def over(family: Family, sightings: Iterable[Sighting]) -> list[Sighting]:
    return [replace(one, family=family) for one in sightings]


HEALTHY = over(Family.V4, [one for w in "abc" for one in watching(w, 0, 100, RIGHT)])


@pytest.mark.parametrize("family", [Family.V4, Family.V6])
@pytest.mark.parametrize("now", [30, 95])
def test_one_connection_that_failed_does_not_object_for_ever(now: float, family: Family) -> None:
    failed = look("a", 5.5, FAILED)
    assert not failed.family
    # The controls may be on a protocol that the platform does not have.
    elsewhere = over(family, [one for w in "abc" for one in controls(w, 0, 100, RIGHT)])
    seen = [*elsewhere, *HEALTHY, failed]
    found = judge(CONTROLLED, CONTROLLED.channels[0], seen, at(now), KEY)
    assert (found.call, found.reason) == (Call.ON_TIME, "whole for 3 of 3 witnesses")


@given(st.permutations(range(5)))
def test_who_reached_nobody_looked_over_every_protocol_it_has_in_whatever_order_that_is_known(
    order_of: list[int],
) -> None:
    seen = [
        look("a", 1, FAILED),
        *over(Family.V4, [look("a", 3, RIGHT)]),
        *over(Family.V6, [look("a", 4, ABSENT)]),
        look("a", 5, FAILED),
        look("b", 6, FAILED),
    ]
    four, six, other = tracks([seen[n] for n in order_of])
    assert [one.started for one in four.page] == [at(1), at(3), at(5)]
    assert [one.started for one in six.page] == [at(1), at(4), at(5)]
    assert (four.family, six.family) == (Family.V4, Family.V6)
    assert (other.witness, other.family) == ("b", Family.NONE)


def test_a_witness_that_was_offline_does_not_count_over_any_protocol() -> None:
    offline = [look("a", 20, FAILED), control("a", 21, FAILED)]
    [seen] = tracks([*over(Family.V4, [look("a", 3, RIGHT)]), *offline])
    assert [one.started for one in seen.page] == [at(3)]
