import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ninethirty.core.facts import Kind
from ninethirty.core.preflight import Light, Shows
from ninethirty.core.release import Stage
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.replace import replace
from ninethirty.desk.pages.console.day import Row, day, first
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.console.signed_in import client_of
from tests.desk.setting import HEAD, PROMISE, RELEASE, STATISTICIAN, Desk, happens, work_here
from tests.desk.way import armed, promised


def rows() -> list[Row]:
    return day(Release.objects.all(), setup().clock().now())


def promise(release: str, opens: str) -> None:
    announce(
        release,
        title=f"Title of {release}",
        opens=WallTime.parse(opens),
        path=f"/{release}",
        announced=f"http://platform.example/{release}",
        by=STATISTICIAN,
    )


def shown(row: Row) -> dict[Light, Shows]:
    return {lit.light: lit.shows for lit in row.lights}


def test_a_day_without_releases_is_empty(desk: Desk) -> None:
    assert rows() == []
    assert first([]) is None


def test_the_releases_of_the_next_week_are_shown_by_the_instant_they_open(desk: Desk) -> None:
    work_here()
    desk.show(at(-3 * 86400))
    promise("later", "2026-12-03 09:30 Europe/London")
    promise("sooner", "2026-12-01 09:30 Europe/London")
    promise("too-far", "2026-12-30 09:30 Europe/London")
    assert [row.release for row in rows()] == ["sooner", "later"]
    assert all(lit.shows is not Shows.LACKING for lit in rows()[0].lights)


def test_an_armed_release_shows_what_is_ready_and_what_is_not(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    happens(Kind.STEP_FAILED, at(-1800), step="check_hour_before", lacks="tokens: x is shut")
    [row] = rows()
    assert row.stage is Stage.ARMED
    assert row.checked == at(-1800)
    lit = shown(row)
    ready = (Light.SEALED, Light.APPROVED, Light.ARMED, Light.CLOCKS, Light.WITNESSES)
    assert {lit[light] for light in ready} == {Shows.READY}
    assert [(one.light, one.why) for one in row.lacking] == [
        (Light.TOKENS, "x is shut"),
        (Light.ON_CALL, "nobody is on call at T"),
    ]
    assert first([row]) is row


def test_once_its_time_has_come_a_release_shows_no_lights_but_what_is_wrong(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    desk.show(at(30))
    [row] = rows()
    assert (row.lights, row.waiting, row.trouble) == ((), True, "")
    happens(Kind.LATE, at(60))
    happens(Kind.FIRST_SEEN, at(61))
    [row] = rows()
    assert (row.waiting, row.trouble) == (False, "late, confirmed")
    desk.show(HALF_PAST + timedelta(days=2))
    assert rows() == []


def test_what_is_wrong_in_public_comes_before_what_lacks_something(desk: Desk) -> None:
    work_here()
    desk.show(at(-2000))
    promise("before", "2026-12-01 09:30 Europe/London")
    promise("after", "2026-12-02 09:30 Europe/London")
    found = first(rows())
    assert found
    assert found.release == "before"
    happens(Kind.EARLY, at(-1900), subject="after")
    found = first(rows())
    assert found
    assert found.release == "after"


def test_a_cancelled_release_is_gone_and_a_moved_one_has_moved(desk: Desk) -> None:
    promised()
    happens(Kind.CANCELLED, at(-3000), actor=HEAD)
    promise("moved", str(PROMISE))
    happens(
        Kind.RESCHEDULED,
        at(-3000),
        subject="moved",
        opens="2026-12-20 09:30 Europe/London",
        instant="2026-12-20T09:30:00.000000Z",
    )
    assert rows() == []


def test_a_correction_is_shown_though_no_calendar_has_it(desk: Desk) -> None:
    promised()
    for kind in (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED, Kind.FIRST_SEEN):
        happens(kind, at(-3000), gates=[], seal="")
    made = replace(RELEASE, opens=PROMISE, by=HEAD, reason="A wrong column.")
    assert [row.release for row in rows()] == [made]


def test_twenty_releases_take_no_more_queries_than_two(desk: Desk) -> None:
    work_here()

    def counted() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert rows()
        return len(asked)

    for number in range(2):
        promise(f"number-{number}", str(PROMISE))
    few = counted()
    for number in range(2, 20):
        promise(f"number-{number}", str(PROMISE))
    assert counted() == few <= 5


@pytest.mark.parametrize("database", ["sqlite"])
def test_who_is_on_call_at_t_is_known_to_work_here(desk: Desk, database: Any) -> None:
    promised()
    desk.more = (
        '[[on_call]]\nwho = "person-4"\ndeputy = "person-9"\n'
        f"since = {at(-86400).text()}\nuntil = {at(86400).text()}\n"
    )
    desk.told()
    [row] = rows()
    why = {lit.light: lit.why for lit in row.lights}
    assert why[Light.ON_CALL] == "person-9, on call at T, does not work here"


@pytest.mark.parametrize("said", ["untrusted", "a word of a later version"])
def test_a_clock_in_doubt_is_said_before_anything_is_due(
    desk: Desk, tmp_path: Path, said: str
) -> None:
    armed(desk, tmp_path)
    reader = client_of(HEAD)
    assert "The clock of gate" not in reader.get("/").text
    [place] = (desk.home / "shelf" / "acknowledged").glob("*.json")
    place.write_text(json.dumps({**json.loads(place.read_text()), "clock": said}))
    desk.show(at(-90 * 86400))
    shown = reader.get("/").text
    assert "Nothing of yours is due" in shown
    assert "The clock of gate" in shown
    assert "--time-from" in shown
