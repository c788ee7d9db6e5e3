"""What the public site knows, and what of it may be said at an instant.

Everything here carries the instant since which it may be said. A page is made of `as_of(at)`, which
leaves out the rest: so no page, feed or list can tell something before its time, whoever writes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TypeVar

from ninethirty.core.announcement import Provisional, Rhythm
from ninethirty.core.errors import TimeError
from ninethirty.core.times import Instant, WallTime, zone_of

Month = tuple[int, int]
"""Year and month."""

LATEST = 50
"""So many entries a feed holds."""

NEXT = 20
"""So many releases to come are known to every part of a site, however far ahead they are."""

WINDOW = timedelta(days=4)
"""What opened or opens so near to the present is known to every part of a site."""

K = TypeVar("K")


@dataclass(frozen=True)
class Contact:
    name: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Producer:
    """id: a part of an address. url: its own site, if it has another."""

    id: str
    name: str
    about: str = ""
    url: str = ""
    contact: Contact = Contact()

    @property
    def path(self) -> str:
        return f"/producers/{self.id}"


@dataclass(frozen=True)
class Series:
    """producer: its id. status: official, accredited and so on, as the producer says it."""

    id: str
    title: str
    producer: str
    rhythm: Rhythm | None = None
    about: str = ""
    status: str = ""
    keywords: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return f"/series/{self.id}"


@dataclass(frozen=True)
class Promise:
    """A date, and since when it has been promised. reason: why it is not the one before it."""

    when: WallTime | Provisional
    since: Instant
    reason: str = ""

    @cached_property
    def opens(self) -> Instant | None:
        """T, if the date is exact. One that the clocks skip or show twice is not: nobody knows T
        until another time is promised."""
        if isinstance(self.when, Provisional):
            return None
        try:
            return self.when.resolve()
        except TimeError:
            return None

    @property
    def day(self) -> date:
        """The day promised, or the first that it may be."""
        return self.when.first if isinstance(self.when, Provisional) else self.when.local.date()

    @cached_property
    def due(self) -> Instant | None:
        """When the day of T begins, where it was promised; T itself if midnight is skipped."""
        if self.opens is None or not isinstance(self.when, WallTime):
            return None
        return min(midnight(self.when.local.date(), self.when.zone), self.opens)


@dataclass(frozen=True)
class Preview:
    """The beginning of a file. rows: the first is the heading. more: rows not shown; None if
    nobody counted. sheets: names of the sheets of a workbook, `rows` being of the first."""

    rows: tuple[tuple[str, ...], ...] = ()
    more: int | None = None
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """It is at PATH/NAME, or at `url` if the producer publishes elsewhere."""

    name: str
    digest: str
    size_bytes: int
    media_type: str
    preview: Preview | None = None
    url: str = ""


@dataclass(frozen=True)
class Version:
    """What is public from `opens` on.

    body: HTML that is safe to show as it is. correction: what was put right; empty for the first.
    """

    opens: Instant
    files: tuple[File, ...] = ()
    body: str = ""
    seal: str = ""
    correction: str = ""


class About(StrEnum):
    """What a notice is about."""

    LATE = "late"
    RECOVERED = "recovered"
    HELD = "held"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Notice:
    """Something said on the page of a release.

    alternate: where it can be had meanwhile. looked: when somebody last looked and it was so.
    """

    about: About
    since: Instant
    reason: str = ""
    alternate: str = ""
    looked: Instant | None = None


class State(StrEnum):
    """How a release stands at an instant, as readers are told."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    DUE = "due today"
    OVERDUE = "not published yet"
    """T has passed, and there is nothing here."""
    HELD = "held"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    LATE = "late"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


LATE = frozenset({State.LATE, State.OVERDUE})
"""The states of which every reader is warned."""


