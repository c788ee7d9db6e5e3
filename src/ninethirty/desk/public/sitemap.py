"""What is where on the site, for crawlers: a sitemap for each month, and the index of them."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from ninethirty.core.site import Edition, Listing, Month, Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.page import Page, Shown

INDEX = "/sitemap.xml"
MEDIA_TYPE = "application/xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_path(month: Month | None) -> str:
    """Of the releases of a month; None: of the pages that are no release."""
    return f"/sitemap/{month[0]:04}-{month[1]:02}.xml" if month else "/sitemap/pages.xml"


def sitemap_index(site: Site, months: Iterable[Month]) -> bytes:
    places = [sitemap_path(None), *(sitemap_path(month) for month in sorted(months))]
    listed = "".join(f"<sitemap><loc>{_url(site, place)}</loc></sitemap>\n" for place in places)
    return f'{_HEAD}<sitemapindex xmlns="{_SCHEMA}">\n{listed}</sitemapindex>\n'.encode()


def sitemap_of_pages(site: Site, paths: Iterable[str]) -> bytes:
    return _set(f"<url><loc>{_url(site, path)}</loc></url>\n" for path in paths)


def sitemap_of_month(site: Site, month: Month, editions: Iterable[Edition], at: Instant) -> bytes:
    """Those releases for which that month is promised now. editions: that are or were."""
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
        return {sitemap_path(month): Shown(sitemap_of_month(site, month, editions, at), MEDIA_TYPE)}

    said = Listing("", sitemap_path(month), editions).changes
    return Page(f"site{sitemap_path(month)}", said, files)


def page_of_sitemaps(site: Site, paths: Iterable[str]) -> Page:
    """The index, the sitemap of the pages that are no release, and what crawlers ask for first."""
    return Page(
        "site/sitemap",
        (),
        lambda at: {
            INDEX: Shown(sitemap_index(site, site.counts_by_month), MEDIA_TYPE),
            sitemap_path(None): Shown(sitemap_of_pages(site, paths), MEDIA_TYPE),
            "/robots.txt": Shown(robots(site), "text/plain; charset=utf-8"),
        },
    )


def robots(site: Site) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {site.base}{INDEX}\n".encode()


def _set(entries: Iterable[str]) -> bytes:
    return f'{_HEAD}<urlset xmlns="{_SCHEMA}">\n{"".join(entries)}</urlset>\n'.encode()


def _url(site: Site, path: str) -> str:
    return escape(f"{site.base}{path}")
