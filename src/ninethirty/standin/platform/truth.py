"""What was really public, when, and at which edge: written by a platform, read by its judges.

Not what a fault was meant to do: what a reader with a browser would have been given, worked out
from what the caches really held. Only changes are written, each with its instant.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Self

from ninethirty.core.times import Instant
from ninethirty.standin.exchange import Endless, Request
from ninethirty.standin.log import Writes
from ninethirty.standin.platform.content import WHOLE, Content, Outcome, Part, Served
from ninethirty.standin.platform.layers import Layers, at_origin
from ninethirty.standin.platform.scene import Resource, Scene, Wire

ORIGIN = "origin"

BROWSER = "Mozilla/5.0"

PUBLIC = "public"
"""The client of whoever asks because a scene says so."""


def by_the_public(edge: str, path: str) -> Request:
    return Request("GET", path, "", {"user-agent": BROWSER}, b"", PUBLIC, edge, 80)


class Census:
    """Asks for every part at every edge whenever the answer could have changed, without leaving a
    trace, and writes what did change.

    Between requests it can change only when something turns or is let go. A request can put that
    off, but not bring it forward: what it fills a cache with is what would have been served. Where
    a cache gives stale answers it can, and `look_again` must be called.
    """

    def __init__(self, names: Mapping[str, str], layers: Layers, log: Writes) -> None:
        self._names = names
        self._layers = layers
        self._log = log
        self._known: dict[tuple[str, str], tuple[str, bool]] = {}
        self._next: dict[str, Instant] = {}
        self._moments: dict[str, list[Instant]] = {}

    def begin(self, scene: Scene, now: Instant) -> None:
        path = scene.release.path
        self._next[path] = now
        self._moments[path] = scene.moments()
        self.until(now, scene)

    def until(self, now: Instant, scene: Scene) -> None:
        """Everything up to now."""
        path = scene.release.path
        while self._next[path] <= now:
            at = self._next[path]
            self._count(at, scene)
            self._next[path] = self._change_after(at, scene)

    def look_again(self, now: Instant, scene: Scene) -> None:
        """A request has brought a change about: a stale answer was given, and a fresh one fetched
        for the next reader."""
        if scene.release.path in self._next:
            self._next[scene.release.path] = now
            self.until(now, scene)

    def _change_after(self, at: Instant, scene: Scene) -> Instant:
        moments = self._moments[scene.release.path]
        turns = moments[bisect_right(moments, at) :][:1]
        paths = [resource.path for resource in scene.of(*WHOLE)]
        return min([*turns, *self._layers.expiries(scene, paths, at)], default=NEVER)

    def _count(self, at: Instant, scene: Scene) -> None:
        for resource in scene.of(*WHOLE):
            self._say(at, ORIGIN, resource, at_origin(scene, resource, at).content)
            for edge, name in self._names.items():
                heard = scene.wire.get(edge, Wire.PLAIN) is Wire.PLAIN
                outcome = self._would_serve(scene, resource, edge, at) if heard else None
                self._say(at, name, resource, outcome)

    def _would_serve(self, scene: Scene, resource: Resource, edge: str, at: Instant) -> Outcome:
        request = by_the_public(edge, resource.path)
        given = self._layers.given(scene, resource, request, at, keep=False)
        return scene.seen(resource, request, given.content, at)

    def _say(self, at: Instant, edge: str, resource: Resource, outcome: Outcome | None) -> None:
        right = isinstance(outcome, Content) and outcome.right
        said = (served(outcome), right)
        if self._known.get((edge, resource.path)) == said:
            return
        self._known[edge, resource.path] = said
        self._log.write(
            at,
            "turned",
            edge=edge,
            path=resource.path,
            part=resource.part,
            name=resource.name,
            served=said[0],
            right=right,
        )


NEVER = Instant(9999, 12, 31, tzinfo=UTC)


def served(outcome: Outcome | None) -> Served:
    """In one word; None if nothing can be heard there."""
    match outcome:
        case Content():
            return outcome.served
        case Endless():
            return Served.OTHER
    return Served.TROUBLE


@dataclass(frozen=True)
class Was:
    """What one part was at one edge, from an instant on."""

    at: Instant
    part: Part
    name: str
    served: Served
    right: bool


@dataclass(frozen=True)
class Truth:
    """By edge, in order. The origin is kept apart: nobody outside can see it."""

    edges: Mapping[str, tuple[Was, ...]]
    origin: tuple[Was, ...]

    @classmethod
    def read(cls, lines: Iterable[Mapping[str, Any]]) -> Self:
        """Of a log of one release."""
        by_edge: dict[str, list[Was]] = {}
        for line in lines:
            if line["what"] == "turned":
                was = Was(
                    Instant.parse(line["at"]),
                    Part(line["part"]),
                    line["name"],
                    Served(line["served"]),
                    line["right"],
                )
                by_edge.setdefault(line["edge"], []).append(was)
        origin = tuple(by_edge.pop(ORIGIN, ()))
        return cls({edge: tuple(turns) for edge, turns in by_edge.items()}, origin)

    def parts_at(self, now: Instant, edge: str) -> dict[str, Was]:
        """What stood at each part then."""
        return _parts(self.edges[edge], now)

    def whole_at(self, now: Instant, edge: str | None = None) -> bool:
        """Wholly public: every part right at that edge, or at every edge."""
        edges = self.edges if edge is None else (edge,)
        return all(_all_right(self.edges[one], now) for one in edges)

    def right_at_origin(self, now: Instant) -> bool:
        return _all_right(self.origin, now)

    def first_right(self, *parts: Part) -> Instant | None:
        """When one of these parts was first right anywhere; any part if none is named."""
        return min(
            (
                was.at
                for turns in self.edges.values()
                for was in turns
                if was.right and (not parts or was.part in parts)
            ),
            default=None,
        )

    def whole_from(self, edge: str) -> Instant | None:
        """When everything was first right at that edge."""
        return next((was.at for was in self.edges[edge] if self.whole_at(was.at, edge)), None)

    def whole_everywhere_from(self, *names: str) -> Instant | None:
        """When everything was first right at every edge; or these parts, by name."""
        wanted = [
            [was for was in turns if not names or was.name in names]
            for turns in self.edges.values()
        ]
        moments = sorted({was.at for turns in wanted for was in turns})
        return next((at for at in moments if all(_all_right(w, at) for w in wanted)), None)


def _parts(turns: Iterable[Was], now: Instant) -> dict[str, Was]:
    return {was.name: was for was in turns if was.at <= now}


def _all_right(turns: Iterable[Was], now: Instant) -> bool:
    parts = _parts(turns, now)
    return bool(parts) and all(was.right for was in parts.values())
