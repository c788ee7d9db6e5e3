"""How a platform will behave around one release: data, from which every answer follows.

A scene says when each address turns at the origin, what caches are told, who of the public asks
when, and what stands between an edge and its readers. A fault is a change of a scene; so two faults
compose by changing it twice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Self

from ninethirty.core.times import Instant
from ninethirty.standin.exchange import Request
from ninethirty.standin.platform import documents
from ninethirty.standin.platform.content import WHOLE, Content, Outcome, Part, Served
from ninethirty.standin.platform.lifetimes import Lifetimes
from ninethirty.standin.platform.scheduled import Scheduled

OPENING_TAKES = timedelta(seconds=1)
"""From the promised instant to the real page, on a good day."""


@dataclass(frozen=True)
class Turn:
    at: Instant
    content: Content


@dataclass(frozen=True)
class Resource:
    """One address. `after` makes what stands there once it is published, at a given instant."""

    path: str
    part: Part
    name: str
    before: Content
    after: Callable[[Instant], Content]
    turns: tuple[Turn, ...] = ()
    lifetimes: Lifetimes | None = None
    """Where they differ from the scene's."""

    def at(self, now: Instant) -> Content:
        for turn in reversed(self.turns):
            if turn.at <= now:
                return turn.content
        return self.before

    def turned(self, *at: Instant) -> Self:
        return replace(self, turns=tuple(Turn(when, self.after(when)) for when in at))

    def then(self, at: Instant, content: Content) -> Self:
        """Turns once more, after all other turns."""
        return replace(self, turns=(*self.turns, Turn(at, content)))


@dataclass(frozen=True)
class Visit:
    """Somebody of the public asks."""

    at: Instant
    edge: str
    path: str


@dataclass(frozen=True)
class Outage:
    """The origin cannot answer, or takes its time."""

    since: Instant
    until: Instant
    content: Content


@dataclass(frozen=True)
class Lens:
    """What stands between an edge and whoever asks, behind all caches.

    Without `parts`, `edges` or `names` it stands before all of them. `reaches`: whom it meets.
    """

    alters: Callable[[Content, Request], Outcome]
    since: Instant
    until: Instant | None = None
    parts: frozenset[Part] = frozenset()
    names: frozenset[str] = frozenset()
    edges: frozenset[str] = frozenset()
    reaches: Callable[[Request], bool] = lambda _: True

    def covers(self, resource: Resource, request: Request, now: Instant) -> bool:
        return (
            self.since <= now
            and (self.until is None or now < self.until)
            and (not self.parts or resource.part in self.parts)
            and (not self.names or resource.name in self.names)
            and (not self.edges or request.address in self.edges)
            and self.reaches(request)
        )


class Wire(StrEnum):
    """How an edge's connections go, from the first byte on."""

    PLAIN = "plain"
    REFUSED = "refused"
    DEAF = "deaf"
    """A connection is never taken."""
    TLS_EXPIRED = "tls-expired"
    TLS_NAME = "tls-name"
    TLS_CHAIN = "tls-chain"


@dataclass(frozen=True)
class Hold:
    """What the inner cache fills from `since` on it keeps until `until`, whatever it is told."""

    since: Instant
    until: Instant | None


