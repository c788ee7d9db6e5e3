"""The gate across many openings: is anything early, is anything old, how soon is the new there?

Directly, through the nginx we ship, and through Varnish as it comes. Readers keep their connections
and ask without pause: whole, HEAD, a part, and with the tag they were given. Gate, caches and
readers share this machine.
"""

import http.client
import statistics
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.serving import a_gate, a_shelf, nginx_before, varnish_before
from ninethirty.core.document import SigningKey
from ninethirty.core.schedule import Content, Opening
from ninethirty.core.times import Instant, RealClock

FLIPS = 70
APART = timedelta(seconds=0.25)
READERS = 4
PAGE = "/statistics/page"
CLOCK = RealClock()
WAYS = ("directly", "through nginx", "through Varnish")


@dataclass(frozen=True)
class Look:
    begun: Instant
    ended: Instant
    flip: int
    """Which of the openings it showed."""


def measure() -> dict[str, float]:
    found: dict[str, float] = {}
    for way in WAYS:
        with tempfile.TemporaryDirectory() as folder:
            found |= {f"{way}: {what}": figure for what, figure in _across(Path(folder), way)}
    return found


def _across(folder: Path, way: str) -> list[tuple[str, float]]:
    key = SigningKey.new()
    shelf = a_shelf(folder, key)
    first = CLOCK.now() + timedelta(seconds=8)
    openings, tags = [], {}
    for flip in range(FLIPS + 1):
        # Random enough for no encoding to be smaller: a tag then names the flip.
        body = b"%06d" % flip + b"x" * 20_000
        opens = first + APART * flip if flip else first - timedelta(days=1)
        content = Content(shelf.put(body), len(body), "application/octet-stream")
        tags[f'"{content.digest}"'] = flip
        openings.append(Opening(PAGE, opens, content))
    shelf.publish("release/bench", openings, CLOCK.now())
    with ExitStack() as stack:
        port = stack.enter_context(a_gate(folder, shelf, key))
        if way == "through nginx":
            port = stack.enter_context(nginx_before(folder, port))
        elif way == "through Varnish":
            port = stack.enter_context(varnish_before(folder, port))
        assert CLOCK.now() < first, "the gate started too slowly"
        until = first + APART * (FLIPS + 1)
        looks: list[list[Look]] = [[] for _ in range(READERS)]
        readers = [
            threading.Thread(target=_read, args=(port, until, tags, mine), daemon=True)
            for mine in looks
        ]
        begun = CLOCK.now()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        took = (CLOCK.now() - begun).total_seconds()
    return _judged([look for mine in looks for look in mine], openings, took)


def _read(port: int, until: Instant, tags: Mapping[str, int], looks: list[Look]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    held = '"nothing yet"'
    asked = 0
    while CLOCK.now() < until:
        method, headers = (
            ("GET", {}),
            ("HEAD", {}),
            ("GET", {"Range": "bytes=0-99"}),
            ("GET", {"If-None-Match": held}),
        )[asked % 4]
        asked += 1
        begun = CLOCK.now()
        connection.request(method, PAGE, headers=headers)
        answer = connection.getresponse()
        answer.read()
        held = answer.getheader("etag") or ""
        looks.append(Look(begun, CLOCK.now(), tags[held]))
    connection.close()


def _judged(looks: list[Look], openings: list[Opening], took: float) -> list[tuple[str, float]]:
    early = old = 0
    firsts = []
    for number, opening in list(enumerate(openings))[1:]:
        new = [look for look in looks if look.flip >= number]
        early += sum(1 for look in new if look.ended < opening.opens)
        old += sum(1 for look in looks if look.begun >= opening.opens and look.flip < number)
        first = min(look.ended for look in new)
        firsts.append((first - opening.opens).total_seconds() * 1000)
    firsts.sort()
    return [
        ("flips", len(firsts)),
        ("requests", len(looks)),
        ("requests a second", round(len(looks) / took)),
        ("early (0)", early),
        ("old though begun after T (0)", old),
        ("first new answer, median ms after T", round(statistics.median(firsts), 2)),
        ("first new answer, p99 ms after T (<= 5)", round(firsts[int(len(firsts) * 0.99)], 2)),
    ]
