from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.cause import Cause
from ninethirty.core.document import keyed
from ninethirty.core.sighting import Sighting, Sign, Trouble, View
from ninethirty.core.times import Interval
from ninethirty.core.track import SILENT_ROW
from ninethirty.core.verdict import Call, Verdict, judge, whole_for
from ninethirty.core.watch import CONTROL, Part, Policy, WatchOrder
from tests.core.made import (
    ABSENT,
    ALONE,
    DIFFERENT,
    FAILED,
    FILE_PART,
    HALF_PAST,
    KEY,
    MISSES,
    NETWORKS,
    PLACEHOLDER,
    RIGHT,
    at,
    channel,
    look,
    order,
    watching,
)

THREE = order(Policy())
SINGLE = order(ALONE)
BUSTED = View.BUSTED
G1, G2 = 20.0, 60.0
DATE = "Tue, 01 Dec 2026 09:31:40 GMT"  # T + 100 s


def verdict(
    sightings: Iterable[Sighting], now: float, what: WatchOrder = THREE, key: bytes = KEY
) -> Verdict:
    return judge(what, what.channels[0], sightings, at(now), key)


def call(sightings: Iterable[Sighting], now: float, what: WatchOrder = THREE) -> Call:
    return verdict(sightings, now, what).call


def all_see(found: str, first: float, last: float, **more: Any) -> list[Sighting]:
    return [one for w in "abc" for one in watching(w, first, last, found, **more)]


# waiting


def test_before_anything_was_seen_the_verdict_waits() -> None:
    assert verdict([], 0) == Verdict(Call.WAITING, at(0))
    assert call(all_see(ABSENT, 0, 19), 19.9) is Call.WAITING


def test_nothing_is_late_before_the_first_grace_is_over() -> None:
    assert call(all_see(ABSENT, 0, 19, every=1), G1 - 0.000_001) is Call.WAITING


# early


def test_one_witness_that_sees_the_release_before_its_time_is_enough() -> None:
    found = verdict([look("a", -60, RIGHT)], -30)
    assert (found.call, found.decided) == (Call.EARLY, at(-59.8))
    assert found.reason == "page was there before T: right (as sealed)"


def test_early_past_the_caches_is_early_too() -> None:
    assert call([look("a", -60, RIGHT, view=BUSTED)], -30) is Call.EARLY


@pytest.mark.parametrize("found", [RIGHT, DIFFERENT])
def test_anything_at_the_address_of_a_file_before_its_time_is_early(found: str) -> None:
    seen = [look("a", -60, found, part=FILE_PART), look("b", -50, found, part=FILE_PART)]
    assert call(seen, -30) is Call.EARLY
    assert call(seen[:1], -30) is (Call.EARLY if found == RIGHT else Call.WAITING)


@pytest.mark.parametrize("found", [PLACEHOLDER, ABSENT, FAILED])
@pytest.mark.parametrize("part", ["page", FILE_PART])
def test_a_coming_soon_page_or_nothing_is_not_early(found: str, part: str) -> None:
    assert call([look("a", -60, found, part=part)], -30) is Call.WAITING


def test_a_page_that_is_not_the_release_is_not_early() -> None:
    assert call([look("a", -60, DIFFERENT)], -30) is Call.WAITING


def test_the_last_second_before_its_time_could_be_our_own_clock() -> None:
    assert call([look("a", -1.2, RIGHT, took=0.199_999)], 0) is Call.EARLY
    assert call([look("a", -1.2, RIGHT, took=0.2)], 0) is Call.WAITING


def test_early_stays_early_whatever_comes_after() -> None:
    assert call([look("a", -60, RIGHT), *all_see(RIGHT, 0, 30)], 60) is Call.EARLY


@given(st.sampled_from("abcd"), st.floats(-3600, -1.3), st.sampled_from(["page", FILE_PART]))
def test_a_single_right_sighting_before_the_last_second_is_early(
    witness: str, offset: float, part: str
) -> None:
    assert call([look(witness, offset, RIGHT, part=part), *all_see(ABSENT, 0, 9)], 9) is Call.EARLY


# on time


def test_two_witnesses_in_two_networks_make_it_on_time() -> None:
    found = verdict([*watching("a", 0, 4, RIGHT), *watching("b", 1, 4, RIGHT)], 5)
    assert (found.call, found.decided) == (Call.ON_TIME, at(1.5))
    assert found.reason == "whole for 2 of 2 witnesses"


def test_it_is_on_time_even_if_the_third_witness_cannot_see() -> None:
    sightings = [*watching("a", 0, 90, RIGHT), *watching("b", 0, 90, RIGHT)]
    assert call([*sightings, *watching("c", 0, 90, FAILED)], 100) is Call.ON_TIME


def test_two_witnesses_in_one_network_are_not_enough() -> None:
    assert call([*watching("a", 0, 9, RIGHT), *watching("c", 0, 9, RIGHT)], 10) is Call.WAITING


def test_one_witness_is_not_enough() -> None:
    assert call(watching("a", 0, 9, RIGHT), 10) is Call.WAITING


def test_whole_at_the_end_of_the_first_grace_is_on_time_and_a_moment_later_is_not() -> None:
    for wait, expected in ((0.0, Call.ON_TIME), (0.000_001, Call.RECOVERED)):
        sightings = all_see(RIGHT, G1 - 0.2 + wait, 40)
        assert call(sightings, 40) is expected


def test_a_page_without_its_file_is_not_on_time() -> None:
    assert call(all_see(RIGHT, 0, 19, file=ABSENT), 19) is Call.WAITING


# late


def test_it_is_provisionally_late_when_three_witnesses_missed_it_twice_after_the_first_grace() -> (
    None
):
    sightings = all_see(ABSENT, 0, 24)
    found = verdict(sightings, 25)
    assert (found.call, found.decided) == (Call.LATE_PROVISIONAL, at(22.2))
    assert found.reasons == (
        "whole for 0 of 3 witnesses",
        "page on north, south: http-404 (not found)",
    )
    assert call(sightings, 22.19) is Call.WAITING


def test_it_is_late_when_three_witnesses_missed_it_twice_after_the_second_grace() -> None:
    sightings = all_see(ABSENT, 0, 70)
    found = verdict(sightings, 70)
    assert (found.call, found.decided) == (Call.LATE, at(62.2))
    assert found.reasons == (
        "whole for 0 of 3 witnesses",
        "page on north, south: http-404 (not found)",
    )
    assert call(sightings, 62.19) is Call.LATE_PROVISIONAL


def test_three_witnesses_in_one_network_do_not_make_it_late() -> None:
    sightings = [replace(one, network="north") for one in all_see(ABSENT, 0, 70)]
    assert call(sightings, 75) is Call.WAITING


def test_two_witnesses_do_not_make_it_late() -> None:
    sightings = [*watching("a", 0, 70, ABSENT), *watching("b", 0, 70, ABSENT)]
    assert call(sightings, 75) is Call.WAITING


def test_a_look_begun_before_the_grace_was_over_does_not_count() -> None:
    sightings = [look(w, offset, FAILED, took=3) for w in "abc" for offset in (19.9, 20)]
    assert call(sightings, 24) is Call.WAITING


