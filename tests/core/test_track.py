from dataclasses import replace
from typing import Any

import pytest

from ninethirty.core.sighting import Family, Sighting, Trouble, View
from ninethirty.core.times import Interval
from ninethirty.core.track import SILENT_ROW, Track
from ninethirty.core.watch import Channel
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
    seconds,
    watching,
)

BUSTED = View.BUSTED


def track(*sightings: Sighting, of: Channel | None = None) -> Track:
    watched = of or channel()
    seen = Witnessed(order(None, watched), watched)
    seen.add(sightings)
    (only,) = seen.tracks(None, KEY)
    return only


def stood(one: Track) -> list[Any]:
    return [since for since, _ in one.stood]


# whole


def test_a_release_is_whole_between_the_last_miss_and_the_look_that_found_everything() -> None:
    one = track(
        look("a", 0, ABSENT),
        look("a", 1, RIGHT),
        look("a", 2, ABSENT, part=FILE_PART),
        look("a", 3, RIGHT, part=FILE_PART),
    )
    assert one.whole == Interval(at(2), at(3.2))


def test_a_release_that_nobody_saw_missing_has_no_lower_bound() -> None:
    one = track(look("a", 0, RIGHT), look("a", 1, RIGHT, part=FILE_PART))
    assert one.whole == Interval(None, at(1.2))


@pytest.mark.parametrize("found", MISSES)
def test_a_release_is_not_whole_while_a_file_is_missing_or_wrong(found: str) -> None:
    assert track(*watching("a", 0, 60, RIGHT, file=found)).whole is None


def test_a_release_is_not_whole_before_every_part_was_looked_at() -> None:
    assert track(look("a", 0, RIGHT), look("a", 9, RIGHT)).whole is None


def test_a_release_is_not_whole_while_only_a_request_past_the_caches_finds_it() -> None:
    one = track(
        look("a", 0, RIGHT, view=BUSTED),
        look("a", 1, RIGHT, part=FILE_PART),
        look("a", 2, PLACEHOLDER),
    )
    assert one.whole is None


def test_the_first_time_whole_stands_whatever_comes_after() -> None:
    one = track(*watching("a", 0, 2, RIGHT), *watching("a", 4, 60, ABSENT))
    assert one.whole == Interval(None, at(0.5))


# missed twice


def test_two_misses_running_are_counted_from_the_instant_asked_for() -> None:
    one = track(*watching("a", 18, 30, ABSENT))
    assert one.missed_since(at(20)) == at(22.2)
    assert one.missed_since(at(20.000_001)) == at(24.2)
    assert one.missed_since(at(29)) is None


def test_a_hit_between_two_misses_breaks_the_row() -> None:
    one = track(look("a", 20, ABSENT), look("a", 21, RIGHT), look("a", 22, FAILED))
    assert one.missed_since(at(20)) is None
    assert track(*[look("a", 20 + n, m) for n, m in enumerate(MISSES)]).missed_since(at(20)) == (
        at(21.2)
    )


def test_only_the_users_view_of_the_page_can_miss_it() -> None:
    one = track(*[look("a", 20 + n, ABSENT, view=BUSTED) for n in range(3)])
    assert one.missed_since(at(20)) is None
    one = track(*[look("a", 20 + n, ABSENT, part=FILE_PART) for n in range(3)])
    assert one.missed_since(at(20)) is None


# recovered


def test_a_release_has_recovered_after_three_rounds_in_which_everything_was_right() -> None:
    one = track(*watching("a", 0, 20, ABSENT), *watching("a", 30, 40, RIGHT))
    # The page came at 30 and the file at 30.3, so the rounds are those of 32, 34 and 36.
    assert one.recovered == at(36.2)


def test_two_rounds_are_not_enough() -> None:
    assert track(*watching("a", 0, 20, ABSENT), *watching("a", 30, 35, RIGHT)).recovered is None


@pytest.mark.parametrize("part", ["page", FILE_PART])
def test_an_answer_that_says_otherwise_takes_a_recovery_back_and_noise_does_not(part: str) -> None:
    one = watching("a", 30, 40, RIGHT)
    assert track(*one).recovered == at(36.2)
    assert track(*one, look("a", 50, ABSENT, part=part)).recovered is None
    assert track(*one, look("a", 50, FAILED, part=part)).recovered == at(36.2)


def test_silence_that_lasts_takes_a_recovery_back() -> None:
    one = watching("a", 30, 40, RIGHT)
    silence = watching("a", 50, 50 + 2 * SILENT_ROW, FAILED)
    assert track(*one, *silence).recovered is None


def test_after_a_relapse_three_new_rounds_are_needed() -> None:
    relapsed = [*watching("a", 30, 40, RIGHT), look("a", 50, ABSENT)]
    assert track(*relapsed, *watching("a", 52, 54, RIGHT)).recovered is None
    assert track(*relapsed, *watching("a", 52, 56, RIGHT)).recovered == at(56.2)


def test_a_page_without_files_recovers_in_three_rounds_too() -> None:
    def after(rounds: int) -> Track:
        sightings = [look("a", n, RIGHT) for n in range(rounds)]
        return track(*sightings, of=channel(files=()))

    assert after(2).recovered is None
    assert after(3).recovered == at(2.2)


def test_looks_at_files_are_not_rounds() -> None:
    one = [look("a", 0, RIGHT)] + [look("a", n, RIGHT, part=FILE_PART) for n in range(1, 9)]
    assert track(*one).recovered is None


# what stands missing or wrong


def test_two_misses_ten_seconds_apart_are_not_one_hiccup() -> None:
    near = [look("a", 20, ABSENT), look("a", 29.999_999, ABSENT)]
    assert track(*near).stood == []
    far = track(*near, look("a", 30, ABSENT))
    assert far.stood == [(at(30.2), None)]
    assert [one.started for one in far.lacking()] == [at(30)]


