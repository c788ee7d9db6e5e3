"""Atom and RSS of what was said of releases."""

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from ninethirty.core.site import Listing, Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.said import Said, last_said

_NEVER = Instant(1970, 1, 1, tzinfo=UTC)
"""When nothing was said yet; the present would be another file at every reading."""


class _Atom(Atom1Feed):
    def latest_post_date(self) -> Instant:
        return _latest(self.items)


class _Rss(Rss201rev2Feed):
    def latest_post_date(self) -> Instant:
        return _latest(self.items)


def atom(site: Site, listing: Listing, at: Instant) -> bytes:
    return _written(_Atom, atom_path(listing.path), site, listing, at)


def rss(site: Site, listing: Listing, at: Instant) -> bytes:
    return _written(_Rss, rss_path(listing.path), site, listing, at)


def atom_path(page: str) -> str:
    """Where the feed of the page at this path is. The site's is not at /feed.atom, where notices to
    users are (desk/outside/notices/feed.py): one path is of one document."""
    return "/feed/releases.atom" if page == "/" else f"{page}/feed.atom"


def rss_path(page: str) -> str:
    return "/feed/releases.rss" if page == "/" else f"{page}/feed.rss"


def _written(
    kind: Callable[..., SyndicationFeed], path: str, site: Site, listing: Listing, at: Instant
) -> bytes:
    title = site.name if listing.path == "/" else f"{listing.title} - {site.name}"
    feed = kind(
        title=_xml(title),
        link=f"{site.base}{listing.path}",
        description=_xml(f"Dates, releases and corrections: {title}"),
        language="en-GB",
        author_name=_xml(site.name),
        feed_url=f"{site.base}{path}",
    )
    for said in last_said(listing.as_of(at), site.zone):
        _add(feed, site, said)
    text: str = feed.writeString("utf-8")
    return text.encode()


def _add(feed: SyndicationFeed, site: Site, said: Said) -> None:
    edition = said.edition
    feed.add_item(
        title=_xml(f"{said.what}: {edition.title}"),
        link=f"{site.base}{edition.path}",
        description=_xml(said.words or f"{said.what} by {site.producer_of(edition).name}."),
        unique_id=f"{site.base}{said.id}",
        unique_id_is_permalink=False,
        author_name=_xml(site.producer_of(edition).name),
        categories=(_xml(site.series[edition.series].title),),
        pubdate=said.at,
        updateddate=said.at,
    )


def _latest(items: Sequence[dict[str, Any]]) -> Instant:
    return max((item["updateddate"] for item in items), default=_NEVER)


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold, which a title from elsewhere may have."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
