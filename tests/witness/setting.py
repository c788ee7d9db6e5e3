"""What the tests of the witness are set in: real servers on loopback, a drill's clock, an order."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ninethirty.core.document import digest, keyed
from ninethirty.core.page import visible_text
from ninethirty.core.sighting import Sighting, read
from ninethirty.core.times import Clock, Instant, Pace, RealClock, clock, write_paces
from ninethirty.core.watch import PAGE_PART, Channel, Part, Policy, WatchOrder
from ninethirty.witness.loop import Loop
from ninethirty.witness.probe import Look, Probe
from ninethirty.witness.transfer import Vantage

HALF_PAST = Instant.parse("2026-12-01T09:30:00Z")
KEY = b"opens at T"
AGENT = "ninethirty-witness/test (+nobody)"

NEW = b"<html><main><h1>Prices</h1> rose by 2%</main></html>"
SOON = b"<html><main>Prices: <b>Coming   soon</b></main></html>"
TABLE = b"month,index\n2026-11,101.2\n"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    client: str
    at: float
    """time.monotonic()"""


@dataclass(frozen=True)
class Told:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    url: str
    asked: list[Asked]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@contextmanager
def served(
    tell: Callable[[Asked], Told], *, port: int = 0, host: str = "127.0.0.1"
) -> Iterator[Server]:
    """A real HTTP server that answers by a function and remembers what it was asked."""
    asked_so_far: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            asked = Asked(
                self.command,
                path,
                query,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length", 0))),
                self.client_address[0],
                time.monotonic(),
            )
            asked_so_far.append(asked)
            told = tell(asked)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None: ...

    class Listener(ThreadingHTTPServer):
        # Threads are waited for, so that no socket outlives its test.
        daemon_threads = False
        allow_reuse_address = True
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, *_: Any) -> None: ...

    listener = Listener((host, port), Handler)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{listener.server_port}", asked_so_far)
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


class FakeDesk:
    """Lists orders and stores sightings; `down`, `barred` and `bad` make it difficult."""

    def __init__(self, *orders: bytes) -> None:
        self.orders = [order.decode() for order in orders]
        self.keys: dict[str, str] = {}
        self.stored: dict[str, dict[str, Any]] = {}
        self.down = False
        self.barred = False
        self.bad: Callable[[dict[str, Any]], bool] = lambda _: False
        self.sizes: list[int] = []

    def __call__(self, asked: Asked) -> Told:
        if self.down:
            return Told(503)
        if self.barred or asked.headers["authorization"] != "Bearer token":
            return Told(401)
        if asked.method == "GET" and asked.path == "/api/v1/orders":
            return Told(body=json.dumps({"orders": self.orders, "keys": self.keys}).encode())
        assert (asked.method, asked.path) == ("POST", "/api/v1/sightings")
        sightings = json.loads(asked.body)["sightings"]
        if any(self.bad(sighting) for sighting in sightings):
            return Told(400, b'{"error": "part: expected str"}')
        self.sizes.append(len(sightings))
        for each in sightings:
            self.stored[read(each).key()] = each
        return Told(body=json.dumps({"stored": len(sightings)}).encode())


def drill_file(folder: Path, *, before: timedelta, speed: float) -> Path:
    """A drill's clock that shows so long before T now."""
    file = folder / "clock.json"
    write_paces(file, [Pace(RealClock().now(), HALF_PAST - before, speed)])
    return file


def drill(folder: Path, *, before: timedelta, speed: float = 1.0) -> Clock:
    return clock(drill_file(folder, before=before, speed=speed))


def page(url: str, body: bytes = NEW) -> Part:
    return Part(PAGE_PART, url, keyed(KEY, digest(visible_text(body.decode()).encode())))


def file(url: str, body: bytes = TABLE) -> Part:
    return Part(url.rpartition("/")[2], url, keyed(KEY, digest(body)))


def channel(
    site: str,
    *,
    name: str = "announced",
    files: tuple[Part, ...] = (),
    quiet: timedelta = timedelta(hours=1),
    cache_busting: bool = True,
) -> Channel:
    return Channel(name, page(f"{site}/prices"), files, quiet, cache_busting)


def order(*channels: Channel, policy: Policy | None = None) -> WatchOrder:
    return WatchOrder(
        "prices-2026-11",
        HALF_PAST,
        channels,
        ("coming soon",),
        policy or Policy(),
        issued=HALF_PAST - timedelta(hours=2),
    )


def probe(
    told: Clock,
    *,
    witness: str = "w1",
    network: str = "n1",
    allowed: tuple[str, ...] = (),
    record: bool = False,
    **vantage: Any,
) -> Probe:
    return Probe(
        witness=witness,
        network=network,
        vantage=Vantage(AGENT, **vantage),
        clock=told,
        allowed=allowed,
        record=record,
    )


def looked(eyes: Probe, look: Look) -> Sighting:
    """One look, waited for."""
    seen: list[Sighting] = []
    with Loop() as loop:
        eyes.look(loop, look, lambda sighting, _, __: seen.append(sighting))
        while not seen:
            loop.turn(0.1)
    return seen[0]


def eventually(holds: Callable[[], object], *, within: float = 5.0) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, "did not come about"
        time.sleep(0.01)
