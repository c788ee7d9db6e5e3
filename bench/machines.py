"""What programs read of the public site: CPU for one document of each kind, and how large it is.

Of a site of 10,000 releases. A calendar is measured twice: its entries are kept from the first time
on, and a change makes one of them anew.
"""

import time
from collections.abc import Callable
from statistics import median

from bench.figure import Figure
from bench.site import NOW, PRODUCERS, RELEASES, SERIES, a_site
from ninethirty.core.site import Listing
from ninethirty.desk.public.catalogue import catalogue
from ninethirty.desk.public.data import listing_json, release_json
from ninethirty.desk.public.feeds import atom, rss
from ninethirty.desk.public.ics import ics
from ninethirty.desk.public.linked import release_json_ld
from ninethirty.desk.public.sitemap import sitemap_of_month

TRIES = 7


def measure() -> list[Figure]:
    site = a_site(RELEASES, SERIES, PRODUCERS)
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