@dataclass(frozen=True)
class Scene:
    release: Scheduled
    edges: tuple[str, ...]
    resources: Mapping[str, Resource]
    absent: Content = field(default_factory=documents.absent)
    """What an address answers that is not there."""
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    has_inner: bool = True
    """Is there a cache behind the edges?"""
    hold: Hold | None = None
    visits: tuple[Visit, ...] = ()
    lenses: tuple[Lens, ...] = ()
    outages: tuple[Outage, ...] = ()
    wire: Mapping[str, Wire] = field(default_factory=dict)

    @property
    def opens(self) -> Instant:
        return self.release.opens

    def of(self, *parts: Part) -> list[Resource]:
        return [resource for resource in self.resources.values() if resource.part in parts]

    def page(self) -> Resource:
        return self.resources[self.release.path]

    def changed(self, *resources: Resource) -> Self:
        return replace(self, resources={**self.resources, **{r.path: r for r in resources}})

    def turned(self, parts: Iterable[Part], *at: Instant) -> Self:
        """These parts turn then and no other time; never, without an instant."""
        return self.changed(*(resource.turned(*at) for resource in self.of(*parts)))

    def published(self, *at: Instant) -> Self:
        return self.turned(PUBLISHED, *at)

    def told(self, **lifetimes: object) -> Self:
        """The same with other lifetimes."""
        return replace(self, lifetimes=replace(self.lifetimes, **lifetimes))  # type: ignore[arg-type]

    def visited(self, *visits: Visit) -> Self:
        return replace(self, visits=(*self.visits, *visits))

    def seen(self, resource: Resource, request: Request, content: Content, now: Instant) -> Outcome:
        """What is left of it behind everything that stands before this edge now."""
        outcome: Outcome = content
        for lens in self.lenses:
            if isinstance(outcome, Content) and lens.covers(resource, request, now):
                outcome = lens.alters(outcome, request)
        return outcome

    def moments(self) -> list[Instant]:
        """At which something changes by itself, whoever asks; in order."""
        turns = [turn.at for resource in self.resources.values() for turn in resource.turns]
        lenses = [at for lens in self.lenses for at in (lens.since, lens.until) if at]
        outages = [at for outage in self.outages for at in (outage.since, outage.until)]
        lost = [self.lifetimes.lost_from] if self.lifetimes.lost_from else []
        return sorted({*turns, *lenses, *outages, *lost})

    def behind(self, *lenses: Lens) -> Self:
        return replace(self, lenses=(*self.lenses, *lenses))


PUBLISHED = frozenset({*WHOLE, Part.API, Part.ANNOUNCEMENT})
"""What turns when a release is published."""


def good_day(release: Scheduled, edges: Iterable[str]) -> Scene:
    """Everything turns a second after it was promised, and caches are told in time."""
    opens = release.opens
    api = documents.API
    resources = [
        Resource(
            release.path,
            Part.PAGE,
            "page",
            documents.placeholder(release),
            lambda _: documents.release_page(release),
        ),
        *(
            Resource(
                path,
                Part.FILE,
                name,
                documents.absent(),
                partial(_file, release, name),
            )
            for name, path in release.file_paths().items()
        ),
        Resource(
            release.listing,
            Part.LISTING,
            "listing",
            documents.listing(release, shows_it=False),
            lambda _: documents.listing(release, shows_it=True),
        ),
        Resource(
            release.feed,
            Part.FEED,
            "feed",
            documents.feed(release),
            lambda at: documents.feed(release, at),
        ),
        Resource(
            api + release.path,
            Part.API,
            "api",
            documents.coming_soon_document(release, opens),
            lambda at: documents.release_document(release, at),
        ),
        Resource(
            release.announcement,
            Part.ANNOUNCEMENT,
            "announcement",
            documents.announcement(release, opens),
            lambda _: documents.announcement_moved(release),
        ),
        Resource(
            api + release.announcement,
            Part.ANNOUNCEMENT,
            "announcement-api",
            documents.announcement_document(release, opens),
            lambda _: documents.announcement_moved_document(release),
        ),
        standing("/", documents.home()),
        standing("/sign-in", documents.sign_in()),
    ]
    scene = Scene(release, tuple(edges), {resource.path: resource for resource in resources})
    return scene.published(opens + OPENING_TAKES)


def _file(release: Scheduled, name: str, _: Instant) -> Content:
    return documents.file(release, name)


def standing(path: str, content: Content) -> Resource:
    """An address that never turns."""
    return Resource(path, Part.OTHER, path, content, lambda _: content)


def trouble(status: int, retry_after_seconds: int = 5) -> Content:
    return Content(
        Served.TROUBLE,
        status,
        b"<h1>Sorry, there is a problem</h1>",
        headers={"Retry-After": str(retry_after_seconds)},
        lifetime=timedelta(0),
    )
