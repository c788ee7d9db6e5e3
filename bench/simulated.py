"""Witnesses at simulated time, without sockets: their own cadence, reading and judging, and in
place of the network a platform that answers as of an instant, a latency and some noise.

Who looks when, and at what, is asked of the witness's own errands.
"""

import heapq
import itertools
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from ninethirty.core.document import digest, keyed
from ninethirty.core.page import visible_text
from ninethirty.core.sighting import Family, Hop, Phases, Sighting, Trouble, View
from ninethirty.core.times import Instant
from ninethirty.core.watch import ANNOUNCED, PAGE_PART, Channel, Part, Policy, WatchOrder
from ninethirty.standin.exchange import Endless, Outcome, Reply, Request, Reset, Silence
from ninethirty.standin.platform.platform import Platform
from ninethirty.standin.platform.scene import Scene, Wire
from ninethirty.standin.platform.scheduled import Scheduled
from ninethirty.witness.ask import REDIRECTS
from ninethirty.witness.body import Body
from ninethirty.witness.errand import Errand, Seat, errands
from ninethirty.witness.errand import Scene as Watched
from ninethirty.witness.onward import host_of, may_follow
from ninethirty.witness.probe import Look, busted
from ninethirty.witness.reading import Reading, Sought, read_answer
from ninethirty.witness.transfer import Heard, Limits, limits_of

SITE = "http://platform.example"
ELSEWHERE = "http://elsewhere.example/"
KEY = b"k" * 32
QUIET = timedelta(seconds=330)
BYTES_A_SECOND = 100e6

WIRES = {
    Wire.REFUSED: Trouble.REFUSED,
    Wire.DEAF: Trouble.CONNECT_TIMEOUT,
    Wire.TLS_EXPIRED: Trouble.TLS_EXPIRED,
    Wire.TLS_NAME: Trouble.TLS_NAME,
    Wire.TLS_CHAIN: Trouble.TLS_CHAIN,
}
AT_ONCE = timedelta(milliseconds=30)


@dataclass(frozen=True)
class Place:
    """Where a witness stands, and which edge it is led to."""

    witness: str
    network: str
    edge: str

    @property
    def family(self) -> Family:
        return Family.V6 if ":" in self.edge else Family.V4


@dataclass(frozen=True)
class Answered:
    last: Heard
    hops: tuple[Hop, ...]
    trouble: Trouble
    took: timedelta
    size_bytes: int


def order_for(release: Scheduled) -> WatchOrder:
    """As a desk would write it for this platform."""
    page_text = visible_text(f"<main>{release.body_html}</main>")
    lists = {"listing": release.listing, "feed": release.feed}
    channel = Channel(
        name=ANNOUNCED,
        page=Part(PAGE_PART, SITE + release.path, keyed(KEY, digest(page_text.encode()))),
        files=tuple(
            Part(
                name,
                SITE + path,
                keyed(KEY, digest(release.files[name])),
                size_bytes=len(release.files[name]),
            )
            for name, path in release.file_paths().items()
        ),
        quiet=QUIET,
        cache_busting=True,
        listings=tuple(Part(f"listing:{name}", SITE + path) for name, path in lists.items()),
        notices=tuple(Part(f"notice:{name}", SITE + path) for name, path in lists.items()),
    )
    return WatchOrder(
        release=f"release/{release.slug}",
        opens=release.opens,
        channels=(channel,),
        placeholder=("Coming soon",),
        policy=Policy(),
        issued=release.opens - timedelta(days=1),
        controls=(Part("platform:1", f"{SITE}/"), Part("unrelated:1", ELSEWHERE)),
    )