@dataclass(frozen=True)
class Edition:
    """A release of a series, through its whole life.

    promises, versions, notices: each in order of time; there is a promise at least. series: its
    id. path: where its page is. announced: the address that was promised, if it is elsewhere.
    leave: reference of the leave to depart from the usual time. ad_hoc: on its own record: it was
    not in the calendar beforehand. access: from when on it can be read who saw it early.
    """

    id: str
    title: str
    series: str
    path: str
    promises: tuple[Promise, ...]
    versions: tuple[Version, ...] = ()
    notices: tuple[Notice, ...] = ()
    summary: str = ""
    announced: str = ""
    contact: Contact | None = None
    leave: str = ""
    ad_hoc: bool = False
    access: Instant | None = None

    def as_of(self, at: Instant) -> "Edition | None":
        """What of it may be said at that instant; None: it is not announced yet."""
        promises = tuple(promise for promise in self.promises if promise.since <= at)
        if not promises:
            return None
        access = self.access if self.access and self.access <= at else None
        whole = len(promises) == len(self.promises) and access == self.access
        if whole and max(self._said()) <= at:
            return self
        return replace(
            self,
            promises=promises,
            versions=tuple(version for version in self.versions if version.opens <= at),
            notices=tuple(notice for notice in self.notices if notice.since <= at),
            access=access,
        )

    @property
    def promise(self) -> Promise:
        """The one that stands."""
        return self.promises[-1]

    @property
    def version(self) -> Version | None:
        """The one that stands."""
        return self.versions[-1] if self.versions else None

    @property
    def moved(self) -> bool:
        """Was an exact date given up for another?"""
        return any(isinstance(before.when, WallTime) for before in self.promises[:-1])

    def notice(self, about: About) -> Notice | None:
        """The latest about this."""
        return next((one for one in reversed(self.notices) if one.about is about), None)

    def state(self, at: Instant) -> State:
        """How it stands, of what `as_of(at)` left. A later promise or version ends a notice."""
        latest = self.notices[-1] if self.notices else None
        said = latest.about if latest else None
        if latest and said in (About.CANCELLED, About.HELD):
            spoken = self.promise.since if not self.version else self.version.opens
            if spoken <= latest.since:
                return State.CANCELLED if said is About.CANCELLED else State.HELD
        if said is About.LATE:
            return State.LATE
        if self.version:
            if latest and said is About.WITHDRAWN and self.version.opens <= latest.since:
                return State.WITHDRAWN
            return State.CORRECTED if len(self.versions) > 1 else State.PUBLISHED
        opens, due = self.promise.opens, self.promise.due
        if opens is None or due is None:
            return State.PROVISIONAL
        if opens <= at:
            return State.OVERDUE
        return State.DUE if due <= at else State.CONFIRMED

    def instants(self) -> list[Instant]:
        """When its page changes, in order; the first is when it was announced."""
        found = set(self._said())
        announced = min(found)
        times = [at for promise in self.promises for at in (promise.due, promise.opens)]
        found |= {at for at in (*times, self.access) if at and at > announced}
        return sorted(found)

    def changed(self) -> Instant:
        """When something was last said of it, of what `as_of` left: a day that begins is nothing
        said."""
        return max(self._said())

    def _said(self) -> list[Instant]:
        """When anything was said of it."""
        said = [promise.since for promise in self.promises]
        said += [version.opens for version in self.versions]
        return said + [notice.since for notice in self.notices]


@dataclass(frozen=True)
class Listing:
    """Releases that are shown or told together: of the site, of a producer, of a series.

    path: of the page that lists them. Feeds and calendars lie beside it (docs of `core.site`).
    """

    title: str
    path: str
    editions: tuple[Edition, ...]

    def as_of(self, at: Instant) -> tuple[Edition, ...]:
        """What may be said of them at that instant."""
        if at not in self._told:
            self._told[at] = tuple(told for one in self.editions if (told := one.as_of(at)))
        return self._told[at]

    @cached_property
    def _told(self) -> dict[Instant, tuple[Edition, ...]]:
        """Kept, since several pages are made of one listing."""
        return {}

    @cached_property
    def changes(self) -> tuple[Instant, ...]:
        """When what may be said of them changes, in order."""
        return tuple(sorted({at for edition in self.editions for at in edition.instants()}))


