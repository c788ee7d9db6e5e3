from dataclasses import replace

import pytest

from ninethirty.core.sighting import Sighting, Trouble, View
from ninethirty.core.times import Interval
from ninethirty.core.track import Seen, Track, seen, tracks
from tests.core.made import (
    ABSENT,
    DIFFERENT,
    FAILED,
    FILE_PART,
    HALF_PAST,
    KEY,
    MISSES,
    PLACEHOLDER,
    RIGHT,
    at,
    channel,
    look,
    watching,
)

PAGE, FILE = channel().parts
BUSTED = View.BUSTED


def track(*sightings: Sighting) -> Track:
    (only,) = tracks(channel(), sightings, KEY)
    return only


@pytest.mark.parametrize("found", [RIGHT, *MISSES])
def test_a_look_is_compared_with_what_was_sealed(found: str) -> None:
    assert seen(look("a", 0, found), PAGE, KEY) == found
    assert seen(look("a", 0, found, part=FILE_PART), FILE, KEY) == found


def test_a_page_is_known_by_its_words_and_a_file_by_its_bytes() -> None:
    right_words = look("a", 0, RIGHT)
    assert seen(replace(right_words, digest="other bytes"), PAGE, KEY) is Seen.RIGHT
    right_bytes = look("a", 0, RIGHT, part=FILE_PART)
    assert seen(replace(right_bytes, text_digest="other words"), FILE, KEY) is Seen.RIGHT
    assert seen(replace(right_bytes, digest="other bytes"), FILE, KEY) is Seen.DIFFERENT


def test_what_is_right_is_right_even_if_it_says_coming_soon() -> None:
    assert seen(replace(look("a", 0, RIGHT), placeholder=True), PAGE, KEY) is Seen.RIGHT


def test_the_key_of_another_release_finds_nothing_right() -> None:
    assert seen(look("a", 0, RIGHT), PAGE, b"another key") is Seen.DIFFERENT


def test_an_answer_without_a_body_is_not_right() -> None:
    assert seen(replace(look("a", 0, RIGHT), text_digest=""), PAGE, KEY) is Seen.DIFFERENT


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, Seen.RIGHT), (404, Seen.ABSENT), (410, Seen.ABSENT), (403, Seen.FAILED),
     (500, Seen.FAILED), (503, Seen.FAILED), (304, Seen.FAILED), (206, Seen.FAILED)],
)  # fmt: skip
def test_only_a_200_can_be_right(status: int, expected: Seen) -> None:
    assert seen(replace(look("a", 0, RIGHT), status=status), PAGE, KEY) is expected


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if trouble])
def test_any_trouble_is_a_failed_look_whatever_the_status(trouble: Trouble) -> None:
    assert seen(replace(look("a", 0, RIGHT), trouble=trouble), PAGE, KEY) is Seen.FAILED


def test_each_witness_has_its_own_track_in_order_of_time() -> None:
    north, south = tracks(
        channel(), [look("b", 0, RIGHT), look("a", 5, RIGHT), look("a", 1, ABSENT)], KEY
    )
    assert (north.witness, north.network, south.witness, south.network) == (
        "a", "north", "b", "south",
    )  # fmt: skip
    assert [one.found for one in north.looks] == [ABSENT, RIGHT]
    assert north.parts == {"page", FILE_PART}


def test_a_look_keeps_when_it_was_and_the_headers_it_saw() -> None:
    (one,) = track(look("a", 1, ABSENT, view=BUSTED, headers={"Age": "7"})).looks
    assert (one.part, one.view, one.started, one.ended) == ("page", BUSTED, at(1), at(1.2))
    assert one.headers == {"Age": "7"}


def test_looks_at_other_channels_and_unknown_parts_are_left_out() -> None:
    other = [
        replace(look("a", 0, RIGHT), channel="alternate"),
        replace(look("a", 0, RIGHT), part="unknown.csv"),
    ]
    assert tracks(channel(), other, KEY) == []
    assert len(track(*other, look("a", 0, RIGHT)).looks) == 1


