"""The caches between a platform's origin and its readers: one at each edge, one behind them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from ninethirty.core.times import Instant
from ninethirty.standin.exchange import Request
from ninethirty.standin.platform.cache import Cache, Kept
from ninethirty.standin.platform.content import Content, Served
from ninethirty.standin.platform.scene import Resource, Scene

WITHOUT_QUERY = {"/", "/alerts"}
"""Where a query does not get past the caches."""

FOR_EVER = timedelta.max


@dataclass(frozen=True)
class Held:
    """What a layer was given, and for how long that was said to be good."""

    content: Content
    lifetime: timedelta


@dataclass(frozen=True)
class Given:
    """What an edge has for an address, and how it came by it: hit, miss, or stale (past its
    lifetime)."""

    kept: Kept[Held]
    how: str

    @property
    def content(self) -> Content:
        return self.kept.answer.content


class Layers:
    def __init__(self, edges: Iterable[str]) -> None:
        self._edges: dict[str, Cache[Held]] = {host: Cache() for host in edges}
        self._inner: Cache[Held] = Cache()

    def forget_inside(self) -> None:
        """The inner cache is emptied; the edges keep what they have."""
        self._inner.clear()

    def given(
        self, scene: Scene, resource: Resource, request: Request, now: Instant, *, keep: bool = True
    ) -> Given:
        """Without `keep` nothing is changed by the asking."""
        key = cache_key(request.path, request.query)
        edge = self._edges[request.address]
        kept = edge.held(key)
        if kept is not None and kept.is_fresh(now):
            return Given(kept, "hit")
        new = self._from_inner(scene, resource, key, now, keep=keep)
        if kept is not None:
            lifetimes = scene.lifetimes
            if new.content.status >= 500 and kept.is_fresh(now, lifetimes.stale_if_error):
                return Given(kept, "stale")
            if kept.is_fresh(now, lifetimes.stale_while_revalidate):
                if keep:
                    edge.fill(key, new, now, new.lifetime)
                return Given(kept, "stale")
        if keep:
            return Given(edge.fill(key, new, now, new.lifetime), "miss")
        return Given(Kept(new, now, new.lifetime), "miss")

    def expiries(self, scene: Scene, paths: Iterable[str], now: Instant) -> list[Instant]:
        """When what is held of these addresses, asked without a query, is let go; after now."""
        lifetimes = scene.lifetimes
        longer = {timedelta(0), lifetimes.stale_while_revalidate, lifetimes.stale_if_error}
        ends: list[Instant] = []
        for path in paths:
            for cache in (*self._edges.values(), self._inner):
                kept = cache.held(path)
                if kept is not None and kept.lifetime < FOR_EVER:
                    ends += [kept.filled_at + kept.lifetime + more for more in longer]
        return [end for end in ends if end > now]

    def _from_inner(
        self, scene: Scene, resource: Resource, key: str, now: Instant, *, keep: bool
    ) -> Held:
        if not scene.has_inner:
            return at_origin(scene, resource, now)
        kept = self._inner.lookup(key, now)
        if kept is not None:
            return kept.answer
        held = at_origin(scene, resource, now)
        if keep:
            self._inner.fill(key, held, now, _inside(scene, held, now))
        return held


def cache_key(path: str, query: str) -> str:
    """The query counts, sorted, without what only campaigns look at."""
    if not query or path in WITHOUT_QUERY:
        return path
    pairs = parse_qsl(query, keep_blank_values=True)
    counted = sorted(pair for pair in pairs if not pair[0].startswith("utm_"))
    return f"{path}?{urlencode(counted)}"


def at_origin(scene: Scene, resource: Resource, now: Instant) -> Held:
    for outage in scene.outages:
        if outage.since <= now < outage.until:
            return Held(outage.content, timedelta(0))
    content = resource.at(now)
    lifetimes = resource.lifetimes or scene.lifetimes
    if content.lifetime is not None:
        return Held(content, content.lifetime)
    if content.served is Served.ABSENT:
        return Held(content, lifetimes.absent)
    return Held(content, lifetimes.of(scene.opens, now))


def _inside(scene: Scene, held: Held, now: Instant) -> timedelta:
    """How long the inner cache keeps it."""
    hold = scene.hold
    if hold is None or now < hold.since or held.content.served is Served.ABSENT:
        return held.lifetime
    if hold.until is None:
        return FOR_EVER
    return hold.until - now if now < hold.until else held.lifetime
