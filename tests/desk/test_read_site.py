"""What the public site is told by the record: everything, and what is enough for one change."""

from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ninethirty.core.announcement import Provisional, Rhythm
from ninethirty.core.facts import Kind
from ninethirty.core.site import About, State
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.add_producer import add_producer
from ninethirty.desk.actions.add_series import OTHER, add_series
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.cancel import cancel
from ninethirty.desk.actions.read_site import site_of
from ninethirty.desk.actions.replace import replace
from ninethirty.desk.actions.reschedule import reschedule
from ninethirty.desk.actions.set_date import set_date
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.setting import (
    ANNOUNCED_AT,
    HEAD,
    RELEASE,
    STATISTICIAN,
    Desk,
    happens,
    work_for,
    work_here,
)
from tests.desk.way import armed, promised

LATER = WallTime.parse("2026-12-02 09:30 Europe/London")


def now() -> Instant:
    return setup().clock().now()


def series(id: str, producer: str) -> None:
    add_series(id, id.upper(), producer=producer, by=STATISTICIAN, rhythm=Rhythm.MONTHLY)


def edition(id: str, opens: str, of: str) -> None:
    when = WallTime.parse(f"{opens} Europe/London") if ":" in opens else Provisional.parse(opens)
    announce(
        id,
        title=id,
        opens=when,
        path=f"/{id}",
        announced=ANNOUNCED_AT,
        by=STATISTICIAN,
        series=of,
    )


def test_a_release_without_a_series_belongs_to_the_producer_of_the_settings(desk: Desk) -> None:
    promised()
    site = site_of(now())
    [found] = site.editions.values()
    assert (found.id, found.series, found.path) == (RELEASE, OTHER, "/gdp")
    assert site.producer_of(found).name == "The office of examples"
    assert site.series[OTHER].producer == OWN
    assert found.state(now()) is State.DUE
    assert dict(site.counts) == {(2026, 12): 1}


def test_a_date_that_was_given_up_stays_with_the_reason_for_the_other(desk: Desk) -> None:
    work_here()
    edition("cpi/12", "2026-12", "")
    set_date("cpi/12", WallTime.parse("2026-12-30 09:30 Europe/London"), by=STATISTICIAN)
    reschedule(
        "cpi/12",
        WallTime.parse("2027-01-05 09:30 Europe/London"),
        by=HEAD,
        reason="The source was late.",
    )
    site = site_of(now())
    told = site.editions["cpi/12"].promises
    assert [str(promise.when) for promise in told] == [
        "2026-12",
        "2026-12-30 09:30 Europe/London",
        "2027-01-05 09:30 Europe/London",
    ]
    assert [promise.reason for promise in told] == ["", "", "The source was late."]
    assert site.editions["cpi/12"].moved
    assert dict(site.counts) == {(2026, 12): 1, (2027, 1): 1}