def test_the_page_is_looked_at_in_two_views() -> None:
    one = track(
        look("a", 0, ABSENT), look("a", 1, RIGHT, view=BUSTED), look("a", 2, RIGHT, part=FILE_PART)
    )
    assert [seen.started for seen in one.page()] == [at(0)]
    assert [seen.started for seen in one.busted()] == [at(1)]


# whole


def test_a_release_is_whole_between_the_last_miss_and_the_look_that_found_everything() -> None:
    one = track(
        look("a", 0, ABSENT),
        look("a", 1, RIGHT),
        look("a", 2, ABSENT, part=FILE_PART),
        look("a", 3, RIGHT, part=FILE_PART),
    )
    assert one.whole() == Interval(at(2), at(3.2))


def test_a_release_that_nobody_saw_missing_has_no_lower_bound() -> None:
    one = track(look("a", 0, RIGHT), look("a", 1, RIGHT, part=FILE_PART))
    assert one.whole() == Interval(None, at(1.2))


@pytest.mark.parametrize("found", MISSES)
def test_a_release_is_not_whole_while_a_file_is_missing_or_wrong(found: str) -> None:
    assert track(*watching("a", 0, 60, RIGHT, file=found)).whole() is None


def test_a_release_is_not_whole_before_every_part_was_looked_at() -> None:
    assert track(look("a", 0, RIGHT), look("a", 9, RIGHT)).whole() is None


def test_a_release_is_not_whole_while_only_a_request_past_the_caches_finds_it() -> None:
    one = track(
        look("a", 0, RIGHT, view=BUSTED),
        look("a", 1, RIGHT, part=FILE_PART),
        look("a", 2, PLACEHOLDER),
    )
    assert one.whole() is None


def test_the_first_time_whole_stands_whatever_comes_after() -> None:
    one = track(*watching("a", 0, 2, RIGHT), *watching("a", 4, 60, ABSENT))
    assert one.whole() == Interval(None, at(0.5))


# missed twice


def test_two_misses_running_are_counted_from_the_instant_asked_for() -> None:
    one = track(*watching("a", 18, 30, ABSENT))
    assert one.missed_twice(at(20)) == at(22.2)
    assert one.missed_twice(at(20.000_001)) == at(24.2)
    assert one.missed_twice(at(29)) is None


def test_a_hit_between_two_misses_breaks_the_row() -> None:
    one = track(look("a", 20, ABSENT), look("a", 21, RIGHT), look("a", 22, FAILED))
    assert one.missed_twice(at(20)) is None
    assert track(*[look("a", 20 + n, m) for n, m in enumerate(MISSES)]).missed_twice(at(20)) == (
        at(21.2)
    )


def test_only_the_users_view_of_the_page_can_miss_it() -> None:
    one = track(*[look("a", 20 + n, ABSENT, view=BUSTED) for n in range(3)])
    assert one.missed_twice(at(20)) is None
    one = track(*[look("a", 20 + n, ABSENT, part=FILE_PART) for n in range(3)])
    assert one.missed_twice(at(20)) is None


# recovered


def test_a_release_has_recovered_after_three_rounds_in_which_everything_was_right() -> None:
    one = track(*watching("a", 0, 20, ABSENT), *watching("a", 30, 40, RIGHT))
    # The page came at 30 and the file at 30.3, so the rounds are those of 32, 34 and 36.
    assert one.recovered() == at(36.2)


def test_two_rounds_are_not_enough() -> None:
    assert track(*watching("a", 0, 20, ABSENT), *watching("a", 30, 35, RIGHT)).recovered() is None


@pytest.mark.parametrize("part", ["page", FILE_PART])
def test_anything_wrong_since_takes_a_recovery_back(part: str) -> None:
    one = watching("a", 30, 40, RIGHT)
    assert track(*one).recovered() == at(36.2)
    assert track(*one, look("a", 50, FAILED, part=part)).recovered() is None


def test_after_a_relapse_three_new_rounds_are_needed() -> None:
    relapsed = [*watching("a", 30, 40, RIGHT), look("a", 50, ABSENT)]
    assert track(*relapsed, *watching("a", 52, 54, RIGHT)).recovered() is None
    assert track(*relapsed, *watching("a", 52, 56, RIGHT)).recovered() == at(56.2)


