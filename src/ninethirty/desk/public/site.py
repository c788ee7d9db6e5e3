"""Every page of the site, and those that show a release."""

from collections.abc import Collection, Iterable, Iterator

from ninethirty.core.site import Edition, Listing, Series, Site, months
from ninethirty.desk.public.calendar import (
    days_of,
    page_of_all_dates,
    page_of_calendar,
    page_of_day,
    page_of_month,
    page_of_year,
)
from ninethirty.desk.public.catalogue import page_of_catalogues
from ninethirty.desk.public.lists import (
    page_of_producer,
    page_of_producers,
    page_of_search,
    page_of_searched,
    page_of_series,
    pages_of_letters,
)
from ninethirty.desk.public.page import Page
from ninethirty.desk.public.release import page_of_release
from ninethirty.desk.public.sitemap import page_of_sitemap, page_of_sitemaps
from ninethirty.desk.public.style import assets
from ninethirty.desk.public.texts import pages_of_text
from ninethirty.desk.public.today import page_of_changes, page_of_status, page_of_today


def pages(site: Site) -> Iterator[Page]:
    """All of them. `site` is whole."""
    yield from pages_standing(site)
    yield from (page_of_release(site, edition) for edition in site.editions.values())
    yield from pages_shared(site)


def pages_standing(site: Site) -> Iterator[Page]:
    """Those that no release changes: lists of producers and series, words about the site."""
    yield page_of_assets()
    yield page_of_producers(site)
    yield from pages_of_letters(site)
    yield from pages_of_text(site)
    yield page_of_catalogues(site)


def page_of_assets() -> Page:
    """Its own, so that addresses of another version stay: a page that was made then names them."""
    return Page("site/assets", (), lambda at: assets(), own=True)


def pages_listing(site: Site) -> Iterator[Page]:
    """Those that a new producer or series is told on."""
    yield from pages_standing(site)
    yield page_of_search(site)
    yield from (page_of_series(site, one) for one in site.series.values())
    yield from (page_of_producer(site, one) for one in site.producers.values())


def pages_showing(site: Site, touched: Collection[str]) -> Iterator[Page]:
    """Those that show one of these releases. `site` is whole, or what is around them."""
    editions = [site.editions[id] for id in touched if id in site.editions]
    series = {edition.series: site.series[edition.series] for edition in editions}
    yield from (page_of_release(site, edition) for edition in editions)
    yield from _shared(site, editions, series.values(), {s.producer for s in series.values()})


def pages_shared(site: Site) -> Iterator[Page]:
    """Those that many releases share, which are rolled forward."""
    yield page_of_all_dates(site)
    yield from _shared(site, site.editions.values(), site.series.values(), site.producers)


def _shared(
    site: Site, editions: Collection[Edition], series: Iterable[Series], producers: Iterable[str]
) -> Iterator[Page]:
    near = Listing(site.name, "/", tuple(site.around(()).editions.values()))
    yield page_of_today(site, near)
    yield page_of_calendar(site, near)
    yield page_of_status(site, near)
    yield page_of_changes(site, near)
    yield page_of_search(site)
    yield page_of_sitemaps(site, _standing(site))
    yield from (page_of_series(site, one) for one in series)
    yield from (page_of_producer(site, site.producers[id]) for id in sorted(producers))
    shared = sorted({month for edition in editions for month in months(edition)})
    yield from (page_of_month(site, month) for month in shared)
    yield from (page_of_searched(site, month) for month in shared)
    yield from (page_of_sitemap(site, month) for month in shared)
    yield from (page_of_year(site, year) for year in sorted({year for year, _ in shared}))
    yield from (page_of_day(site, day) for day in sorted(days_of(editions)))


def _standing(site: Site) -> Iterator[str]:
    """Addresses that are there whatever is released, for crawlers."""
    yield from ("/", "/calendar", "/producers", "/a-to-z", "/changes", "/status", "/search")
    yield from ("/how-we-measure", "/accessibility", "/register", "/punctuality")
    yield from sorted(one.path for one in site.producers.values())
    yield from sorted(one.path for one in site.series.values())
