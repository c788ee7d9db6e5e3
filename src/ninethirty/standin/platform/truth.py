"""What was really public, when, and at which edge: written by a platform, read by its judges.

Not what a fault was meant to do: what a reader with a browser would have been given, worked out
each second from what the caches really held. Only changes are written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from ninethirty.core.times import Instant
from ninethirty.standin.log import Writes
from ninethirty.standin.platform.content import WHOLE, Content, Outcome, Part, Served
from ninethirty.standin.platform.layers import at_origin
from ninethirty.standin.platform.scene import Resource, Scene, Wire

ORIGIN = "origin"
NEAR_BEFORE, NEAR_AFTER = timedelta(minutes=15), timedelta(minutes=40)
STEP, FAR_STEP = timedelta(seconds=1), timedelta(seconds=30)

WouldServe = Callable[[Scene, Resource, str, Instant], Outcome]


class Census:
    """Asks for every part at every edge, each second near T, and writes what changed."""

    def __init__(self, names: Mapping[str, str], log: Writes) -> None:
        self._names = names
        self._log = log
        self._known: dict[tuple[str, str], tuple[str, bool]] = {}
        self._next: dict[str, Instant] = {}

    def begin(self, scene: Scene, now: Instant, would_serve: WouldServe) -> None:
        self._next[scene.release.path] = now
        self.until(now, scene, would_serve)

    def until(self, now: Instant, scene: Scene, would_serve: WouldServe) -> None:
        """Everything up to now, which nobody's request has changed since the last time."""
        at = self._next[scene.release.path]
        while at <= now:
            self._count(at, scene, would_serve)
            at = _after(at, scene.opens)
        self._next[scene.release.path] = at

    def _count(self, at: Instant, scene: Scene, would_serve: WouldServe) -> None:
        for resource in scene.of(*WHOLE):
            self._say(at, ORIGIN, resource, at_origin(scene, resource, at).content)
            for edge, name in self._names.items():
                if scene.wire.get(edge, Wire.PLAIN) is Wire.PLAIN:
                    self._say(at, name, resource, would_serve(scene, resource, edge, at))
                else:
                    self._say(at, name, resource, None)

    def _say(self, at: Instant, edge: str, resource: Resource, outcome: Outcome | None) -> None:
        seen = outcome if isinstance(outcome, Content) else None
        said = (seen.served if seen else Served.TROUBLE, bool(seen and seen.right))
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
            right=said[1],
        )


def _after(at: Instant, opens: Instant) -> Instant:
    """The next instant to count at: whole steps from T, so that T itself is one."""
    step = STEP if opens - NEAR_BEFORE <= at < opens + NEAR_AFTER else FAR_STEP
    return opens + step * ((at - opens) // step + 1)


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

    def whole_everywhere_from(self) -> Instant | None:
        """When everything was first right at every edge."""
        turns = sorted({was.at for turns in self.edges.values() for was in turns})
        return next((at for at in turns if self.whole_at(at)), None)


def _parts(turns: Iterable[Was], now: Instant) -> dict[str, Was]:
    return {was.name: was for was in turns if was.at <= now}


def _all_right(turns: Iterable[Was], now: Instant) -> bool:
    parts = _parts(turns, now)
    return bool(parts) and all(was.right for was in parts.values())
