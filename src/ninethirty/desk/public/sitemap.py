"""What is where on the site, for crawlers: sitemaps of each month, and the index of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from xml.sax.saxutils import escape

from ninethirty.core.site import Edition, Listing, Month, Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.page import Page, Shown

INDEX = "/sitemap.xml"
MEDIA_TYPE = "application/xml"

LARGEST = 50_000
"""Addresses in one sitemap: sitemaps.org allows no more."""

K = TypeVar("K")

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_path(month: Month | None, part: int = 0) -> str:
    """Of the releases of a month; None: of the pages that are no release. part: of a month, or of
    pages, that are too many for one."""
    more = f"-{part + 1}" if part else ""
    return f"/sitemap/{f'{month[0]:04}-{month[1]:02}' if month else 'pages'}{more}.xml"


def sitemap_index(site: Site, pages: int, months: Mapping[Month, int]) -> bytes:
    """pages: how many are no release. months: how many releases each has at most."""
    counts = [(None, pages), *sorted(months.items())]
    places = [sitemap_path(month, part) for month, count in counts for part in _parts(count)]
    listed = "".join(f"<sitemap><loc>{_url(site, place)}</loc></sitemap>\n" for place in places)
    return f'{_HEAD}<sitemapindex xmlns="{_SCHEMA}">\n{listed}</sitemapindex>\n'.encode()


def sitemap_of_pages(site: Site, paths: Iterable[str]) -> bytes:
    return _set(f"<url><loc>{_url(site, path)}</loc></url>\n" for path in paths)


def sitemap_of_month(site: Site, month: Month, editions: Iterable[Edition], at: Instant) -> bytes:
    """Those releases for which that month is promised now. editions: that are or were, and no more
    than one sitemap holds."""
    told = (edition for one in editions if (edition := one.as_of(at)))
    return _set(
        f"<url><loc>{_url(site, edition.path)}</loc>"
        f"<lastmod>{edition.changed().text()}</lastmod></url>\n"
        for edition in told
        if (edition.promise.day.year, edition.promise.day.month) == month
    )


def page_of_sitemap(site: Site, month: Month) -> Page:
    editions = site.by_month.get(month, ())

    def files(at: Instant) -> dict[str, Shown]:
        return {
            sitemap_path(month, part): Shown(
                sitemap_of_month(site, month, _part(editions, part), at), MEDIA_TYPE
            )
            for part in _parts(len(editions))
        }

    said = Listing("", sitemap_path(month), editions).changes
    return Page(f"site{sitemap_path(month)}", said, files)


def page_of_sitemaps(site: Site, paths: Iterable[str]) -> Page:
    """The index, sitemaps of the pages that are no release, and what crawlers ask for first."""
    every = list(paths)

    def files(at: Instant) -> dict[str, Shown]:
        index = sitemap_index(site, len(every), site.counts_by_month)
        return {
            INDEX: Shown(index, MEDIA_TYPE),
            "/robots.txt": Shown(robots(site), "text/plain; charset=utf-8"),
            **{
                sitemap_path(None, part): Shown(
                    sitemap_of_pages(site, _part(every, part)), MEDIA_TYPE
                )
                for part in _parts(len(every))
            },
        }

    return Page("site/sitemap", (), files)


def robots(site: Site) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {site.base}{INDEX}\n".encode()


def _parts(count: int) -> range:
    return range(max(1, -(-count // LARGEST)))


def _part(everything: Sequence[K], part: int) -> Sequence[K]:
    return everything[part * LARGEST : (part + 1) * LARGEST]


def _set(entries: Iterable[str]) -> bytes:
    return f'{_HEAD}<urlset xmlns="{_SCHEMA}">\n{"".join(entries)}</urlset>\n'.encode()


def _url(site: Site, path: str) -> str:
    return escape(f"{site.base}{path}")