def test_a_release_has_not_recovered_while_a_request_past_the_caches_finds_it_wrong() -> None:
    one = watching("a", 30, 40, RIGHT)
    assert track(*one, look("a", 41, ABSENT, view=BUSTED)).recovered() is None
    both = [look("a", 41, ABSENT, view=BUSTED), look("a", 43, RIGHT, view=BUSTED)]
    assert track(*one, *both).recovered() == at(36.2)


def test_a_page_without_files_recovers_in_three_rounds_too() -> None:
    def after(rounds: int) -> Track:
        sightings = [look("a", n, RIGHT) for n in range(rounds)]
        (only,) = tracks(channel(files=()), sightings, KEY)
        return only

    assert after(2).recovered() is None
    assert after(3).recovered() == at(2.2)


def test_looks_at_files_are_not_rounds() -> None:
    one = [look("a", 0, RIGHT)] + [look("a", n, RIGHT, part=FILE_PART) for n in range(1, 9)]
    assert track(*one).recovered() is None


# what stands missing or wrong


def test_two_misses_ten_seconds_apart_are_not_one_hiccup() -> None:
    near = [look("a", 20, ABSENT), look("a", 29.999_999, ABSENT)]
    assert track(*near).stood(at(20)) == []
    far = track(*near, look("a", 30, ABSENT))
    assert [one.started for one in far.stood(at(20))] == [at(30)]
    assert [one.started for one in far.lacking(at(20))] == [at(30)]


def test_misses_before_the_instant_asked_for_do_not_count() -> None:
    one = track(look("a", 19.9, ABSENT), look("a", 25, ABSENT), look("a", 30, ABSENT))
    assert one.stood(at(20)) == []
    assert len(one.stood(at(19.9))) == 1


def test_a_hit_ends_what_stood_but_not_that_it_did() -> None:
    one = track(look("a", 20, ABSENT), look("a", 30, ABSENT), look("a", 31, RIGHT))
    assert [seen.started for seen in one.stood(at(20))] == [at(30)]
    assert one.lacking(at(20)) == []


def test_a_hit_between_two_misses_makes_them_two_hiccups() -> None:
    one = track(look("a", 20, ABSENT), look("a", 25, RIGHT), look("a", 31, ABSENT))
    assert one.stood(at(20)) == []


def test_a_file_counts_only_while_the_page_itself_is_right() -> None:
    files = [look("a", 20.5, ABSENT, part=FILE_PART), look("a", 31, DIFFERENT, part=FILE_PART)]
    assert track(*files).stood(at(20)) == []
    assert track(look("a", 20, PLACEHOLDER), *files).stood(at(20)) == []
    with_page = track(look("a", 20, RIGHT), *files)
    assert [(one.part, one.found) for one in with_page.lacking(at(20))] == [
        (FILE_PART, Seen.DIFFERENT)
    ]


def test_a_page_seen_right_before_the_instant_asked_for_is_right() -> None:
    one = track(look("a", 1, RIGHT), *watching("a", 20, 40, RIGHT, file=ABSENT)[1:])
    assert [seen.part for seen in one.lacking(at(20))] == [FILE_PART]


def test_while_the_page_is_missing_its_files_are_not_named() -> None:
    one = track(*watching("a", 20, 40, RIGHT, file=ABSENT), *watching("a", 42, 60, ABSENT))
    assert [seen.part for seen in one.lacking(at(20))] == ["page"]


def test_a_page_that_goes_missing_hides_a_file_that_stood_missing_before() -> None:
    one = track(
        *watching("a", 20, 40, RIGHT, file=ABSENT), look("a", 41, ABSENT), look("a", 51, ABSENT)
    )
    assert [seen.part for seen in one.stood(at(20))][-1] == "page"
    assert [seen.part for seen in one.lacking(at(20))] == ["page"]


def test_only_the_users_view_can_stand_missing() -> None:
    one = track(look("a", 20, ABSENT, view=BUSTED), look("a", 40, ABSENT, view=BUSTED))
    assert one.stood(HALF_PAST) == []
