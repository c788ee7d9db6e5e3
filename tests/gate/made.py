"""A shelf, a gate on it, and the app alone: small functions that the tests build from."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ninethirty.core.document import SigningKey
from ninethirty.core.guard import Trust
from ninethirty.core.keyring import GateKey
from ninethirty.core.schedule import IDENTITY, Content, Opening
from ninethirty.core.times import Instant, RealClock, ns_of
from ninethirty.desk.shelf import Shelf
from ninethirty.gate.app import App
from ninethirty.gate.arm import arm
from ninethirty.gate.reply import Reply
from ninethirty.gate.request import Request
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from ninethirty.gate.stream import Stream
from tests.core.made import HALF_PAST

CLOCK = RealClock()
PAGE = "/statistics/qualifications"
SOON = b"<p>coming soon</p>"
RELEASE = b"<p>the release</p>" * 1000


def a_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port


GATE_KEY = GateKey.new()


def a_shelf(folder: Path, now: Instant = HALF_PAST) -> Shelf:
    """With one gate let in."""
    shelf = Shelf(folder / "desk", SigningKey.new(), site="stats.example", drill=False)
    shelf.let_in("gate", GATE_KEY.public, now)
    return shelf


def a_store(folder: Path) -> Store:
    return Store(folder, GATE_KEY)


def key_of(shelf: Shelf) -> str:
    return shelf._key.public


def content(shelf: Shelf, body: bytes, media_type: str = "text/html; charset=utf-8") -> Content:
    """With where it lies."""
    return shelf.prepared(Content(shelf.put(body), len(body), media_type))


def lying(shelf: Shelf, body: bytes) -> str:
    """The object that these bytes lie in, as they are."""
    return shelf.lies(shelf.put(body))[IDENTITY].object


@dataclass(frozen=True)
class Gate:
    process: subprocess.Popen[bytes]
    port: int

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


@contextmanager
def a_gate(folder: Path, shelf: Shelf, *more: str) -> Iterator[Gate]:
    """Once it serves what is in force."""
    with started(folder, key_of(shelf), *more) as gate:
        until(lambda: bool(shelf.acknowledged()))
        yield gate


@contextmanager
def started(folder: Path, trusted_key: str, *more: str) -> Iterator[Gate]:
    """Once it answers, be it that there is nothing."""
    port = a_port()
    key_file = folder / "gate.key"
    key_file.touch(mode=0o600)
    key_file.write_text(GATE_KEY.secret())
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ninethirty", "gate", str(folder / "gate")),
            *("--from", str(folder / "desk"), "--key", trusted_key),
            *("--gate-key", str(key_file), "--listen", f"127.0.0.1:{port}"),
            *("--time-from", "unchecked", *more),
        ]
    )
    try:
        until(lambda: answers(port))
        yield Gate(process, port)
    finally:
        process.terminate()
        process.wait(10)


def worker_of(gate: Gate) -> int:
    """The process that answers: the youngest child of the gate's main process."""
    children = Path(f"/proc/{gate.process.pid}/task/{gate.process.pid}/children").read_text()
    return max(int(child) for child in children.split())


def answers(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def until(so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@dataclass
class Told:
    """A clock that shows what it is told."""

    moment: Instant = HALF_PAST
    drill: bool = False

    def now(self) -> Instant:
        return self.moment

    def now_ns(self) -> int:
        return ns_of(self.moment)

    def seconds_until(self, instant: Instant) -> float:
        return (instant - self.moment).total_seconds()

    def trust(self) -> Trust:
        return Trust.DRILL if self.drill else Trust.TRUSTED

    def offset(self) -> int | None:
        return None


@contextmanager
def an_app(folder: Path, shelf: Shelf, openings: Iterable[Opening]) -> Iterator["Alone"]:
    """The app without a server: armed, and told the time."""
    shelf.publish("release/q", openings, HALF_PAST)
    store = a_store(folder / "gate")
    try:
        assert arm_from(store, folder / "desk", shelf)
        yield Alone(App(store), store)
    finally:
        store.close()


def arm_from(store: Store, folder: Path, shelf: Shelf, clock: Told | None = None) -> bool:
    told = clock or Told()
    taken = arm(store, Folder(folder), gate="gate", trusted_key=key_of(shelf), clock=told)
    return taken is not None


@dataclass(frozen=True)
class Alone:
    app: App
    store: Store

    def get(self, path: str, now: Instant = HALF_PAST, method: str = "GET", **asked: Any) -> Reply:
        return self.app.answer(Request(method, path, **asked), now)


def field(reply: Reply, name: str) -> str | None:
    """A header field; None if it is not sent."""
    values = [value for key, value in reply.headers if key == name]
    assert len(values) < 2, f"{name} sent twice"
    return values[0] if values else None


def body_of(reply: Reply) -> bytes:
    if isinstance(reply.body, Stream):
        return b"".join(reply.body.pieces())
    assert isinstance(reply.body, bytes)
    return reply.body


def stepping(original: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    def stepped(*given: Any, **named: Any) -> Any:
        step()
        return original(*given, **named)

    return stepped