@pytest.mark.parametrize("found", [PLACEHOLDER, ABSENT, FAILED])
def test_late_stays_late_until_it_recovers(found: str) -> None:
    sightings = all_see(found, 0, 70)
    assert call(sightings, 70) is Call.LATE
    assert call([*sightings, *all_see(RIGHT, 72, 75)], 75) is Call.LATE
    assert call([*sightings, *all_see(RIGHT, 72, 80)], 80) is Call.RECOVERED


def test_what_somebody_saw_before_is_not_simply_late() -> None:
    sightings = [look("d", 5, RIGHT), *all_see(ABSENT, 0, 90)]
    assert call(sightings, 24) is Call.WAITING
    assert call(sightings, 90) is Call.PARTIAL


def test_what_somebody_saw_at_the_very_moment_is_not_confirmed_late() -> None:
    sightings = all_see(ABSENT, 0, 63)
    assert call([*sightings, look("d", 62, RIGHT, took=0.200_001)], 63) is Call.LATE
    assert call([*sightings, look("d", 62, RIGHT, took=0.2)], 63) is Call.LATE_PROVISIONAL


# wrong


def test_a_page_that_is_not_what_was_sealed_is_wrong() -> None:
    found = verdict(all_see(DIFFERENT, 0, 70), 70)
    assert (found.call, found.decided) == (Call.WRONG, at(62.2))
    assert found.reasons[0] == "a page is there, but it is not what was sealed"


def test_one_look_without_an_answer_does_not_hide_that_the_page_is_wrong() -> None:
    assert call([*all_see(DIFFERENT, 0, 68), look("a", 69, FAILED)], 75) is Call.WRONG
    assert call([*all_see(DIFFERENT, 0, 66), *watching("d", 0, 70, FAILED)], 75) is Call.LATE


def test_a_wrong_page_for_some_and_none_for_others_is_late() -> None:
    sightings = [*watching("a", 0, 70, DIFFERENT), *watching("b", 0, 70, DIFFERENT)]
    assert call([*sightings, *watching("c", 0, 70, ABSENT)], 70) is Call.LATE


def test_a_witness_that_never_saw_the_page_keeps_it_from_being_called_wrong() -> None:
    sightings = [*all_see(DIFFERENT, 0, 70), look("d", 60, DIFFERENT, part=FILE_PART)]
    assert call(sightings, 70) is Call.LATE


def test_a_wrong_file_is_wrong() -> None:
    found = verdict(all_see(RIGHT, 0, 40, file=DIFFERENT), 40)
    assert (found.call, found.decided) == (Call.WRONG, at(30.5))
    assert found.reason == (
        "data.csv on north, south: hash-mismatch (another file than was sealed)"
    )


def test_wrong_stays_wrong_until_it_recovers() -> None:
    sightings = all_see(RIGHT, 0, 40, file=DIFFERENT)
    mended = [*sightings, *all_see(RIGHT, 42, 45)]
    found = verdict(mended, 45)
    assert (found.call, found.reason) == (Call.WRONG, "right again, not yet three rounds running")
    assert call([*mended, *all_see(RIGHT, 46, 50)], 50) is Call.RECOVERED


# partial


def test_a_missing_file_is_partial() -> None:
    found = verdict(all_see(RIGHT, 0, 40, file=ABSENT), 40)
    assert (found.call, found.decided) == (Call.PARTIAL, at(30.5))
    assert found.reason == "data.csv on north, south: http-404 (not found)"


def test_a_missing_file_is_not_partial_before_it_was_missed_for_ten_seconds() -> None:
    sightings = all_see(RIGHT, 0, 40, file=ABSENT)
    assert call(sightings, 30.49) is Call.WAITING


def test_one_witness_that_misses_a_file_does_not_make_it_partial() -> None:
    sightings = [*watching("a", 25, 60, RIGHT, file=ABSENT), *watching("b", 25, 60, RIGHT)]
    assert call(sightings, 60) is Call.WAITING


def test_there_in_one_region_and_not_in_others_is_partial_and_the_networks_are_named() -> None:
    sightings = [
        *watching("a", 0, 70, RIGHT),
        *watching("b", 0, 70, PLACEHOLDER),
        *watching("d", 0, 70, PLACEHOLDER),
    ]
    found = verdict(sightings, 70)
    assert (found.call, found.decided) == (Call.PARTIAL, at(30.2))
    assert found.reason == "page on south, west: coming-soon (the platform's placeholder)"


def test_a_page_without_its_file_in_one_region_and_no_page_in_others_is_partial() -> None:
    sightings = [
        *watching("a", 0, 100, RIGHT, file=ABSENT),
        *watching("b", 0, 100, PLACEHOLDER),
        *watching("c", 0, 100, PLACEHOLDER),
    ]
    found = verdict(sightings, 100)
    assert found.call is Call.PARTIAL
    assert found.reasons == (
        "page on north, south: coming-soon (the platform's placeholder)",
        "data.csv on north: http-404 (not found)",
    )


def test_it_is_not_recovered_while_one_region_still_has_the_old_page() -> None:
    sightings = [
        *watching("a", 0, 600, RIGHT),
        *watching("b", 0, 300, PLACEHOLDER),
        *watching("b", 302, 600, RIGHT),
        *watching("d", 0, 600, PLACEHOLDER),
    ]
    found = verdict(sightings, 600)
    assert (found.call, found.reason) == (
        Call.PARTIAL,
        "page on west: coming-soon (the platform's placeholder)",
    )
    assert call([*sightings, *watching("d", 602, 610, RIGHT)], 611) is Call.RECOVERED


def test_a_release_that_spreads_within_seconds_is_not_partial() -> None:
    sightings = all_see(ABSENT, 0, 40)
    sightings += [*watching("a", 41, 60, RIGHT), *watching("b", 42, 60, ABSENT)[:8]]
    assert call(sightings, 49) is Call.LATE_PROVISIONAL
    assert call([*sightings, *watching("b", 51, 60, RIGHT), *watching("c", 43, 60, RIGHT)], 60) is (
        Call.RECOVERED
    )


def test_taken_away_again_before_enough_had_seen_it_is_partial() -> None:
    sightings = [look("a", 3, RIGHT), *all_see(ABSENT, 4, 90)]
    assert call(sightings, 90) is Call.PARTIAL


# recovered


def test_there_before_lateness_was_confirmed_is_recovered_after_three_rounds() -> None:
    sightings = [*all_see(ABSENT, 0, 28), *all_see(RIGHT, 30, 50)]
    found = verdict(sightings, 50)
    assert (found.call, found.decided) == (Call.RECOVERED, at(36.2))
    assert found.reason == "everything right for every witness, three rounds running"
    assert call(sightings, 36.19) is Call.LATE_PROVISIONAL


def test_it_has_recovered_when_the_last_witness_has_seen_three_rounds() -> None:
    sightings = [*all_see(ABSENT, 0, 70)]
    for witness, first in (("a", 72), ("b", 80), ("c", 90)):
        sightings += watching(witness, first, 100, RIGHT)
    found = verdict(sightings, 100)
    assert (found.call, found.decided) == (Call.RECOVERED, at(96.2))
    assert call(sightings, 96.19) is Call.LATE


def test_it_has_not_recovered_while_a_fourth_witness_still_misses_it() -> None:
    sightings = [*all_see(ABSENT, 0, 70), *all_see(RIGHT, 72, 100)]
    assert call([*sightings, *watching("d", 0, 100, ABSENT)], 100) is Call.LATE


