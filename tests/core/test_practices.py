"""The edition of the Code in force on the day binds, and says what each kind of breach touches."""

from datetime import date, timedelta

import pytest

from ninethirty.core.practices import EDITIONS, Breach, Edition, edition_on, touched


def codes(kind: Breach, day: str) -> list[str]:
    return [practice.code for practice in touched(kind, date.fromisoformat(day))]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2009-03-02", ["Protocol 2"]),
        ("2018-03-08", ["T3.6"]),
        ("2022-05-05", ["T3.6"]),
        ("2025-11-04", ["Standard 3"]),
    ],
)
def test_a_late_release_touches_what_the_edition_of_that_day_says(
    day: str, expected: list[str]
) -> None:
    assert codes(Breach.LATE, day) == expected


def test_before_the_first_edition_nothing_is_suggested() -> None:
    assert edition_on(date(2008, 12, 31)) is None
    assert codes(Breach.LATE, "2008-12-31") == []


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_an_edition_binds_from_its_own_day_on(edition: Edition) -> None:
    assert edition_on(edition.since) is edition
    assert edition_on(edition.since - timedelta(days=1)) is not edition


def test_which_practice_a_wrong_file_touches_is_left_to_a_person() -> None:
    assert codes(Breach.WRONG_CONTENT, "2021-09-29") == []


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_every_suggestion_is_a_practice_of_its_own_edition(edition: Edition) -> None:
    for kind, expected in edition.touched.items():
        suggested = touched(kind, edition.since)
        assert tuple(practice.code for practice in suggested) == expected
        assert all(edition.practices[practice.code] is practice for practice in suggested)


def test_editions_are_in_order_of_time_so_that_the_last_begun_binds() -> None:
    assert list(EDITIONS) == sorted(EDITIONS, key=lambda edition: edition.since)


def test_early_and_to_the_wrong_people_are_breaches_of_different_practices() -> None:
    assert codes(Breach.EARLY, "2021-03-01") == ["T3.3", "T3.6"]
    assert codes(Breach.WRONG_AUDIENCE, "2021-03-01") == ["T3.3", "T3.4"]
