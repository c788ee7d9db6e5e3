"""The public site as the desk shows it: after news, and as time goes by."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from ninethirty.core.announcement import Rhythm
from ninethirty.core.facts import Kind
from ninethirty.core.rolling import EVERY, HORIZON, LEAST, SUBJECT
from ninethirty.core.schedule import Content
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.add_producer import add_producer
from ninethirty.desk.actions.add_series import add_series
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.show import is_running_out, latest, roll, show_all
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import FactRow
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.setting import ANNOUNCED_AT, HEAD, STATISTICIAN, Desk, happens, work_for
from tests.desk.way import armed, promised


def rolled() -> dict[str, Any]:
    done = roll(by="runner-1")
    assert done is not None, "nothing was due"
    told = latest()
    assert told is not None
    return told.details


def page(path: str, document: str, when: Instant) -> str:
    """What a gate would answer."""
    shelf = setup().shelf()
    opened = [one for one in shelf.says(document) if one.path == path and one.opens <= when]
    assert opened, f"{path} is not there"
    answer = max(opened, key=lambda one: one.opens).answer
    assert isinstance(answer, Content)
    return shelf.read(answer.digest).decode()


def test_the_whole_site_is_shown_first_and_then_nothing_until_there_is_news(desk: Desk) -> None:
    promised()
    first = rolled()
    assert first["documents"] > 15
    assert roll(by="runner-1") is None
    assert [fact.kind for fact in facts_of(SUBJECT)] == [Kind.SITE_SHOWN]


def test_a_date_promised_is_on_its_page_and_in_the_calendar(desk: Desk) -> None:
    promised()
    first = rolled()
    announce(
        "jobs-1", title="Jobs", opens=WallTime.parse("2026-12-03 09:30 Europe/London"),
        path="/jobs", announced=ANNOUNCED_AT, by=STATISTICIAN,
    )  # fmt: skip
    told = rolled()
    assert told["documents"] < first["documents"]
    now = setup().clock().now()
    assert "Will be published at 9:30am on Thursday 3 December 2026" in page(
        "/jobs", "release/jobs-1", now
    )
    assert "/jobs" in page("/calendar/2026/12", "site/calendar/2026/12", now)


def test_news_recorded_under_a_smaller_number_than_what_was_shown_is_shown_too(desk: Desk) -> None:
    """As two transactions of PostgreSQL can end in the other order than they took numbers."""
    promised()
    rolled()
    newest = FactRow.objects.order_by("-id").values_list("id", flat=True)[0]

    def renamed(id: int) -> None:
        now = setup().clock().now()
        FactRow.objects.create(
            id=id, subject="release/gdp", n=id + 900, kind=str(Kind.RENAMED), at=now, exact=True,
            recorded=now, actor="head", key=f"renamed-{id}", details={},
        )  # fmt: skip

    renamed(newest + 50)
    assert newest + 49 in rolled()["missing"]
    assert roll(by="runner-1") is None
    renamed(newest + 49)
    assert newest + 49 not in rolled()["missing"]
    assert roll(by="runner-1") is None, "it was shown once"


def test_a_release_that_is_armed_turns_at_t_everywhere(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path / "bundle")
    rolled()
    document = "release/release/gdp"
    before, after = HALF_PAST - timedelta(seconds=1), HALF_PAST
    assert "Will be published today" in page("/gdp", document, before)
    assert "SHA-256" in page("/gdp", document, after)
    assert "SHA-256" not in page("/gdp", document, before)
    assert "Published" in page("/", "site/today", after)
    paths = {one.path for one in setup().shelf().says(document)}
    assert any(path.startswith("/gdp/") for path in paths), "its files are still there"
    assert any(path.startswith("/watch-key") for path in paths)


def test_what_is_late_is_told_on_every_page_that_shows_it(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path / "bundle")
    rolled()
    desk.show(at(90))
    happens(Kind.LATE, at(60))
    rolled()
    now = at(90)
    assert "This release is late" in page("/gdp", "release/release/gdp", now)
    for path, document in (("/", "site/today"), ("/status", "site/status")):
        assert "Late at its address" in page(path, document, now)


def test_a_new_series_is_in_the_lists(desk: Desk) -> None:
    promised()
    rolled()
    add_producer("isles", "The isles", by=HEAD)
    work_for("isles")
    add_series("jobs", "Jobs", producer="isles", by=STATISTICIAN, rhythm=Rhythm.MONTHLY)
    rolled()
    now = setup().clock().now()
    assert "Jobs" in page("/a-to-z/j", "site/a-to-z/j", now)
    assert "No date is promised yet" in page("/series/jobs", "site/series/jobs", now)


def test_shared_pages_are_rolled_forward_and_nothing_else_is_made(desk: Desk) -> None:
    promised()
    first = rolled()
    begun = setup().clock().now()
    desk.show(begun + EVERY - timedelta(seconds=1))
    assert roll(by="runner-1") is None
    desk.show(begun + EVERY)
    told = rolled()
    assert told["until"] == (begun + EVERY + HORIZON).text()
    assert told["documents"] < first["documents"]


def test_a_person_must_know_when_nobody_rolls_the_pages_forward(desk: Desk) -> None:
    promised()
    assert not is_running_out()
    show_all(by="runner-1")
    begun = setup().clock().now()
    desk.show(begun + HORIZON - LEAST)
    assert not is_running_out()
    desk.show(begun + HORIZON - LEAST + timedelta(seconds=1))
    assert is_running_out()