def test_a_witness_that_fell_silent_does_not_keep_the_release_late_for_ever() -> None:
    sightings = [*all_see(ABSENT, 0, 70), *watching("d", 0, 70, ABSENT)]
    sightings += all_see(RIGHT, 72, 300, every=4)
    silent = 180 + 70.5  # the last look of the fourth witness ended at 70.5
    up_to = [one for one in sightings if one.ended <= at(silent)]
    assert call(up_to, silent) is Call.LATE
    assert call(sightings, 300) is Call.RECOVERED


def test_the_same_evidence_judged_a_year_later_says_the_same() -> None:
    sightings = [*all_see(ABSENT, 0, 70), *all_see(RIGHT, 72, 100)]
    still_late = [*sightings, *watching("d", 0, 100, ABSENT)]
    year = timedelta(days=365).total_seconds()
    for evidence in (sightings, still_late):
        assert verdict(evidence, 101) == verdict(evidence, year)


def test_two_witnesses_are_not_enough_for_a_recovery() -> None:
    sightings = all_see(ABSENT, 0, 70) + all_see(RIGHT, 72, 300, every=4)
    without_c = [one for one in sightings if one.witness != "c" or one.started < at(70)]
    assert call(without_c, 300) is Call.LATE


def test_witnesses_in_one_network_are_not_enough_for_a_recovery() -> None:
    sightings = [replace(one, network="north") for one in all_see(RIGHT, 30, 60)]
    assert call(sightings, 60) is Call.WAITING


def test_it_has_not_recovered_while_a_request_past_the_caches_fails() -> None:
    sightings = all_see(ABSENT, 0, 70) + all_see(RIGHT, 72, 100)
    assert call([*sightings, look("a", 99, ABSENT, view=BUSTED)], 100) is Call.LATE
    assert call([*sightings, look("a", 99, RIGHT, view=BUSTED)], 100) is Call.RECOVERED


# blind


def test_with_too_few_witnesses_we_are_blind() -> None:
    sightings = [*watching("a", 0, 95, ABSENT), *watching("b", 0, 95, ABSENT)]
    assert call(sightings, 89.9) is Call.WAITING
    found = verdict(sightings, 90)
    assert (found.call, found.decided) == (Call.UNKNOWN, at(90))
    assert found.reason == "2 of 3 witnesses can see"


def test_with_no_witness_at_all_we_are_blind() -> None:
    assert verdict([], 90).reason == "0 of 3 witnesses can see"
    assert verdict([], 90).call is Call.UNKNOWN


def test_with_all_witnesses_in_one_network_we_are_blind() -> None:
    sightings = [replace(one, network="north") for one in all_see(ABSENT, 0, 95)]
    assert call(sightings, 95) is Call.UNKNOWN


def test_a_witness_that_has_not_looked_at_the_page_since_the_instant_cannot_see() -> None:
    sightings = [*watching("a", 0, 95, RIGHT), look("b", -60, ABSENT, view=BUSTED)]
    sightings += [look("c", 50, ABSENT, part=FILE_PART)]
    assert verdict(sightings, 95).reason == "1 of 3 witnesses can see"
    at_the_instant = look("c", 0, ABSENT)
    assert verdict([*sightings, at_the_instant], 95).reason == "2 of 3 witnesses can see"


def test_witnesses_that_have_all_fallen_silent_cannot_see() -> None:
    sightings = all_see(ABSENT, 0, 15)
    last = 14.5  # when the last look ended
    assert verdict(sightings, last + 180).reasons[0] == (
        "the witnesses disagree: whole for 0 of 3 witnesses"
    )
    assert verdict(sightings, last + 180.001).reason == "0 of 3 witnesses can see"


def test_witnesses_that_cannot_agree_are_shown_to_a_person_not_waited_for_for_ever() -> None:
    sightings = [
        *watching("a", 0, 300, RIGHT),
        *watching("c", 0, 300, RIGHT),
        *watching("b", 0, 300, ABSENT),
    ]
    found = verdict(sightings, 300)
    assert (found.call, found.decided) == (Call.UNKNOWN, at(300))
    assert found.reasons[0] == "the witnesses disagree: whole for 2 of 3 witnesses"


def test_a_late_release_that_one_witness_still_misses_is_shown_to_a_person() -> None:
    sightings = [one for w in "abd" for one in watching(w, 25, 300, RIGHT)]
    sightings += watching("c", 25, 300, FAILED)
    assert verdict(sightings, 300).reasons == (
        "the witnesses disagree: whole for 3 of 4 witnesses",
        "page on north: timeout (not answered in time)",
    )


def test_a_late_release_waits_for_its_three_rounds() -> None:
    sightings = [one for w in "abc" for one in watching(w, 25, 150, RIGHT, every=60)]
    found = verdict(sightings, 100)
    assert (found.call, found.decided) == (Call.WAITING, at(100))
    assert found.reason == "whole for 3 of 3 witnesses; not yet three rounds running"
    assert call([*sightings, *all_see(RIGHT, 205, 206)], 206) is Call.RECOVERED


# who may testify