@dataclass(frozen=True)
class Site:
    """Everything that pages are made of, or what is around some releases of it.

    base: address of the site, without a slash at its end. zone: whose days its calendar shows.
    as_of: when it was read from the record. counts: releases of each month; if they are not told,
    those of `editions`. mails: can people ask to be told by mail? calendar: whether there is one
    for pages to lead to; a gate that is the second address of releases has the register alone.
    """

    name: str
    base: str
    producers: Mapping[str, Producer]
    series: Mapping[str, Series]
    editions: Mapping[str, Edition]
    as_of: Instant
    zone: str = "Europe/London"
    contact: Contact = Contact()
    counts: Mapping[Month, int] = field(default_factory=dict)
    mails: bool = False
    calendar: bool = True

    @cached_property
    def by_series(self) -> Mapping[str, tuple[Edition, ...]]:
        """Series id -> its editions, by what was promised."""
        return _grouped((edition.series, edition) for edition in self.editions.values())

    @cached_property
    def by_producer(self) -> Mapping[str, tuple[Edition, ...]]:
        """Producer id -> editions of its series, by what was promised."""
        return _grouped(
            (self.series[edition.series].producer, edition) for edition in self.editions.values()
        )

    @cached_property
    def by_month(self) -> Mapping[Month, tuple[Edition, ...]]:
        """Month -> editions that are, or once were, promised for it, by what was promised."""
        return _grouped(
            (month, edition) for edition in self.editions.values() for month in months(edition)
        )

    @cached_property
    def counts_by_month(self) -> Mapping[Month, int]:
        """How many releases are, or once were, promised for each month."""
        return self.counts or {month: len(group) for month, group in self.by_month.items()}

    def producer_of(self, edition: Edition) -> Producer:
        return self.producers[self.series[edition.series].producer]

    def contact_of(self, edition: Edition) -> Contact:
        return edition.contact or self.producer_of(edition).contact

    def around(self, touched: Iterable[str]) -> "Site":
        """The part of it from which every page that shows one of these can be made: what shares a
        series, a producer or a month with them; what is late, opens soon or was changed last.

        Whoever reads the record need not read all of it for one change; this says what is enough.
        Of others than these the bodies and previews may be left out.
        """
        near = [self.editions[id] for id in touched if id in self.editions]
        series = {edition.series for edition in near}
        producers = {self.series[id].producer for id in series}
        shared = {month for edition in near for month in months(edition)}
        told = [(edition, edition.promise.opens) for edition in self.editions.values()]
        to_come = sorted((t, edition.id) for edition, t in told if t and t > self.as_of)
        latest = sorted((edition.changed(), edition.id) for edition, _ in told)
        kept = {id for _, id in [*to_come[:NEXT], *latest[-LATEST:]]}
        kept |= {
            edition.id
            for edition, t in told
            if self.series[edition.series].producer in producers
            or months(edition) & shared
            or _is_late(edition, self.as_of)
            or (t and self.as_of - WINDOW < t < self.as_of + WINDOW)
        }
        return replace(
            self,
            editions={id: edition for id, edition in self.editions.items() if id in kept},
            counts=self.counts_by_month,
        )


def months(edition: Edition) -> set[Month]:
    """Those for which it is, or once was, promised."""
    return {(promise.day.year, promise.day.month) for promise in edition.promises}


def _is_late(edition: Edition, at: Instant) -> bool:
    told = edition.as_of(at)
    return told is not None and told.state(at) in LATE


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> Instant:
    """When that day begins there; where the clocks skip midnight, the first moment after it."""
    # Of a midnight shown twice the first, and of one skipped what the clocks before it would call
    # midnight, which is when they are put forward: PEP 495.
    return Instant.of(datetime.combine(day, time(), zone_of(zone)))


def _grouped(pairs: Iterable[tuple[K, Edition]]) -> dict[K, tuple[Edition, ...]]:
    found: dict[K, list[Edition]] = {}
    for key, edition in pairs:
        found.setdefault(key, []).append(edition)
    return {
        key: tuple(sorted(editions, key=lambda one: (_when(one.promise), one.path)))
        for key, editions in found.items()
    }


def _when(promise: Promise) -> tuple[date, Instant]:
    """By the day where it was promised, and on it in order of time; what has none is first."""
    return promise.day, promise.opens or midnight(promise.day, "UTC")
