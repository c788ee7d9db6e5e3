"""What programs read of the public site: CPU for one document of each kind, and how large it is.

Of a site of 10,000 releases. A calendar is measured twice: its entries are kept from the first time
on, and a change makes one of them anew.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from bench.figure import Figure
from bench.service import half_past_nine
from ninethirty.core.announcement import Rhythm
from ninethirty.core.site import (
    Edition,
    File,
    Listing,
    Preview,
    Producer,
    Promise,
    Series,
    Site,
    Version,
)
from ninethirty.core.times import Instant
from ninethirty.desk.public.catalogue import catalogue
from ninethirty.desk.public.data import listing_json, release_json
from ninethirty.desk.public.feeds import atom, rss
from ninethirty.desk.public.ics import ics
from ninethirty.desk.public.linked import release_json_ld
from ninethirty.desk.public.sitemap import sitemap_of_month

NOW = Instant.parse("2026-11-24T12:00:00Z")
SAID = Instant.parse("2020-01-06T10:00:00Z")
FIRST = date(2018, 1, 1)
DAYS = 3650
"""Releases lie evenly over ten years of weekdays, nine of them past."""

RELEASES, SERIES, PRODUCERS = 10_000, 500, 100
TRIES = 7
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
    site = a_site()
    producer, series = site.producers["p-0"], site.series["series-0"]
    near = Listing(site.name, "/", tuple(site.around(()).editions.values()))
    issued = Listing(producer.name, producer.path, site.by_producer["p-0"])
    edited = Listing(series.title, series.path, site.by_series["series-0"])
    release = next(one for one in site.editions.values() if one.as_of(NOW) and one.versions)
    month, released = max(site.by_month.items(), key=lambda one: len(one[1]))
    found = _cost("a producer's calendar the first time", lambda: ics(site, issued, NOW), 1)
    for name, listing in (("site", near), ("producer", issued), ("series", edited)):
        of = f"of the {name}, {len(listing.editions)} releases"
        for write in (atom, rss, ics, listing_json):
            found += _cost(f"{write.__name__} {of}", lambda w=write, o=listing: w(site, o, NOW))  # type: ignore[misc]
    found += _cost("JSON of a release", lambda: release_json(site, release, NOW))
    found += _cost("JSON-LD of a release", lambda: release_json_ld(site, release, NOW).encode())
    found += _cost(
        f"catalogue of a producer, {len(issued.editions)} releases",
        lambda: catalogue(site, producer, issued.editions, NOW),
    )
    found += _cost(
        f"sitemap of a month, {len(released)} releases",
        lambda: sitemap_of_month(site, month, released, NOW),
    )
    return found


def a_site() -> Site:
    made = {}
    for n in range(RELEASES):
        day = FIRST + timedelta(days=n * 7919 % DAYS)
        day -= timedelta(days=max(0, day.weekday() - 4))
        promise = Promise(half_past_nine(day), SAID)
        assert promise.opens is not None
        versions = (Version(promise.opens, FILES, BODY, "7c" * 32),)
        armed = versions if promise.opens < NOW + timedelta(days=3) else ()
        id = f"release-{n}"
        made[id] = Edition(
            id, f"Release {n} of a series", f"series-{n % SERIES}", f"/r/{id}", (promise,), armed
        )
    return Site(
        "Statistics of an example",
        "https://statistics.example",
        {f"p-{n}": Producer(f"p-{n}", f"Producer {n}") for n in range(PRODUCERS)},
        {
            f"series-{n}": Series(
                f"series-{n}", f"Series {n}", f"p-{n % PRODUCERS}", Rhythm.MONTHLY
            )
            for n in range(SERIES)
        },
        made,
        NOW,
    )


def _cost(what: str, write: Callable[[], bytes], tries: int = TRIES) -> list[Figure]:
    took, size = [], 0
    for _ in range(tries):
        start = time.process_time()
        size = len(write())
        took.append(time.process_time() - start)
    return [
        Figure(f"{what}, CPU ms", round(1000 * median(took), 2)),
        Figure(f"{what}, bytes", size),
    ]