def sightings(
    order: WatchOrder,
    platform: Platform,
    scene: Scene,
    places: Sequence[Place],
    until: Instant,
    *,
    begins: Instant,
    chance: random.Random,
    noise: float,
) -> list[Sighting]:
    """All that these witnesses see until then, in the order in which it is written.

    noise: the share of requests that fail for reasons of the network.
    """
    network = _Network(platform, scene, chance, noise)
    numbers = itertools.count()
    queue: list[tuple[Instant, int, Callable[[Instant], None]]] = []
    written: list[Sighting] = []

    def schedule(errand: Errand, place: Place) -> None:
        errand.number = number = next(numbers)
        heapq.heappush(queue, (errand.due, number, lambda now: look(errand, place, number, now)))

    def look(errand: Errand, place: Place, number: int, now: Instant) -> None:
        if errand.number != number:
            return
        if errand.pause(now) is None:
            errand.plan(now, looked=False)
            schedule(errand, place)
            return
        one = errand.look()
        if errand.overlaps(now):
            errand.plan(now, looked=True)
            schedule(errand, place)
        answered = network.ask(one, place, now)
        reading = _read(answered.last, one)
        sighting = _sighting(one, place, answered, reading, now)
        heapq.heappush(
            queue,
            (sighting.ended, next(numbers), lambda at: done(errand, place, sighting, reading, at)),
        )

    def done(
        errand: Errand, place: Place, sighting: Sighting, reading: Reading, now: Instant
    ) -> None:
        watched = errand.scene
        was_there = watched.page_there
        if errand.looked(sighting, reading):
            written.append(sighting)
        if not errand.overlaps(sighting.started):
            errand.plan(now, looked=True)
            schedule(errand, place)
        if watched.page_there and not was_there:
            for waiting in watched.files():
                waiting.due = now
                schedule(waiting, place)

    for n, place in enumerate(places):
        # The errands need no probe: what it would fetch is simulated here.
        watched = Watched(order, order.channels[0], None, Seat(n, len(places)))  # type: ignore[arg-type]
        for errand in errands(watched, begins, controls=True):
            watched.errands.append(errand)
            errand.due = begins + timedelta(seconds=chance.random())
            schedule(errand, place)
    while queue and queue[0][0] < until:
        now, _, what = heapq.heappop(queue)
        what(now)
    return written


class _Network:
    def __init__(
        self, platform: Platform, scene: Scene, chance: random.Random, noise: float
    ) -> None:
        self._platform = platform
        self._scene = scene
        self._chance = chance
        self._noise = noise

    def ask(self, look: Look, place: Place, now: Instant) -> Answered:
        """As the witness's own transfers do, redirects and limits included."""
        limits = limits_of(look.part)
        url = busted(look.part.url) if look.view is View.BUSTED else look.part.url
        if url.startswith(ELSEWHERE):
            return _heard(url, 200, {}, b"elsewhere", limits, self._latency())
        hops: list[Hop] = []
        took = timedelta(0)
        while True:
            answered = self._hop(url, place, now + took, limits)
            took += answered.took
            last = answered.last
            trouble = answered.trouble
            if not trouble and last.onward:
                if len(hops) >= REDIRECTS or not host_of(last.onward):
                    trouble = Trouble.REDIRECTS
                elif not may_follow(last.onward, {host_of(SITE)}):
                    trouble = Trouble.PRIVATE
                else:
                    hops.append(Hop(last.status, last.url, last.headers))
                    url = last.onward
                    continue
            return Answered(last, tuple(hops), trouble, took, answered.size_bytes)

    def _hop(self, url: str, place: Place, now: Instant, limits: Limits) -> Answered:
        wire = self._scene.wire.get(place.edge, Wire.PLAIN)
        connects = timedelta(seconds=limits.connect_seconds)
        if wire is not Wire.PLAIN:
            slow = wire is Wire.DEAF
            return _failed(url, WIRES[wire], limits, connects if slow else AT_ONCE)
        if self._chance.random() < self._noise:
            if self._chance.random() < 0.5:
                return _failed(url, Trouble.RESET, limits, AT_ONCE)
            return _failed(url, Trouble.CONNECT_TIMEOUT, limits, connects)
        parts = urlsplit(url)
        agent = {"user-agent": "ninethirty"}
        request = Request("GET", parts.path, parts.query, agent, b"", "witness", place.edge, 80)
        latency = self._latency()
        return _came_to(url, self._platform.answer(request, now), limits, latency)

    def _latency(self) -> timedelta:
        return timedelta(seconds=min(1.5, self._chance.lognormvariate(-2.5, 0.6)))


