"""The public site: what one change costs in a large one and in one ten times as large, how fast a
whole site is rendered, how heavy a page is, and whether all of it turns at T.

A change is measured from the news in the record to a signed schedule, as the runner does it
(`actions/show.py`): what is around the change is read from the database, rendered and armed, with
every file synced to the disk. What people do before it, such as promising the date, is not counted.

Ten times the size is the country instead of one office: ten times the producers, series and
releases, of three times as many years, so that each day holds about three times as many.
"""

import gzip
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.figure import Figure
from bench.service import Size, dates, fact_of, fill, half_past_nine, manifest_of
from ninethirty.core.document import SigningKey
from ninethirty.core.times import Instant, RealClock, WallTime, at_local
from ninethirty.desk.command import prepare

ONE = Size(releases=10_000, series=500, producers=100, years=10)
TEN = Size(releases=100_000, series=5_000, producers=1_000, years=30)
TRIES = 5
PROCESSES = 2
SMALLER = int(os.environ.get("NINETHIRTY_BENCH_SMALLER", "1"))
"""For a look while working: so many times fewer."""

Costs = dict[str, tuple[float, float, dict[str, int]]]
"""Of a change: seconds, seconds of our own processor time, and what was done."""


def measure() -> list[Figure]:
    one, whole = _apart(ONE, whole=True)
    ten, _ = _apart(TEN, whole=False)
    found: list[Figure] = []
    for size, costs in ((ONE, one), (TEN, ten)):
        for name, (seconds, worked, done) in costs.items():
            what = f"{name}, {size.releases // SMALLER:,} releases"
            found.append(Figure(f"{what}, s", seconds, most=1 if size is ONE else None))
            found.append(Figure(f"{what}, s of a processor", worked))
            found.append(Figure(f"{what}, files rendered", done["rendered"]))
            found.append(Figure(f"{what}, files changed", done["changed"]))
    for name in one:
        times = round(ten[name][1] / one[name][1], 2)
        found.append(Figure(f"{name}: ten times the size, times the work", times, most=2))
    return [*found, *whole, *_burst()]


def _apart(size: Size, *, whole: bool) -> tuple[Costs, list[Figure]]:
    """In a process of its own, since Django is told its database once."""
    releases, series, producers = (number // SMALLER for number in size[:3])
    size = Size(releases, series, producers, size.years)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        told = 'site = "https://statistics.example"\nproducer = "An example"\n'
        (home / "desk.toml").write_text(f"{told}public_site = true\n")
        (home / "desk.key").write_text(SigningKey.new().secret())
        spawned = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=1, mp_context=spawned) as process:
            return process.submit(_measure, home, size, whole).result()


def _measure(home: Path, size: Size, whole: bool) -> tuple[Costs, list[Figure]]:
    prepare(home)
    from ninethirty.core.facts import Kind
    from ninethirty.core.rolling import HORIZON, SUBJECT
    from ninethirty.desk.record.facts import append
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.record.models import FactRow
    from ninethirty.desk.setup import setup

    make_fit(setup())
    now = RealClock().now()
    fill(size, now)
    newest = FactRow.objects.order_by("-id").values_list("id", flat=True)[0]
    details = {"until": (now + HORIZON).text(), "seen": newest + 1}
    append(SUBJECT, Kind.SITE_SHOWN, at=now, recorded=now, actor="bench", details=details)
    costs = {name: _cost(change, size) for name, change in CHANGES.items()}
    return costs, [*_whole(size), *_weight()] if whole else []


def _announced(size: Size, n: int) -> None:
    """A new one, in three weeks."""
    from ninethirty.desk.actions.announce import announce

    announce(
        f"new-{n}",
        title="A new release",
        opens=half_past_nine(_weekday(21)),
        path=f"/r/new-{n}",
        announced="https://statistics.example/new",
        series="s-7",
        by="head",
        unscheduled="It is needed.",
    )


def _moved(size: Size, n: int) -> None:
    """From two days on, which is within the horizon, to a week later, and back."""
    from ninethirty.desk.actions.reschedule import reschedule

    day = _weekday(9 if n % 2 == 0 else 2)
    release = f"r-{_number_on(size, _weekday(2))}"
    reschedule(release, half_past_nine(day), by="head", reason="The data came late.", binding=False)


