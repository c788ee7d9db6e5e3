"""Releases as a calendar that people subscribe to (RFC 5545).

A release keeps its UID for its whole life; every change of its date or its cancelling has a higher
SEQUENCE, so that calendars move the entry they have. A provisional date is a tentative entry of
whole days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import About, Edition, Listing, Promise, Site, State
from ninethirty.core.times import Instant, WallTime, at_local, zone_of
from ninethirty.desk.public.told import promised
from ninethirty.desk.public.zone import zone_from

_PRODUCT = "-//ninethirty//release calendar//EN"
_REFRESH = timedelta(hours=1)
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class _Entry:
    """What an entry is made of, and no more: so one made before is found again."""

    uid: str
    title: str
    url: str
    by: str
    promise: Promise
    sequence: int
    status: str
    words: str
    changed: Instant


def ics(site: Site, listing: Listing, at: Instant) -> bytes:
    told = listing.as_of(at)
    since: dict[str, int] = {}
    for edition in told:
        when = edition.promise.when
        if isinstance(when, WallTime):
            since[when.zone] = min(when.local.year, since.get(when.zone, when.local.year))
    title = site.name if listing.path == "/" else f"{listing.title} - {site.name}"
    parts = [_head(title, f"{site.base}{listing.path}")]
    parts += [zone_from(zone, year) for zone, year in sorted(since.items())]
    parts += [_event(entry) for entry in _entries(site, told, at)]
    return b"".join([*parts, _END])


def _entries(site: Site, told: Iterable[Edition], at: Instant) -> Iterable[_Entry]:
    host = urlsplit(site.base).hostname or "site"
    for edition in told:
        cancelled = [one for one in edition.notices if one.about is About.CANCELLED]
        yield _Entry(
            uid=f"{edition.id}@{host}",
            title=edition.title,
            url=f"{site.base}{edition.path}",
            by=site.producer_of(edition).name,
            promise=edition.promise,
            sequence=len(edition.promises) - 1 + len(cancelled),
            status=_status(edition, at),
            words=_words(site, edition, at),
            changed=max([edition.promise.since, *(one.since for one in cancelled)]),
        )


def _status(edition: Edition, at: Instant) -> str:
    if edition.state(at) is State.CANCELLED:
        return "CANCELLED"
    return "CONFIRMED" if edition.promise.opens else "TENTATIVE"


def _words(site: Site, edition: Edition, at: Instant) -> str:
    lines = []
    if edition.state(at) is State.CANCELLED:
        said = edition.notice(About.CANCELLED)
        lines.append(f"Cancelled. {said.reason if said else ''}".strip())
    elif len(edition.promises) > 1:
        was = promised(edition.promises[-2].when, site.zone)
        lines.append(f"Was promised for {was}. {edition.promise.reason}".strip())
    lines.append(f"{site.base}{edition.path}")
    return "\n".join(lines)


@lru_cache(maxsize=50_000)
def _event(entry: _Entry) -> bytes:
    """Kept, since a calendar is written anew for each of its releases that changes."""
    event = Event()
    event.add("uid", entry.uid)
    changed = at_local(entry.changed, "UTC")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("summary", _line(entry.title))
    event.add("description", entry.words)
    event.add("url", entry.url)
    event.add("categories", [_line(entry.by)])
    event.add("transp", "TRANSPARENT")
    when = entry.promise.when
    if isinstance(when, WallTime) and entry.promise.opens:
        event.add("dtstart", when.local.replace(tzinfo=zone_of(when.zone)))
    else:
        first, last = (
            (when.first, when.last)
            if isinstance(when, Provisional)
            else (when.local.date(), when.local.date())
        )
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))
    return bytes(event.to_ical())


@lru_cache(maxsize=2_000)
def _head(title: str, url: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _line(title))
    calendar.add("x-wr-calname", _line(title))
    calendar.add("url", url)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    return bytes(calendar.to_ical()).removesuffix(_END)


def _line(text: str) -> str:
    """Without line breaks and what else cannot be printed."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