def test_misses_before_the_first_grace_do_not_count() -> None:
    assert track(look("a", 19.9, ABSENT), look("a", 25, ABSENT), look("a", 30, ABSENT)).stood == []
    assert len(track(look("a", 20, ABSENT), look("a", 30, ABSENT)).stood) == 1


def test_a_hit_ends_what_stood_but_not_that_it_did() -> None:
    one = track(look("a", 20, ABSENT), look("a", 30, ABSENT), look("a", 31, RIGHT))
    assert one.stood == [(at(30.2), at(31.2))]
    assert one.standing == set()
    assert one.lacking() == []


def test_what_stands_again_stands_anew() -> None:
    one = track(*(look("a", n, f) for n, f in enumerate([ABSENT, RIGHT] * 2, start=0)))
    assert one.stood == []
    looks = [look("a", n, ABSENT) for n in (20, 30, 50, 60)]
    one = track(*looks, look("a", 40, RIGHT))
    assert one.stood == [(at(30.2), at(40.2)), (at(60.2), None)]


def test_a_hit_between_two_misses_makes_them_two_hiccups() -> None:
    assert track(look("a", 20, ABSENT), look("a", 25, RIGHT), look("a", 31, ABSENT)).stood == []


def test_silence_must_last_longer_than_an_answer_that_says_otherwise() -> None:
    silence = [look("a", 20 + 2 * n, FAILED) for n in range(8)]
    assert track(*silence[:-1]).stood == []
    assert stood(track(*silence)) == [silence[-1].ended]
    assert track(*[look("a", 20 + n, FAILED) for n in range(SILENT_ROW)]).stood == []


def test_answers_that_are_cut_off_must_last_as_well_but_not_as_long() -> None:
    def cut(offset: float) -> Sighting:
        return replace(look("a", offset, FAILED), trouble=Trouble.TRUNCATED)

    assert track(cut(20), look("a", 25, FAILED), cut(30)).stood == []
    assert stood(track(cut(20), look("a", 25, FAILED), cut(29), cut(30))) == [at(30.2)]
    assert track(cut(20), cut(22), cut(24)).stood == []


def test_an_answer_breaks_a_row_of_silence() -> None:
    silence = [look("a", 20 + 2 * n, FAILED) for n in range(2 * SILENT_ROW)]
    silence[SILENT_ROW - 1] = look("a", 20 + 2 * SILENT_ROW - 2, ABSENT)
    assert stood(track(*silence)) == [silence[-1].ended]


def test_what_stood_and_was_never_sealed_is_remembered_as_wrong() -> None:
    assert track(look("a", 20, DIFFERENT), look("a", 30, DIFFERENT)).stood_wrong
    assert not track(look("a", 20, ABSENT), look("a", 30, PLACEHOLDER)).stood_wrong


def test_a_file_counts_only_while_the_page_itself_is_right() -> None:
    files = [look("a", 20.5, ABSENT, part=FILE_PART), look("a", 31, DIFFERENT, part=FILE_PART)]
    assert track(*files).stood == []
    assert track(look("a", 20, PLACEHOLDER), *files).stood == []
    with_page = track(look("a", 20, RIGHT), *files)
    assert with_page.standing == {FILE_PART}
    assert [one.part for one in with_page.lacking()] == [FILE_PART]


def test_while_the_page_is_missing_its_files_are_not_named() -> None:
    one = track(*watching("a", 20, 40, RIGHT, file=ABSENT), *watching("a", 42, 60, ABSENT))
    assert [seen.part for seen in one.lacking()] == ["page"]


def test_only_the_users_view_can_stand_missing() -> None:
    one = track(look("a", 20, ABSENT, view=BUSTED), look("a", 40, ABSENT, view=BUSTED))
    assert one.stood == []


# in time


@pytest.mark.parametrize(("missed_at", "expected"), [(19.999_999, False), (20, True)])
def test_a_file_missed_by_a_look_begun_after_the_first_grace_was_not_in_time(
    missed_at: float, expected: bool
) -> None:
    page, miss = look("a", 1, RIGHT), look("a", missed_at, ABSENT, part=FILE_PART)
    one = track(page, miss, look("a", 25, RIGHT, part=FILE_PART))
    assert one.unpunctual is expected


def test_a_file_that_was_first_looked_at_later_was_not_late_for_all_we_know() -> None:
    assert not track(look("a", 1, RIGHT), look("a", 50, RIGHT, part=FILE_PART)).unpunctual
    early_miss = look("a", -5, ABSENT, part=FILE_PART)
    assert not track(early_miss, look("a", 50, RIGHT, part=FILE_PART)).unpunctual


def test_a_file_that_went_missing_later_was_in_time() -> None:
    file = [look("a", n, f, part=FILE_PART) for n, f in ((3, RIGHT), (9, ABSENT), (40, RIGHT))]
    assert not track(look("a", 1, RIGHT), *file).unpunctual


# resolution


def test_the_resolution_is_the_middle_one_of_the_pauses_between_looks() -> None:
    starts = (0, 1, 2, 6, 8)
    one = track(*(look("a", n, ABSENT) for n in starts))
    assert one.resolution() == seconds(2)
    assert track(look("a", 0, ABSENT)).resolution() is None


def test_looks_before_the_instant_say_nothing_of_the_resolution() -> None:
    one = track(look("a", -9, ABSENT), look("a", 0, ABSENT), look("a", 3, ABSENT))
    assert one.resolution() == seconds(3)


def test_a_track_says_where_it_looked_from() -> None:
    assert track(look("a", 0, ABSENT)).where == "north"
    assert track(replace(look("a", 0, ABSENT), family=Family.V6)).where == "north IPv6"