def _corrected(size: Size, n: int) -> None:
    """What was published yesterday, within the hour."""
    from ninethirty.core.facts import Kind
    from ninethirty.core.release import Stage
    from ninethirty.desk.record.models import Message, Release

    now = RealClock().now()
    row = Release.objects.get(id=f"r-{_number_on(size, _weekday(-1))}")
    soon = at_local(now + timedelta(hours=1), "Europe/London").replace(tzinfo=None)
    opens = WallTime(soon.replace(second=0, microsecond=0), "Europe/London")
    manifest = row.manifest
    assert manifest is not None, "it is public"
    reason = Message.objects.create(
        subject=row.id, channel="desk", at=now, key=f"bench-{n}", text="A year was wrong."
    )
    Release.objects.create(
        id=f"{row.id}-{n}",
        title=row.title,
        series=row.series,
        opens=str(opens),
        path=row.path,
        announced=row.announced,
        manifest=manifest_of(row.id, opens, manifest["files"]),
        seal=f"{n:064}",
        stage=Stage.ARMED,
        replaces=row.id,
    )
    told = {"correction": f"{row.id}-{n}", "reason_kept": reason.id}
    fact_of(row.id, 2 + n, Kind.REPLACED, now, told).save()


CHANGES: dict[str, Callable[[Size, int], None]] = {
    "announced": _announced,
    "moved": _moved,
    "corrected": _corrected,
}


def _cost(change: Callable[[Size, int], None], size: Size) -> tuple[float, float, dict[str, int]]:
    """Half of several tries need no more; what was done is of the last. The first is not counted:
    it shows pages that were never shown here."""
    from ninethirty.desk.actions.show import latest, roll

    took, worked = [], []
    for n in range(TRIES + 1):
        change(size, n)
        begun, begun_to_work = time.perf_counter(), time.process_time()
        done = roll(by="bench")
        took.append(time.perf_counter() - begun)
        worked.append(time.process_time() - begun_to_work)
        assert done, "nothing was due"
        assert done.changed, "nothing was shown"
    last = latest()
    assert last is not None
    return round(median(took[1:]), 3), round(median(worked[1:]), 3), last.details


def _weekday(days: int) -> date:
    """So many days from today, or the next weekday from there; of days past the one before."""
    day = at_local(RealClock().now(), "Europe/London").date() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1 if days > 0 else -1)
    return day


def _number_on(size: Size, day: date) -> int:
    """Of a release promised for that day, or the first after it."""
    today = at_local(RealClock().now(), "Europe/London").date()
    return next(n for n, on in enumerate(dates(size, today)) if on >= day)


def _whole(size: Size) -> list[Figure]:
    from ninethirty.desk.actions.show import read
    from ninethirty.desk.public.build import render_all
    from ninethirty.desk.public.site import pages

    now = RealClock().now()
    begun = time.perf_counter()
    site = read(now)
    read_s = time.perf_counter() - begun
    begun = time.perf_counter()
    made = sum(
        len(files) for page in render_all(site, pages, now, PROCESSES) for _, files in page.turns
    )
    seconds = time.perf_counter() - begun
    what = f"whole site of {len(site.editions):,}"
    return [
        Figure(f"{what}: s to read it from the database", round(read_s, 2)),
        Figure(f"{what}: files", made),
        Figure(f"{what}: files a second, {PROCESSES} processes", round(made / seconds), least=500),
    ]


def _weight() -> list[Figure]:
    from ninethirty.desk.actions.show import read
    from ninethirty.desk.public.release import page_of_release
    from ninethirty.desk.public.style import assets

    now: Instant = RealClock().now()
    site = read(now, ["r-0"])
    body = page_of_release(site, site.editions["r-0"]).files(now)["/r/r-0"].body
    asked = sum(len(gzip.compress(one.body)) for one in assets().values())
    weight = (len(gzip.compress(body)) + asked) / 1000
    return [
        Figure("a release's page with style and scripts, kB compressed", round(weight, 1), most=60)
    ]


def _burst() -> list[Figure]:
    """Pages, feeds and calendars asked for together, at the gate and through nginx, around T."""
    from tests.desk.public.test_show import looks_around_t

    with tempfile.TemporaryDirectory() as folder:
        opens, told, seen = looks_around_t(Path(folder))
    after: list[Any] = [(path, body) for path, begun, body, _ in seen if begun >= opens]
    mixed = sum(body != told[path][1] for path, body in after)
    return [
        Figure("burst begun at T or later, files asked for", len(after)),
        Figure("of them not those of T", mixed, most=0),
    ]
