"""The public site: what one change costs in a large one and in one ten times as large, how fast a
whole site is rendered, and how heavy a page is.

A change is measured from what is around it (core/site.py, `Site.around`) to a signed schedule, with
every file synced to the disk. The shelf holds a document for each release of the site already.
"""

import gc
import gzip
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.sealing import Desk
from ninethirty.core.announcement import Rhythm
from ninethirty.core.site import Edition, File, Preview, Producer, Promise, Series, Site, Version
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.public.build import render, render_all
from ninethirty.desk.public.page import Page
from ninethirty.desk.public.site import pages, pages_showing
from ninethirty.desk.public.style import assets
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.shelving.show import Armed, arm

ZONE = "Europe/London"
NOW = Instant.parse("2026-11-24T12:00:00Z")
SAID = Instant.parse("2020-01-06T10:00:00Z")
FIRST = date(2018, 1, 1)
DAYS = 3650
"""Releases lie evenly over ten years of weekdays, nine of them past."""

RELEASES, SERIES, PRODUCERS = 10_000, 500, 100
TIMES = 10
TRIES = 5
PROCESSES = 2
FILES = (
    File("tables.ods", "9a" * 32, 1_204_000, "application/vnd.oasis.opendocument.spreadsheet"),
    File(
        "data.csv",
        "3f" * 32,
        48_213,
        "text/csv; charset=utf-8",
        Preview(tuple((f"2026-{n:02}", "4.1", "North") for n in range(1, 7)), more=118),
    ),
)
BODY = '<h2 class="govuk-heading-m">Main points</h2>' + (
    '<p class="govuk-body">The rate was 4.0% in October 2026, down from 4.1% in September.</p>' * 12
)


def measure() -> list[Figure]:
    found: list[Figure] = []
    costs: dict[str, list[float]] = {}
    for times in (1, TIMES):
        site = a_site(RELEASES * times, SERIES * times, PRODUCERS * times)
        # A desk reads what is around a change, so it has no whole site for Python to walk through.
        gc.freeze()
        size = f"{len(site.editions):,} releases"
        with tempfile.TemporaryDirectory() as folder:
            shelf = _shelf(Path(folder), site)
            for name, change in CHANGES.items():
                seconds, worked, done = _change(shelf, site, change)
                costs.setdefault(name, []).append(worked)
                bar = {"most": 1.0} if times == 1 else {}
                found.append(Figure(f"{name}, {size}, s", round(seconds, 3), **bar))
                found.append(Figure(f"{name}, {size}, s of a processor", round(worked, 3)))
                found.append(Figure(f"{name}, {size}, files rendered", done.rendered))
                found.append(Figure(f"{name}, {size}, files changed", done.changed))
    for name, (one, ten) in costs.items():
        found.append(
            Figure(f"{name}: {TIMES} times the size, times the work", round(ten / one, 2), most=2)
        )
    return [*found, *_whole(), *_weight()]


def a_site(releases: int, series: int, producers: int) -> Site:
    made = {}
    for n in range(releases):
        day = FIRST + timedelta(days=n * 7919 % DAYS)
        day -= timedelta(days=max(0, day.weekday() - 4))
        promise = Promise(_half_past_nine(day), SAID)
        assert promise.opens is not None
        versions = (Version(promise.opens, FILES, BODY, "7c" * 32),)
        armed = versions if promise.opens < NOW + timedelta(days=3) else ()
        id = f"release-{n}"
        made[id] = Edition(
            id, f"Release {n} of a series", f"series-{n % series}", f"/r/{id}", (promise,), armed
        )
    return Site(
        "Statistics of an example",
        "https://statistics.example",
        {f"p-{n}": Producer(f"p-{n}", f"Producer {n}") for n in range(producers)},
        {
            f"series-{n}": Series(
                f"series-{n}", f"Series {n}", f"p-{n % producers}", Rhythm.MONTHLY
            )
            for n in range(series)
        },
        made,
        NOW,
    )


