"""What lies beside a page for machines, at which address.

PATH.json                    of every page but those that are words alone
PATH/calendar.ics            of every list
/calendar/all.ics            of the site, every date to come
PATH/feed.atom, feed.rss     of each producer and series
/feed/releases.atom, .rss    of the site
PATH/catalogue.jsonld        of the site, of each producer
"""

from collections.abc import Iterable, Mapping

from ninethirty.core.site import Edition, Listing, Site
from ninethirty.core.times import Instant
from ninethirty.desk.public import catalogue
from ninethirty.desk.public.data import json_path, listing_json, names_json, release_json
from ninethirty.desk.public.feeds import atom, atom_path, rss, rss_path
from ninethirty.desk.public.frame import Link, link
from ninethirty.desk.public.ics import ics
from ninethirty.desk.public.page import JSON, Shown

_ATOM, _RSS = "application/atom+xml; charset=utf-8", "application/rss+xml; charset=utf-8"
ICS = "text/calendar; charset=utf-8"


def beside_release(site: Site, edition: Edition, at: Instant) -> Mapping[str, Shown]:
    return {json_path(edition.path): Shown(release_json(site, edition, at), JSON)}


def release_links(site: Site, edition: Edition) -> list[Link]:
    return [link(json_path(edition.path), "JSON")]


def beside_listing(site: Site, listing: Listing, at: Instant) -> Mapping[str, Shown]:
    path = listing.path
    told = {
        json_path(path): Shown(listing_json(site, listing, at), JSON),
        _below(path, "calendar.ics"): Shown(ics(site, listing, at), ICS),
    }
    if _has_feeds(path):
        told[atom_path(path)] = Shown(atom(site, listing, at), _ATOM)
        told[rss_path(path)] = Shown(rss(site, listing, at), _RSS)
    producer = next((one for one in site.producers.values() if one.path == path), None)
    if producer:
        told[catalogue.path_of(path)] = Shown(
            catalogue.catalogue(site, producer, listing.editions, at), catalogue.MEDIA_TYPE
        )
    return told


def beside_releases(
    site: Site, title: str, path: str, told: Iterable[Edition], at: Instant
) -> Mapping[str, Shown]:
    """The same releases as a page shows, as JSON alone."""
    listing = Listing(title, path, tuple(told))
    return {json_path(path): Shown(listing_json(site, listing, at), JSON)}


def beside_names(
    site: Site, title: str, path: str, named: Iterable[tuple[str, str]]
) -> Mapping[str, Shown]:
    """Of a page that leads to others. named: path and title of each."""
    return {json_path(path): Shown(names_json(site, title, path, named), JSON)}


def listing_links(path: str) -> list[Link]:
    found = [link(_below(path, "calendar.ics"), "calendar to subscribe to")]
    found += [link(feed["href"], feed["text"]) for feed in feed_links(path)]
    return [*found, link(json_path(path), "JSON")]


def feed_links(path: str) -> list[Link]:
    if not _has_feeds(path):
        return []
    return [
        {**link(atom_path(path), "Atom feed"), "type": "application/atom+xml"},
        {**link(rss_path(path), "RSS feed"), "type": "application/rss+xml"},
    ]


def _has_feeds(path: str) -> bool:
    return path == "/" or path.startswith(("/producers/", "/series/"))


def _below(path: str, name: str) -> str:
    return f"{path.rstrip('/')}/{name}"
