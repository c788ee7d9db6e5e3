"""What a platform in the manner of GOV.UK says of a release, and to which caches."""

import json
from datetime import timedelta
from typing import Any

import pytest

from ninethirty.core.times import Instant
from ninethirty.standin.moment import promised
from ninethirty.standin.platform.layers import cache_key
from tests.standin.day import A, Day, words
from tests.standin.drill import at


def document(day: Day, name: str, now: Instant) -> Any:
    return json.loads(day.busted(now, day.path(name)).body)


def test_before_t_the_api_says_what_is_coming_and_when() -> None:
    day = Day.of()
    said = document(day, "api", at(minutes=-10))
    assert said["document_type"] == said["schema_name"] == "coming_soon"
    assert said["publishing_scheduled_at"] == "2018-03-08T09:30:00.000+00:00"
    assert "public_updated_at" not in said
    assert "There were" not in json.dumps(said)


def test_from_t_the_api_has_the_release_its_files_and_how_late_it_came() -> None:
    day = Day.of("head-of-line:minutes=2")
    said = document(day, "api", at(minutes=3))
    assert said["document_type"] == "official_statistics"
    assert said["public_updated_at"] == "2018-03-08T09:32:00.000+00:00"
    assert said["publishing_scheduled_at"] == "2018-03-08T09:30:00.000+00:00"
    assert said["scheduled_publishing_delay_seconds"] == 120
    for attachment in said["details"]["attachments"]:
        file = day.busted(at(minutes=3), attachment["url"])
        assert len(file.body) == attachment["file_size"]
        assert file.headers["Content-Type"] == attachment["content_type"]


def test_a_release_that_came_early_was_not_published_by_its_schedule() -> None:
    said = document(Day.of("publisher-clock-fast:seconds=60"), "api", at(seconds=-30))
    assert said["document_type"] == "official_statistics"
    assert "scheduled_publishing_delay_seconds" not in said


def test_the_announcement_becomes_a_redirect_to_the_release() -> None:
    day = Day.of()
    announced = day.ask(at(minutes=-10), day.path("announcement"))
    assert b"8 March 2018 9:30am (confirmed)" in announced.body
    assert document(day, "announcement-api", at(minutes=-10))["details"]["state"] == "confirmed"
    moved = day.busted(at(seconds=2), day.path("announcement"))
    assert (moved.status, words(moved)) == (301, f"to {day.scene.release.path}")
    api = document(day, "announcement-api", at(seconds=2))
    assert api["redirects"][0]["destination"] == day.scene.release.path


def test_a_query_gets_past_the_caches_except_where_it_does_not_count() -> None:
    assert cache_key("/page", "b=2&a=1") == cache_key("/page", "a=1&b=2") != cache_key("/page", "")
    assert cache_key("/page", "utm_source=mail&a=1") == cache_key("/page", "a=1")
    for path in ("/", "/alerts"):
        assert cache_key(path, "look=1") == cache_key(path, "")
    day = Day.of()
    first = day.ask(at(minutes=-10), "/", A, "look=1")
    second = day.ask(at(minutes=-10), "/", A, "look=2")
    assert [one.headers["X-Cache"] for one in (first, second)] == ["MISS", "HIT"]


def test_what_is_promised_is_a_moment_or_a_wall_time() -> None:
    summer = promised("2026-07-01 09:30 Europe/London")
    assert summer == promised("2026-07-01T08:30:00Z")
    assert promised("2026-12-01 09:30 Europe/London") - summer == timedelta(days=153, hours=1)


@pytest.mark.parametrize("text", ["soon", "2026-12-01 09:30", "2026-12-01 09:30 Europe/Nowhere"])
def test_what_is_no_promise_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="neither a moment nor a wall time"):
        promised(text)