def test_what_is_armed_is_a_version_and_what_is_held_is_none(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    [version] = site_of(now()).editions[RELEASE].versions
    assert version.opens == HALF_PAST
    assert [file.name for file in version.files] == ["data.csv"]
    assert "It grew by 0.3%" in version.body
    happens(Kind.HELD, subject=RELEASE)
    told = site_of(HALF_PAST).editions[RELEASE]
    assert told.versions == ()
    assert [notice.about for notice in told.notices] == [About.HELD]


def test_the_reason_for_a_hold_is_not_published_and_that_for_a_cancellation_is(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    happens(Kind.HELD, subject=RELEASE, reason_kept=1)
    cancel(RELEASE, by=HEAD, reason="There will be none.")
    held, cancelled = site_of(HALF_PAST).editions[RELEASE].notices
    assert (held.about, held.reason) == (About.HELD, "")
    assert (cancelled.about, cancelled.reason) == (About.CANCELLED, "There will be none.")


def test_a_correction_is_another_version_of_the_same_edition(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    for kind in (Kind.ON_TIME, Kind.CLOSED):
        happens(kind, subject=RELEASE)
    correction = replace(RELEASE, opens=LATER, by=HEAD, reason="A cell was wrong.")
    first = Release.objects.get(id=RELEASE)
    Release.objects.filter(id=correction).update(
        manifest={**(first.manifest or {}), "opens": str(LATER)}
    )
    for kind in (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
        happens(kind, subject=correction)
    for touched in (None, [correction]):
        site = site_of(now(), touched)
        assert list(site.editions) == [RELEASE]
        one, two = site.editions[RELEASE].versions
        assert (one.correction, two.correction) == ("", "A cell was wrong.")
        assert two.opens == LATER.resolve()
        assert len(site.editions[RELEASE].promises) == 1
        assert dict(site.counts) == {(2026, 12): 1}


def test_the_tenth_correction_comes_after_the_second(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    manifest, last = Release.objects.get(id=RELEASE).manifest or {}, RELEASE
    for n in range(1, 11):
        for kind in (Kind.ON_TIME, Kind.CLOSED):
            happens(kind, subject=last)
        last = replace(last, opens=LATER, by=HEAD, reason=f"Reason {n}.")
        Release.objects.filter(id=last).update(manifest={**manifest, "opens": str(LATER)})
        for kind in (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
            happens(kind, subject=last)
    for touched in (None, [last]):
        versions = site_of(now(), touched).editions[RELEASE].versions
        said = [version.correction for version in versions]
        assert said == ["", *(f"Reason {n}." for n in range(1, 11))]
    sooner = {**manifest, "opens": "2026-12-01 11:00 Europe/London"}
    Release.objects.filter(id=last).update(manifest=sooner)
    assert site_of(now()).editions[RELEASE].versions[1].correction == "Reason 10."


def test_of_what_is_late_it_is_told_where_else_it_is(desk: Desk) -> None:
    promised()
    happens(Kind.LATE, subject=RELEASE)
    [notice] = site_of(HALF_PAST).editions[RELEASE].notices
    assert (notice.about, notice.alternate) == (About.LATE, "http://statistics.example/gdp")


def weekday(day: date) -> date:
    return day if day.weekday() < 5 else weekday(day + timedelta(days=1))


def a_busy_office(desk: Desk) -> None:
    """Three producers with two series each, whose releases lie years apart."""
    work_here()
    minutes = count(-10_000)
    for p in range(3):
        add_producer(f"p{p}", f"Producer {p}", by=HEAD)
        work_for(f"p{p}")
        for s in range(2):
            series(f"s{p}{s}", f"p{p}")
            for year in range(2027, 2035):
                desk.show(at(60 * next(minutes)))
                edition(
                    f"s{p}{s}/{year}", f"{weekday(date(year, p + 3, 10 + s))} 09:30", f"s{p}{s}"
                )
    desk.show(at(-60))


@pytest.mark.parametrize("name", ["s00/2030", "s11/2028", "s21/2034"])
def test_what_is_read_for_one_change_is_all_that_the_site_keeps_around_it(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ninethirty.core.site", "ninethirty.desk.actions.read_site"):
        monkeypatch.setattr(f"{module}.LATEST", 4)
        monkeypatch.setattr(f"{module}.NEXT", 3)
    a_busy_office(desk)
    reschedule(
        name,
        WallTime.parse("2033-06-14 09:30 Europe/London"),
        by=HEAD,
        reason="It moved.",
    )
    whole, part = site_of(now()), site_of(now(), [name])
    wanted = whole.around([name])
    assert wanted.editions.keys() <= part.editions.keys() < whole.editions.keys()
    assert {id: part.editions[id] for id in wanted.editions} == dict(wanted.editions)
    assert (part.producers, part.series, part.counts) == (
        whole.producers,
        whole.series,
        whole.counts,
    )


def test_the_number_of_queries_does_not_grow_with_the_site(desk: Desk) -> None:
    work_here()

    def queries(around: list[str] | None) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            site_of(now(), around)
        return len(seen)

    edition("a/1", "2027-03-09 09:30", "")
    before = queries(None), queries(["a/1"])
    for n in range(2, 30):
        edition(f"a/{n}", f"2027-03-{1 + n % 5:02} 09:30", "")
    assert (queries(None), queries(["a/1"])) == before


def test_what_opened_lately_is_read_for_any_change(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    edition("far/1", "2029-03-09 09:30", "")
    assert RELEASE in site_of(HALF_PAST + timedelta(days=900), ["far/1"]).editions