def _came_to(url: str, outcome: Outcome, limits: Limits, latency: timedelta) -> Answered:
    whole = timedelta(seconds=limits.seconds)
    match outcome:
        case Silence():
            return _failed(url, Trouble.TIMEOUT, limits, whole, connected=True)
        case Reset():
            return _failed(url, Trouble.RESET, limits, latency)
        case Endless():
            size = outcome.size_bytes
            if size is None or size > limits.most_bytes:
                return _failed(url, Trouble.TOO_LARGE, limits, latency, connected=True)
            took = latency + timedelta(seconds=size / BYTES_A_SECOND)
            return _heard(url, 200, outcome.headers, outcome.piece, limits, took, size)
        case Reply():
            waits = latency + timedelta(seconds=outcome.first_byte_after)
            if waits > whole:
                return _failed(url, Trouble.TIMEOUT, limits, whole, connected=True)
            if outcome.missing_bytes:
                return _failed(url, Trouble.TRUNCATED, limits, waits, connected=True)
            body = _unpacked(outcome.body, limits) if _packed(outcome) else outcome.body
            if len(body) > limits.most_bytes:
                return _failed(url, Trouble.TOO_LARGE, limits, waits, connected=True)
            return _heard(url, outcome.status, outcome.headers, body, limits, waits)


def _packed(reply: Reply) -> bool:
    return reply.headers.get("Content-Encoding") == "gzip"


@lru_cache(maxsize=4)
def _unpacked(body: bytes, limits: Limits) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(body, limits.most_bytes + 1)


def _failed(
    url: str, trouble: Trouble, limits: Limits, took: timedelta, *, connected: bool = False
) -> Answered:
    phases = Phases(connect=30 if connected else 0, total=took // timedelta(milliseconds=1))
    heard = Heard(url, trouble, "", 0, {}, b"", Body(limits.most_bytes), "", "", phases)
    return Answered(heard, (), trouble, took, 0)


def _heard(
    url: str,
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    limits: Limits,
    took: timedelta,
    size_bytes: int | None = None,
) -> Answered:
    named = {name.lower(): value for name, value in headers.items()}
    location = named.get("location", "") if 300 <= status < 400 else ""
    onward = urljoin(url, location) if location else ""
    total = took // timedelta(milliseconds=1)
    phases = Phases(connect=30, first_byte=total, total=total)
    body = _body(content, limits.most_bytes)
    heard = Heard(url, Trouble.NONE, "", status, named, b"", body, onward, "", phases)
    return Answered(heard, (), Trouble.NONE, took, body.size if size_bytes is None else size_bytes)


@lru_cache(maxsize=512)
def _body(content: bytes, most_bytes: int) -> Body:
    body = Body(most_bytes)
    body.take(content)
    return body


def _read(heard: Heard, look: Look) -> Reading:
    if heard.trouble or heard.onward:
        return Reading()
    kind = heard.headers.get("content-type", "")
    url, _, _ = heard.url.partition("?")
    # A decoy's address is new each time; where it is read for, is not.
    sought = Sought(look.part, look.page_url, look.order.placeholder, look.decoy)
    return _read_body(heard.body, kind, url, sought)


@lru_cache(maxsize=4096)
def _read_body(body: Body, kind: str, url: str, sought: Sought) -> Reading:
    """The reading of one and the same answer is the same for every witness."""
    headers = {"content-type": kind}
    return read_answer(
        Heard(url, Trouble.NONE, "", 200, headers, b"", body, "", "", Phases()), sought
    )


def _sighting(
    look: Look, place: Place, answered: Answered, reading: Reading, now: Instant
) -> Sighting:
    last = answered.last
    whole = answered.trouble is Trouble.NONE
    return Sighting(
        witness=place.witness,
        network=place.network,
        release=look.order.release,
        channel=look.channel,
        part=look.part.name,
        view=look.view,
        started=now,
        ended=now + answered.took,
        family=place.family,
        trouble=answered.trouble,
        status=last.status,
        digest=last.body.digest if whole else "",
        text_digest=reading.text_digest if whole else "",
        placeholder=reading.placeholder,
        signs=reading.signs,
        similar_permille=reading.similar_permille,
        home=reading.home,
        mentions=reading.mentions,
        size_bytes=answered.size_bytes,
        hops=answered.hops,
        headers=last.headers,
        phases_ms=last.phases,
    )