@pytest.mark.parametrize(("offset", "expected"), [(250, Call.EARLY), (251, Call.WAITING)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_witness_whose_clock_is_off_abstains(offset: int, expected: Call, sign: int) -> None:
    assert call([look("a", -60, RIGHT, clock_offset_ms=sign * offset)], -30) is expected


def test_whose_clock_is_off_is_named_when_too_few_can_see() -> None:
    seen = [look("a", 0, RIGHT), *(look("b", n, RIGHT, clock_offset_ms=300) for n in (200, 1))]
    assert verdict(seen, 90).reasons == ("1 of 3 witnesses can see", "the clock of b is off")
    assert verdict(all_see(RIGHT, 0, 30) + seen, 30).call is Call.ON_TIME
    assert "off" not in verdict([look("c", 300, RIGHT, clock_offset_ms=300)], 90).reason


def test_what_was_seen_after_now_is_not_known_yet() -> None:
    sightings = [*watching("a", 0, 9, RIGHT), *watching("b", 0, 9, RIGHT)]
    assert call(sightings, 0.499) is Call.WAITING
    assert call(sightings, 0.5) is Call.ON_TIME


def test_what_was_seen_of_another_release_does_not_count() -> None:
    sightings = [replace(one, release="cpi") for one in all_see(RIGHT, -60, 9)]
    assert call(sightings, 9) is Call.WAITING


def test_without_the_key_nothing_is_right() -> None:
    assert verdict(all_see(RIGHT, 0, 9), 9, key=b"wrong").call is Call.WAITING


# a single witness, if the policy says so


def test_a_single_witness_decides_alone_if_the_policy_says_so() -> None:
    assert call(watching("a", 0, 9, RIGHT), 9, SINGLE) is Call.ON_TIME
    assert call(watching("a", 0, 24, ABSENT), 24, SINGLE) is Call.LATE_PROVISIONAL
    assert call(watching("a", 0, 70, ABSENT), 70, SINGLE) is Call.LATE
    assert call(watching("a", 0, 70, RIGHT, file=ABSENT), 70, SINGLE) is Call.PARTIAL
    assert call(watching("a", 0, 70, RIGHT, file=DIFFERENT), 70, SINGLE) is Call.WRONG
    recovered = [*watching("a", 0, 70, ABSENT), *watching("a", 72, 80, RIGHT)]
    assert call(recovered, 80, SINGLE) is Call.RECOVERED
    assert call([], 90, SINGLE) is Call.UNKNOWN


# is it whole in these sightings


def test_an_address_is_verified_when_enough_witnesses_found_every_part_right() -> None:
    sightings = [*watching("a", 62, 63, RIGHT), *watching("b", 64, 65, RIGHT)]
    assert whole_for(THREE, channel(), sightings, KEY) == at(64.5)
    assert whole_for(SINGLE, channel(), sightings, KEY) == at(62.5)


def test_an_address_is_not_verified_by_a_witness_whose_clock_is_off() -> None:
    good, off = watching("a", 62, 63, RIGHT), watching("b", 64, 65, RIGHT)
    assert whole_for(THREE, channel(), [*good, *off], KEY)
    off = [replace(sighting, clock_offset_ms=251) for sighting in off]
    assert whole_for(THREE, channel(), [*good, *off], KEY) is None


@pytest.mark.parametrize("found", MISSES)
def test_an_address_that_lacks_a_part_is_not_verified(found: str) -> None:
    sightings = [*watching("a", 62, 63, RIGHT), *watching("b", 64, 65, RIGHT, file=found)]
    assert whole_for(THREE, channel(), sightings, KEY) is None


def test_an_address_seen_from_one_network_only_is_not_verified() -> None:
    sightings = [*watching("a", 62, 63, RIGHT), *watching("c", 64, 65, RIGHT)]
    assert whole_for(THREE, channel(), sightings, KEY) is None


# cause, and when it heals


def with_busted(found: str, sightings: list[Sighting]) -> list[Sighting]:
    return [*sightings, *(look(w, 65, found, view=BUSTED) for w in "abc")]


def stale(age: int) -> dict[str, str]:
    return {"Cache-Control": "max-age=1800", "Age": str(age), "Date": DATE}


def test_right_past_the_caches_and_old_for_users_is_cached_and_heals_when_the_caches_let_go() -> (
    None
):
    sightings: list[Sighting] = []
    for witness, age in (("a", 700), ("b", 800), ("c", 900)):
        sightings += watching(witness, 0, 70, PLACEHOLDER, headers=stale(age))
    found = verdict(with_busted(RIGHT, sightings), 70)
    assert (found.call, found.cause) == (Call.LATE, Cause.CACHED)
    assert found.heals == Interval(at(68.2 + 900), at(68.2 + 1100))


def test_a_cached_answer_that_does_not_say_for_how_long_predicts_nothing() -> None:
    found = verdict(with_busted(RIGHT, all_see(PLACEHOLDER, 0, 70)), 70)
    assert (found.cause, found.heals) == (Cause.CACHED, None)


def test_only_the_answers_that_miss_it_tell_when_it_heals() -> None:
    sightings = watching("a", 0, 70, RIGHT, headers=stale(100))
    sightings += watching("b", 0, 70, PLACEHOLDER, headers=stale(700))
    sightings += watching("c", 0, 70, PLACEHOLDER)
    found = verdict(with_busted(RIGHT, sightings), 70)
    assert (found.call, found.cause) == (Call.PARTIAL, Cause.CACHED)
    assert found.heals == Interval(at(68.2 + 1100), at(68.2 + 1100))


def test_old_past_the_caches_too_is_not_published() -> None:
    for call_before, last in ((Call.LATE_PROVISIONAL, 24), (Call.LATE, 70)):
        sightings = all_see(ABSENT, 0, last)
        sightings += [look(w, 21, ABSENT, view=BUSTED) for w in "abc"]
        found = verdict(sightings, last)
        assert (found.call, found.cause, found.heals) == (call_before, Cause.NOT_PUBLISHED, None)


def test_right_past_the_caches_for_one_and_old_for_another_is_not_published_everywhere() -> None:
    sightings = [*all_see(ABSENT, 0, 70), look("a", 65, RIGHT, view=BUSTED)]
    assert verdict([*sightings, look("b", 65, ABSENT, view=BUSTED)], 70).cause is (
        Cause.NOT_PUBLISHED
    )


def test_one_failed_request_past_the_caches_says_nothing() -> None:
    sightings = with_busted(RIGHT, all_see(PLACEHOLDER, 0, 70))
    assert verdict([*sightings, look("a", 67, FAILED, view=BUSTED)], 70).cause is Cause.CACHED
    only_failed = with_busted(FAILED, all_see(PLACEHOLDER, 0, 70))
    assert verdict(only_failed, 70).cause is Cause.NOT_KNOWN


def test_no_answer_for_anybody_is_an_outage() -> None:
    found = verdict(with_busted(FAILED, all_see(FAILED, 0, 70)), 70)
    assert (found.call, found.cause, found.heals) == (Call.LATE, Cause.OUTAGE, None)


def test_no_answer_for_one_and_an_old_one_for_others_is_no_outage() -> None:
    sightings = [*watching("a", 0, 70, FAILED), *watching("b", 0, 70, ABSENT)]
    assert verdict([*sightings, *watching("c", 0, 70, ABSENT)], 70).cause is Cause.NOT_KNOWN


def test_the_last_looks_tell_the_cause() -> None:
    sightings = with_busted(RIGHT, with_busted(ABSENT, all_see(PLACEHOLDER, 0, 70))[:-3])
    earlier = [look(w, 30, ABSENT, view=BUSTED) for w in "abc"]
    assert verdict([*sightings, *earlier], 70).cause is Cause.CACHED
    was_out = [*all_see(FAILED, 0, 62), *all_see(ABSENT, 64, 70)]
    assert verdict(with_busted(ABSENT, was_out), 70).cause is Cause.NOT_PUBLISHED


def test_without_a_request_past_the_caches_the_cause_is_not_known() -> None:
    assert verdict(all_see(ABSENT, 0, 70), 70).cause is Cause.NOT_KNOWN


def test_a_page_that_is_right_with_a_file_that_is_not_is_incomplete() -> None:
    sightings = with_busted(RIGHT, all_see(RIGHT, 0, 70, file=ABSENT))
    assert verdict(sightings, 70).cause is Cause.INCOMPLETE


@pytest.mark.parametrize("now", [-30, 10, 19])
def test_what_is_not_late_has_no_cause(now: float) -> None:
    sightings = with_busted(ABSENT, all_see(FAILED, -60, 19, file=ABSENT))
    assert verdict(sightings, now).cause is Cause.NOT_KNOWN


# first seen, seen by all


def test_first_seen_lies_between_the_earliest_last_miss_and_the_first_hit() -> None:
    sightings = [
        *watching("a", 0, 9, ABSENT),
        *watching("b", 1, 13, ABSENT),
        *watching("a", 14, 20, RIGHT),
        *watching("b", 15, 20, RIGHT),
    ]
    found = verdict(sightings, 21)
    assert found.first_seen == Interval(at(8.3), at(14.5))
    assert found.seen_by_all is None


def test_a_miss_after_the_first_hit_is_no_lower_bound() -> None:
    sightings = [*watching("a", 0, 9, RIGHT), *watching("b", 1, 13, ABSENT)]
    sightings += watching("b", 15, 20, RIGHT)
    assert verdict(sightings, 21).first_seen == Interval(None, at(0.5))


def test_a_miss_begun_as_the_first_hit_ended_is_no_lower_bound() -> None:
    sightings = [*watching("a", 0, 1, RIGHT), look("b", 0.5, ABSENT), *watching("b", 2, 3, RIGHT)]
    assert verdict(sightings, 4).first_seen == Interval(None, at(0.5))


def test_what_was_never_whole_was_never_seen() -> None:
    found = verdict(all_see(RIGHT, 0, 20, file=ABSENT), 21)
    assert (found.first_seen, found.seen_by_all) == (None, None)


def test_seen_by_all_is_when_the_last_witness_had_it_whole() -> None:
    sightings = [
        *watching("a", 0, 9, RIGHT),
        *watching("b", 1, 5, ABSENT),
        *watching("b", 7, 9, RIGHT),
        *watching("c", 2, 9, RIGHT),
    ]
    found = verdict(sightings, 10)
    assert found.seen_by_all == Interval(at(5.3), at(7.5))


def test_two_of_three_witnesses_are_not_all() -> None:
    two = [*watching("a", 0, 9, RIGHT), *watching("b", 0, 9, RIGHT)]
    assert verdict(two, 10).seen_by_all is None
    assert verdict([*two, *watching("c", 0, 9, ABSENT)], 10).seen_by_all is None


# properties


FOUND = (RIGHT, *MISSES)


def near(span: tuple[float, float]) -> Any:
    return st.floats(*span).map(lambda offset: round(offset, 3))


def looks(span: tuple[float, float] = (-3, 130), found: Iterable[str] = FOUND) -> Any:
    one = st.builds(
        look,
        st.sampled_from("abcd"),
        near(span),
        st.sampled_from(list(found)),
        part=st.sampled_from(["page", "page", FILE_PART]),
        view=st.sampled_from([View.USER, View.USER, View.USER, BUSTED]),
        took=st.sampled_from([0.0, 0.2, 3.0]),
        clock_offset_ms=st.sampled_from([0, 0, 0, 251]),
    )
    return st.lists(one, max_size=30, unique_by=Sighting.key)


def stretches() -> Any:
    """Each witness sees one thing for a while, then another: the shape of a real day."""

    def spread(parts: list[tuple[str, float, float, str, str]]) -> list[Sighting]:
        sightings: dict[str, Sighting] = {}
        for witness, first, lasting, found, file in parts:
            for one in watching(witness, first, first + lasting, found, file=file, every=3):
                sightings[one.key()] = one
        return list(sightings.values())

    part = st.tuples(
        st.sampled_from("abcd"),
        near((-2, 100)),
        near((0, 60)),
        st.sampled_from(FOUND),
        st.sampled_from(FOUND),
    )
    return st.lists(part, max_size=8).map(spread)


def is_right(seen: Sighting) -> bool:
    return "as sealed" in (seen.text_digest if seen.part == "page" else seen.digest)


evidence = looks() | stretches()
times = near((-5, 200)) | st.sampled_from([-1.0, 0.0, G1, G2, 90.0, 400.0])
policies = st.sampled_from([THREE, SINGLE, order(Policy(witnesses=2, agree=1, networks=1))])


@given(evidence, times, policies, st.randoms())
def test_the_order_in_which_sightings_arrive_does_not_matter(
    sightings: list[Sighting], now: float, what: WatchOrder, chance: Any
) -> None:
    shuffled = list(sightings)
    chance.shuffle(shuffled)
    assert verdict(shuffled, now, what) == verdict(sightings, now, what)


@given(evidence, times, policies)
def test_it_is_never_on_time_unless_a_quorum_saw_every_part_right_within_the_grace(
    sightings: list[Sighting], now: float, what: WatchOrder
) -> None:
    if call(sightings, now, what) is not Call.ON_TIME:
        return
    good = [
        one
        for one in NETWORKS
        if all(
            any(
                (seen.witness, seen.part, seen.view) == (one, part, View.USER)
                and is_right(seen)
                and at(-1) <= seen.ended <= at(now if part == FILE_PART else min(G1, now))
                for seen in sightings
            )
            for part in ("page", FILE_PART)
        )
    ]
    assert len(good) >= what.policy.agree
    assert len({NETWORKS[one] for one in good}) >= what.policy.networks


@given(evidence, looks((-3, 130), MISSES), times, policies)
def test_more_sightings_of_failure_never_make_it_on_time(
    sightings: list[Sighting], failures: list[Sighting], now: float, what: WatchOrder
) -> None:
    if call([*sightings, *failures], now, what) is Call.ON_TIME:
        assert call(sightings, now, what) in (Call.ON_TIME, Call.EARLY)


@given(looks((-30, 130), MISSES), times, policies)
def test_failures_alone_are_never_good_news(
    sightings: list[Sighting], now: float, what: WatchOrder
) -> None:
    found = verdict(sightings, now, what)
    assert found.call not in (Call.ON_TIME, Call.RECOVERED, Call.PARTIAL)
    assert (found.first_seen, found.seen_by_all) == (None, None)


@given(looks((0, 300), (RIGHT,)), times, policies)
def test_hits_alone_are_never_bad_news(
    sightings: list[Sighting], now: float, what: WatchOrder
) -> None:
    assert call(sightings, now, what) in (
        Call.WAITING, Call.ON_TIME, Call.RECOVERED, Call.UNKNOWN,
    )  # fmt: skip


@given(evidence, times, policies)
def test_a_verdict_is_never_decided_after_now_nor_on_time_after_the_grace(
    sightings: list[Sighting], now: float, what: WatchOrder
) -> None:
    found = verdict(sightings, now, what)
    assert found.decided <= at(now)
    if found.call is Call.ON_TIME:
        assert found.decided <= at(now)
    if found.call in (Call.LATE, Call.LATE_PROVISIONAL, Call.PARTIAL, Call.RECOVERED):
        assert at(G1) <= found.decided


@given(evidence, times, policies)
def test_nothing_is_late_for_long_without_two_misses_by_enough_witnesses(
    sightings: list[Sighting], now: float, what: WatchOrder
) -> None:
    found = verdict(sightings, now, what)
    if found.call in (Call.LATE, Call.LATE_PROVISIONAL):
        grace = G2 if found.call is Call.LATE else G1
        missed = [
            one
            for one in NETWORKS
            if sum(
                (seen.witness, seen.part, seen.view) == (one, "page", View.USER)
                and seen.started >= at(grace)
                and not is_right(seen)
                for seen in sightings
            )
            >= 2
        ]
        assert len(missed) >= what.policy.witnesses
        assert len({NETWORKS[one] for one in missed}) >= what.policy.networks


@given(evidence, times)
def test_the_future_does_not_change_what_is_known_now(
    sightings: list[Sighting], now: float
) -> None:
    known = [one for one in sightings if one.ended <= at(now)]
    assert verdict(sightings, now) == verdict(known, now)


@given(st.data())
def test_while_witnesses_watch_somebody_is_told_within_two_minutes(data: Any) -> None:
    """Whatever each of three witnesses sees from the instant on, as long as it goes on: it is
    settled, or a person is told that it is not."""
    sightings = [
        one
        for witness in "abc"
        for one in watching(
            witness,
            0,
            100,
            data.draw(st.sampled_from(FOUND)),
            file=data.draw(st.sampled_from(FOUND)),
        )
    ]
    assert call(sightings, 100) not in (Call.WAITING, Call.LATE_PROVISIONAL)


def test_the_witnesses_stand_in_the_networks_the_tests_say() -> None:
    assert NETWORKS["a"] == NETWORKS["c"] != NETWORKS["b"]
    assert THREE.opens == HALF_PAST


# on time is taken back


def test_what_was_on_time_for_some_and_is_not_there_for_others_is_partial() -> None:
    """Two of five see it, three never do."""
    sightings = [*watching("a", 0, 90, RIGHT), *watching("b", 0, 90, RIGHT)]
    for place, witness in enumerate(("c", "d", "e")):
        network = ("north", "west", "east")[place]
        seen = watching("d", 0, 90, PLACEHOLDER)
        sightings += [replace(one, witness=witness, network=network) for one in seen]
    assert call(sightings, 19) is Call.WAITING
    found = verdict(sightings, 90)
    assert (found.call, found.decided) == (Call.PARTIAL, at(30.2))


def test_a_take_down_after_the_release_is_called() -> None:
    sightings = all_see(RIGHT, 0, 100)
    assert call(sightings, 100) is Call.ON_TIME
    gone = [*sightings, *all_see(ABSENT, 102, 120)]
    assert call(gone, 104) is Call.ON_TIME
    found = verdict(gone, 120)
    assert (found.call, found.decided) == (Call.PARTIAL, at(112.2))
    assert found.reasons[0] == "it was there, and is not any more"
    back = [*gone, *all_see(RIGHT, 122, 130)]
    assert call(back, 124) is Call.PARTIAL
    assert call(back, 130) is Call.RECOVERED


def test_a_roll_back_to_another_page_is_wrong() -> None:
    assert call([*all_see(RIGHT, 0, 100), *all_see(DIFFERENT, 102, 120)], 120) is Call.WRONG


def test_noise_after_the_release_does_not_take_it_back() -> None:
    sightings = all_see(RIGHT, 0, 100, every=4)
    noise = [look(w, n, FAILED) for w in "abc" for n in range(1, 100, 4)]
    assert call([*sightings, *noise], 101) is Call.ON_TIME


def test_silence_of_two_networks_that_lasts_is_partial_and_regional() -> None:
    sightings = [*watching("a", 0, 90, RIGHT), *watching("b", 0, 40, RIGHT)]
    sightings += [*watching("d", 0, 40, RIGHT), *watching("b", 42, 90, FAILED)]
    sightings += watching("d", 42, 90, FAILED)
    assert call(sightings, 50) is Call.ON_TIME
    found = verdict(sightings, 90)
    assert (found.call, found.cause) == (Call.PARTIAL, Cause.REGIONAL)
    assert found.decided == at(42 + 2 * (SILENT_ROW - 1) + 0.2)


def test_what_stood_missing_here_and_later_there_was_never_partial() -> None:
    def gone(witness: str, since: float) -> list[Sighting]:
        return [
            *watching(witness, 0, since - 2, RIGHT),
            *watching(witness, since, since + 12, ABSENT),
            *watching(witness, since + 14, 120, RIGHT),
        ]

    apart = [*gone("a", 30), *gone("b", 60), *watching("d", 0, 120, RIGHT)]
    assert call(apart, 120) is Call.ON_TIME
    together = [*gone("a", 30), *gone("b", 31), *watching("d", 0, 120, RIGHT)]
    assert call(together, 120) is Call.RECOVERED


def test_one_witness_that_objects_keeps_it_from_being_on_time() -> None:
    sightings = [*watching("a", 0, 95, RIGHT), *watching("b", 0, 95, RIGHT)]
    sightings += watching("d", 0, 95, PLACEHOLDER)
    assert call(sightings, 30) is Call.WAITING
    assert call(sightings, 95) is Call.UNKNOWN


def test_a_witness_at_work_before_the_instant_is_waited_for() -> None:
    sightings = [*watching("a", 0, 30, RIGHT), *watching("b", 0, 30, RIGHT)]
    sightings.append(look("d", -60, ABSENT, view=BUSTED))
    assert call(sightings, 10) is Call.WAITING
    assert call(sightings, 20) is Call.ON_TIME


# controls


UNRELATED = Part("unrelated:1", "https://example.net/")
OLD_PAGE = Part("platform:1", "https://example.org/old")
CONTROLLED = replace(THREE, controls=(UNRELATED, OLD_PAGE))


def control(found: str, part: Part, first: float = 0, last: float = 90) -> list[Sighting]:
    return [
        replace(look(w, n, found), channel=CONTROL, part=part.name)
        for w in "abc"
        for n in range(int(first), int(last), 5)
    ]


def test_witnesses_that_are_all_offline_are_blind_and_nothing_is_late() -> None:
    sightings = [*all_see(FAILED, 0, 95), *control(FAILED, UNRELATED, 0, 100)]
    assert call(sightings, 70, CONTROLLED) is Call.WAITING
    found = verdict(sightings, 95, CONTROLLED)
    assert (found.call, found.reason) == (Call.UNKNOWN, "0 of 3 witnesses can see")
    online = [*all_see(FAILED, 0, 95), *control(RIGHT, UNRELATED, 0, 100)]
    assert call(online, 95, CONTROLLED) is Call.LATE


def test_a_platform_that_is_down_as_a_whole_is_late_at_once() -> None:
    sightings = [*all_see(FAILED, 0, 40), *control(RIGHT, UNRELATED)]
    assert call([*sightings, *control(RIGHT, OLD_PAGE)], 30, CONTROLLED) is Call.LATE_PROVISIONAL
    found = verdict([*sightings, *control(FAILED, OLD_PAGE)], 30, CONTROLLED)
    assert (found.call, found.decided) == (Call.LATE, at(22.2))
    assert found.cause is Cause.PLATFORM_OUTAGE


def test_a_witness_known_to_be_online_and_unanswered_objects() -> None:
    sightings = [*watching("a", 0, 30, RIGHT), *watching("b", 0, 30, RIGHT)]
    silent = watching("c", 0, 30, FAILED)
    assert call([*sightings, *silent], 30) is Call.ON_TIME
    assert call([*sightings, *silent, *control(RIGHT, UNRELATED)], 30, CONTROLLED) is Call.WAITING


def test_a_wall_before_one_witness_keeps_nobody_from_saying_what_they_see() -> None:
    walled = [replace(one, status=403) for one in watching("c", 0, 95, DIFFERENT)]
    sightings = [*watching("a", 0, 95, RIGHT), *watching("b", 0, 95, RIGHT), *walled]
    assert call(sightings, 95) is Call.ON_TIME


def test_a_wall_before_everybody_is_late_and_the_cause_is_named() -> None:
    walled = [replace(one, status=403) for one in all_see(DIFFERENT, 0, 70)]
    found = verdict(walled, 70)
    assert (found.call, found.cause) == (Call.LATE, Cause.WALLED)


# held back


def healing(lifetime: int) -> list[Sighting]:
    """Published, and cached until so many seconds after T."""

    def headers(offset: float) -> dict[str, str]:
        return {"Age": str(int(offset) + 10), "Cache-Control": f"max-age={lifetime + 10}"}

    seen = [look(w, n, PLACEHOLDER, headers=headers(n)) for w in "abc" for n in range(0, 200, 2)]
    return [*seen, *(look(w, n, RIGHT, view=BUSTED) for w in "abc" for n in range(0, 200, 5))]


def test_lateness_that_is_proven_to_heal_within_a_minute_is_held_back() -> None:
    assert call(healing(122), 100) is Call.LATE_PROVISIONAL
    assert call(healing(124), 100) is Call.LATE
    healed = [one for one in healing(100) if one.started < at(100)]
    assert call([*healed, *all_see(RIGHT, 100, 110)], 110) is Call.RECOVERED


def test_what_should_have_healed_by_now_is_not_held_back() -> None:
    assert call(healing(63), 64) is Call.LATE_PROVISIONAL
    assert call(healing(62), 64) is Call.LATE


def test_the_very_look_that_settles_it_tells_whether_it_heals() -> None:
    sightings = [
        replace(one, headers={}) if one.started == at(62) and one.view is View.USER else one
        for one in healing(100)
    ]
    assert call(sightings, 64) is Call.LATE


def test_what_did_not_heal_as_its_caches_said_is_late() -> None:
    found = verdict(healing(100), 120)
    assert found.call is Call.LATE
    assert at(105) < found.decided < at(110)


@pytest.mark.parametrize("view", View)
def test_healing_is_not_proven_while_one_witness_cannot_tell(view: View) -> None:
    sightings = [one for one in healing(100) if (one.witness, one.view) != ("c", view)]
    if view is View.USER:
        sightings += watching("c", 0, 70, PLACEHOLDER)
    assert call(sightings, 70) is Call.LATE


# without the key


def test_before_the_key_is_out_presence_decides_and_the_verdict_says_so() -> None:
    found = judge(THREE, channel(), all_see(DIFFERENT, 0, 9), at(9), None)
    assert (found.call, found.compared) == (Call.ON_TIME, False)
    assert found.reason == "whole for 3 of 3 witnesses; content not compared"
    with_key = verdict(all_see(RIGHT, 0, 9), 9)
    assert (with_key.compared, with_key.reason) == (True, "whole for 3 of 3 witnesses")


def test_a_part_that_nothing_was_sealed_for_is_not_compared() -> None:
    page = Part("page", "https://example.org/gdp")
    what = order(None, replace(channel(files=()), page=page))
    sightings = [look(w, n, DIFFERENT) for w in "abc" for n in range(4)]
    assert not verdict(sightings, 9, what).compared


@pytest.mark.parametrize("part", ["page", FILE_PART])
def test_without_the_key_anything_found_twice_before_the_instant_is_early(part: str) -> None:
    seen = [look("a", -60, DIFFERENT, part=part), look("b", -50, DIFFERENT, part=part)]
    assert judge(THREE, channel(), seen[:1], at(-30), None).call is Call.WAITING
    assert judge(THREE, channel(), seen, at(-30), None).call is Call.EARLY


@pytest.mark.parametrize(
    "more",
    [
        {"similar_permille": 950}, {"home": True}, {"signs": (Sign.SIGN_IN,)},
        {"signs": (Sign.NOT_FOUND,)}, {"status": 403}, {"headers": {"Content-Type": "text/html"}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", [KEY, None])
def test_a_soft_404_at_the_address_of_a_file_is_not_early(
    more: dict[str, Any], key: bytes | None
) -> None:
    seen = [replace(look(w, -60, DIFFERENT, part=FILE_PART), **more) for w in "ab"]
    assert judge(THREE, channel(), seen, at(-30), key).call is Call.WAITING


def test_an_earlier_edition_that_stands_there_is_not_early_and_not_the_release() -> None:
    before = replace(channel().page, previous=keyed(KEY, "another text"))
    what = order(None, replace(channel(files=()), page=before))
    early = [look(w, n, DIFFERENT, view=BUSTED) for w in "abc" for n in (-60, -50)]
    late = [look(w, n, DIFFERENT) for w in "abc" for n in range(0, 70, 2)]
    for key in (KEY, None):
        assert judge(what, what.channels[0], early, at(-30), key).call is Call.WAITING
        assert judge(what, what.channels[0], [*early, *late], at(70), key).call is Call.LATE
    new = [replace(one, text_digest="page as sealed") for one in late]
    assert judge(what, what.channels[0], [*early, *new], at(70), None).call is Call.ON_TIME


def test_a_file_that_does_not_change_is_no_news_before_the_instant() -> None:
    file = channel().files[0]
    what = order(None, replace(channel(), files=(replace(file, previous=file.keyed),)))
    seen = [look(w, -60, RIGHT, part=FILE_PART) for w in "ab"]
    assert call(seen, -30, what) is Call.WAITING
    assert call(seen, -30) is Call.EARLY


LAST_EDITION = look("a", -3600, DIFFERENT, part=FILE_PART, view=BUSTED)
AGAIN = [replace(LAST_EDITION, started=at(n), ended=at(n + 0.2)) for n in (-2400, -60, -50)]


def shown(sighting: Sighting, digest: str, offset: float, **more: Any) -> Sighting:
    return replace(sighting, digest=digest, started=at(offset), ended=at(offset + 0.2), **more)


def test_a_file_that_nobody_named_and_that_stays_as_it_was_found_is_not_early() -> None:
    found = verdict([LAST_EDITION, *AGAIN], -30)
    assert found.call is Call.WAITING
    assert found.stood == (
        "data.csv before T: stood (not what was sealed, and there since the first look)",
    )
    assert found.reason == found.stood[0]


def test_a_file_of_another_length_than_was_sealed_is_not_it_even_without_the_key() -> None:
    sized = replace(channel().files[0], size_bytes=101)
    what = order(None, replace(channel(), files=(sized,)))
    seen = [LAST_EDITION, *AGAIN]
    assert judge(what, what.channels[0], seen, at(-30), None).call is Call.WAITING
    same_length = [replace(one, size_bytes=101) for one in seen]
    assert judge(what, what.channels[0], same_length, at(-30), None).call is Call.EARLY


def test_a_file_that_was_there_before_we_looked_and_is_what_was_sealed_is_early() -> None:
    sealed = [shown(one, "data.csv as sealed", -3600 + n) for n, one in enumerate(AGAIN)]
    assert call(sealed[:1], -30) is Call.EARLY
    # Without the key, and with the very length, nothing tells it from the release: as if it came.
    assert judge(THREE, channel(), sealed, at(-30), None).call is Call.EARLY


@pytest.mark.parametrize(
    "first", [shown(LAST_EDITION, "x", -3600), look("b", -3600, ABSENT, part=FILE_PART)]
)
@pytest.mark.parametrize("key", [KEY, None])
def test_a_file_that_came_or_changed_while_we_watched_is_early_whatever_it_is(
    first: Sighting, key: bytes | None
) -> None:
    named = replace(channel().files[0], previous=keyed(KEY, "x"))
    for file in (channel().files[0], named):
        what = order(None, replace(channel(), files=(file,)))
        here = what.channels[0]
        assert judge(what, here, [*AGAIN[1:], first], at(-30), key).call is Call.EARLY


def test_noise_before_the_first_answer_is_no_sign_that_nothing_was_there() -> None:
    noise = [look("a", -3700, FAILED, part=FILE_PART, view=BUSTED)]
    noise.append(replace(noise[0], trouble=Trouble.NONE, status=403, started=at(-3650)))
    assert call([*noise, *AGAIN, LAST_EDITION], -30) is Call.WAITING


def test_who_begins_to_look_shortly_before_the_instant_cannot_say_that_it_stood_there() -> None:
    assert call(AGAIN[1:], -30) is Call.EARLY
    # The quiet window of this channel begins 31 minutes before T.
    assert call([shown(AGAIN[0], "another digest", -1800), *AGAIN[1:]], -30) is Call.EARLY
    assert call([shown(AGAIN[0], "another digest", -1900), *AGAIN[1:]], -30) is Call.WAITING


def test_a_last_edition_that_stays_after_the_instant_is_never_on_time() -> None:
    seen = [LAST_EDITION, *AGAIN]
    page = [look(w, n, RIGHT) for w in "abc" for n in range(0, 70, 2)]
    old = [look(w, n + 0.5, DIFFERENT, part=FILE_PART) for w in "abc" for n in range(0, 70, 10)]
    assert call([*seen, *page, *old], 70) is Call.PARTIAL
    new = [shown(one, "data.csv as sealed", n) for n, one in enumerate(old, 1)]
    on_time = verdict([*seen, *page, *new], 70)
    assert on_time.call is Call.ON_TIME
    assert "data.csv before T: stood" in on_time.reason


# listings and notices


LISTED = order(
    None,
    replace(
        channel(),
        listings=(Part("listing:1", "https://example.org/all"),),
        notices=(Part("notice:1", "https://example.org/feed"),),
    ),
)


def listed(first: float, last: float, mentions: bool, part: str = "listing:1") -> list[Sighting]:
    return [
        replace(look(w, n + 0.6, RIGHT, part=part), mentions=mentions)
        for w in "abc"
        for n in range(int(first), int(last), 2)
    ]


def test_a_release_is_on_time_only_once_the_listings_show_it() -> None:
    assert call(all_see(RIGHT, 0, 10), 10, LISTED) is Call.WAITING
    assert call([*all_see(RIGHT, 0, 10), *listed(0, 10, True)], 10, LISTED) is Call.ON_TIME
    found = verdict([*all_see(RIGHT, 0, 40), *listed(0, 40, False)], 40, LISTED)
    assert (found.call, found.cause) == (Call.PARTIAL, Cause.INCOMPLETE)
    assert found.reason == ("listing:1 on north, south: listing-absent (does not list the release)")


def test_a_listing_may_say_before_the_instant_what_is_to_come() -> None:
    assert call(listed(-60, -30, True), -20, LISTED) is Call.WAITING


def test_users_told_before_the_page_is_there_is_early() -> None:
    told = listed(-60, -30, True, "notice:1")
    assert call(told[:1], -20, LISTED) is Call.WAITING
    found = verdict(told, -20, LISTED)
    assert (found.call, found.reasons) == (
        Call.EARLY,
        ("notice:1 was there before T: notice (users are told of the address)",),
    )
    assert call(listed(-60, -30, False, "notice:1"), -20, LISTED) is Call.WAITING


# labels


def test_a_witness_that_judges_alone_says_so() -> None:
    found = verdict(watching("a", 0, 9, RIGHT), 9, SINGLE)
    assert found.single
    assert found.reason == "whole for 1 of 1 witnesses; single witness"
    assert not verdict(all_see(RIGHT, 0, 9), 9).single


def test_a_verdict_says_how_far_apart_the_looks_were_it_rests_on() -> None:
    sightings = [*watching("a", 0, 20, RIGHT), *watching("b", 0, 20, RIGHT, every=4)]
    assert verdict(sightings, 21).resolution == timedelta(seconds=4)
    assert verdict([], 0).resolution is None


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"trouble": Trouble.NO_SUCH_NAME}, Cause.DNS),
        ({"trouble": Trouble.DNS_TIMEOUT}, Cause.DNS),
        ({"trouble": Trouble.TLS_EXPIRED}, Cause.TLS),
        ({"trouble": Trouble.REFUSED}, Cause.OUTAGE),
        ({"status": 503}, Cause.OUTAGE),
        ({"status": 401}, Cause.ACCESS),
        ({"trouble": Trouble.REDIRECTS}, Cause.ACCESS),
        ({"status": 429}, Cause.WALLED),
        ({"headers": {"X-Served-By": "mirror"}}, Cause.MIRROR),
        ({}, Cause.CONTENT),
    ],
)
def test_a_cause_is_named_after_the_class_of_all_that_miss_it(
    more: dict[str, Any], cause: Cause
) -> None:
    sightings = [replace(look(w, n, DIFFERENT), **more) for w in "abc" for n in range(0, 70, 2)]
    assert verdict(sightings, 69).cause is cause


def test_a_file_kept_by_a_cache_from_before_heals_when_the_cache_lets_go() -> None:
    file = replace(channel().files[0], previous=keyed(KEY, "another digest"))
    what = order(None, replace(channel(), files=(file,)))
    headers = {"Age": "100", "Cache-Control": "max-age=400"}
    sightings = [replace(one, headers=headers) for one in all_see(RIGHT, 0, 60, file=DIFFERENT)]
    found = verdict(sightings, 60, what)
    assert (found.call, found.cause) == (Call.PARTIAL, Cause.CACHED)
    assert found.heals == Interval(at(58.5 + 300), at(58.5 + 300))


def test_a_missing_file_is_incomplete_even_if_a_cache_says_so() -> None:
    kept = {"Age": "100", "Cache-Control": "max-age=400"}
    sightings = [replace(one, headers=kept) for one in all_see(RIGHT, 0, 60, file=ABSENT)]
    assert verdict(sightings, 60).cause is Cause.INCOMPLETE


def test_out_for_some_and_kept_from_before_for_others_is_cached() -> None:
    headers = {"Age": "100", "Cache-Control": "max-age=400"}
    sightings = watching("a", 0, 40, RIGHT)
    for witness in "bd":
        sightings += watching(witness, 0, 40, PLACEHOLDER, headers=headers)
    assert verdict(sightings, 40).cause is Cause.CACHED
    young = [replace(one, headers={"Age": "5"}) for one in sightings]
    assert verdict(young, 40).cause is Cause.REGIONAL
    made_as_it_came_out = [replace(one, headers={"Age": "40"}) for one in sightings]
    assert verdict(made_as_it_came_out, 40.3).cause is Cause.REGIONAL


def test_old_for_users_and_no_answer_past_the_caches_is_an_outage_behind_them() -> None:
    sightings = all_see(PLACEHOLDER, 0, 70)
    sightings += [look(w, n, PLACEHOLDER, view=BUSTED) for w in "abc" for n in (-20, -10)]
    past = [look(w, n, FAILED, view=BUSTED) for w in "abc" for n in (60, 62, 64)]
    assert verdict([*sightings, *past[:-1]], 70).cause is Cause.NOT_KNOWN
    assert verdict([*sightings, *past], 70).cause is Cause.OUTAGE


def test_looks_past_the_caches_at_a_file_watch_for_leaks_and_say_nothing_of_a_recovery() -> None:
    file = [look("a", 29, ABSENT, view=BUSTED, part=FILE_PART)]
    assert call([*all_see(ABSENT, 0, 24), *all_see(RIGHT, 26, 40), *file], 40) is Call.RECOVERED
    assert call([look("a", -60, RIGHT, view=BUSTED, part=FILE_PART)], -30) is Call.EARLY


def test_what_is_gone_again_within_the_first_grace_is_not_on_time() -> None:
    sightings = [*all_see(RIGHT, 0, 6), *watching("b", 8, 30, RIGHT), *watching("c", 8, 30, RIGHT)]
    sightings += watching("a", 8, 30, RIGHT, file=ABSENT)
    assert call(sightings, 18) is Call.ON_TIME  # It may be a hiccup still.
    assert call(sightings, 19) is Call.WAITING
    assert call([*sightings, *watching("a", 32, 33, RIGHT)], 33) is Call.ON_TIME