def _half_past_nine(day: date) -> WallTime:
    return WallTime(datetime.combine(day, clock(9, 30)), ZONE)


def _announced(site: Site, now: Instant) -> Edition:
    """A new one, in three weeks."""
    promise = Promise(_half_past_nine(date(2026, 12, 15)), now)
    return Edition(f"new-{now:%f}", "A new release", "series-7", f"/r/new-{now:%f}", (promise,))


def _moved(site: Site, now: Instant) -> Edition:
    """From the day after tomorrow, which is within the horizon, to a week later."""
    to_come = (one for one in site.editions.values() if one.promise.day > date(2026, 11, 25))
    old = min(to_come, key=lambda one: one.promise.day)
    promise = Promise(_half_past_nine(date(2026, 12, 3)), now, "The data came late.")
    return replace(old, promises=(*old.promises, promise), versions=())


def _corrected(site: Site, now: Instant) -> Edition:
    """What was published yesterday, at once."""
    past = (one for one in site.editions.values() if one.promise.day < date(2026, 11, 24))
    old = max(past, key=lambda one: one.promise.day)
    right = Version(now, FILES, BODY, "8d" * 32, "Table 1 had the wrong year.")
    return replace(old, versions=(*old.versions, right))


CHANGES: dict[str, Callable[[Site, Instant], Edition]] = {
    "announced": _announced,
    "moved": _moved,
    "corrected": _corrected,
}


def _change(
    shelf: Shelf, site: Site, change: Callable[[Site, Instant], Edition]
) -> tuple[float, float, Armed]:
    """Seconds, and seconds of a processor, of which half of several tries need no more; and what
    was done in the last."""
    took, worked = [], []
    for n in range(TRIES):
        now = NOW + timedelta(minutes=1, microseconds=n)
        edition = change(site, now)
        before = site.around([edition.id])
        if edition.id in before.editions:
            _shown(shelf, before, edition.id, NOW)
        changed = replace(site, editions={**site.editions, edition.id: edition}, as_of=now)
        around = changed.around([edition.id])
        begun, begun_to_work = time.perf_counter(), time.process_time()
        done = _shown(shelf, around, edition.id, now)
        took.append(time.perf_counter() - begun)
        worked.append(time.process_time() - begun_to_work)
        assert done.changed, "nothing was shown"
    return median(took), median(worked), done


def _shown(shelf: Shelf, site: Site, touched: str, now: Instant) -> Armed:
    return arm(shelf, [render(page, now) for page in pages_showing(site, [touched])], now)


def _shelf(folder: Path, site: Site) -> Shelf:
    """With a document for each release, as large a list of them as the site would have."""
    desk = Desk(folder)
    content = desk.content(BODY.encode())
    desk.add_many(len(site.editions), "/filler", content, NOW)
    desk.sign()
    return Shelf(desk.folder, desk.key, site="bench.example", drill=False)


def _whole() -> list[Figure]:
    site = a_site(RELEASES, SERIES, PRODUCERS)
    count = 0

    def counted(site: Site) -> list[Page]:
        return list(pages(site))

    begun = time.perf_counter()
    for page in render_all(site, counted, NOW, PROCESSES):
        count += sum(len(files) for _, files in page.turns)
    seconds = time.perf_counter() - begun
    return [
        Figure(f"whole site of {RELEASES:,}: files", count),
        Figure(
            f"whole site, {PROCESSES} processes, files a second", round(count / seconds), least=500
        ),
    ]


def _weight() -> list[Figure]:
    site = a_site(RELEASES // 100, 5, 2)
    page = next(one for one in pages(site) if one.own)
    body = next(iter(page.files(NOW).values())).body
    asked = sum(len(gzip.compress(one.body)) for one in assets().values())
    weight = (len(gzip.compress(body)) + asked) / 1000
    return [
        Figure("a release's page with style and scripts, kB compressed", round(weight, 1), most=60)
    ]
