"""Promises taken up from GOV.UK, and the site read from the record, on both databases.

5,000 announcements of a stand-in on loopback, over its search; then the same again. The record then
grows to 10,000 releases of 500 series, which the site is read from: whole, and around one change.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.databases import figures_on_both
from bench.figure import Figure
from ninethirty.core.times import RealClock
from ninethirty.desk.command import prepare
from ninethirty.standin.announcements import Announcements, example
from ninethirty.standin.log import Memory
from ninethirty.standin.serving import Serving

COUNT = 5000
RELEASES, SERIES, PRODUCERS = 10_000, 500, 100
TIMES = 7


def measure() -> list[Figure]:
    return figures_on_both(_measure)


def _measure(home: Path) -> list[Figure]:
    prepare(home)
    from ninethirty.core.release import Role
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.record.models import Person
    from ninethirty.desk.setup import setup

    make_fit(setup())
    Person.objects.create(id="head", name="head", role=Role.HEAD_OF_PROFESSION)
    clock = RealClock()
    function = Announcements(example(COUNT, clock.now(), 1), clock, Memory())
    with Serving(function, clock, ["127.0.0.1"], 0) as server:
        first, changed = _taken_up(server.url)
        again, unchanged = _taken_up(server.url)
    assert changed >= COUNT, f"{changed} changed"
    return [
        Figure(f"s to take up {COUNT:,} announcements", first, most=20),
        Figure("s to see that nothing changed", again),
        Figure("changes the second time", unchanged, most=0),
        *_site(),
    ]


def _taken_up(url: str) -> tuple[float, int]:
    """Seconds, and how many changes."""
    from ninethirty.desk.actions.take_up import plan, take_up
    from ninethirty.desk.outside.calendars.sources import ask_govuk

    begun = time.monotonic()
    planned = plan(ask_govuk(url, "bench", ["127.0.0.1"]))
    count = sum(1 for _ in take_up(planned, by="head"))
    assert not planned.odd, planned.odd[:3]
    return round(time.monotonic() - begun, 2), count


def _site() -> list[Figure]:
    from ninethirty.desk.actions.read_site import site_of
    from ninethirty.desk.record.models import Release, Series

    _spread_over_series()
    now = RealClock().now()
    one = Release.objects.exclude(opens="").values_list("id", flat=True)[RELEASES // 3]
    whole, around = _seconds(lambda: site_of(now)), _seconds(lambda: site_of(now, [one]))
    size, part = len(site_of(now).editions), len(site_of(now, [one]).editions)
    assert (size, Series.objects.count()) == (RELEASES, SERIES)
    return [
        Figure(f"s to read a site of {size:,} releases", whole, most=1),
        Figure("s to read what is around one change", around),
        Figure("releases read for it", part),
    ]


def _spread_over_series() -> None:
    """More releases, and all of them given to series of many producers."""
    from ninethirty.desk.actions.take_up import plan, take_up
    from ninethirty.desk.outside.calendars.found import Found
    from ninethirty.desk.outside.calendars.govuk import read_document
    from ninethirty.desk.record.models import Producer, Release, Series

    Producer.objects.bulk_create(
        Producer(id=f"producer-{n}", name=f"Producer {n}") for n in range(PRODUCERS)
    )
    Series.objects.bulk_create(
        Series(id=f"series-{n}", title=f"Series {n}", producer=f"producer-{n % PRODUCERS}")
        for n in range(SERIES)
    )
    more = example(RELEASES - COUNT, RealClock().now(), 2)
    found: list[Found] = []
    for told in more:
        found.append(read_document({**told, "link": f"{told['link']}-more"}))
    for _ in take_up(plan(found), by="head"):
        pass
    rows = list(Release.objects.order_by("id").only("id"))
    for place, row in enumerate(rows):
        row.series = f"series-{place % SERIES}"
    Release.objects.bulk_update(rows, ["series"], batch_size=500)


def _seconds(does: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        begun = time.monotonic()
        does()
        took.append(time.monotonic() - begun)
    return round(median(took), 3)
