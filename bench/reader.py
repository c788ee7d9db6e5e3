"""A reader that keeps a connection and asks without pause; requests and judgement made ready.

It runs in a process of its own, so that it neither waits for the bench nor makes it wait.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ninethirty.core.times import Instant, RealClock

CLOCK = RealClock()
ABSENT = b""

_WAYS = (
    ("GET", ""),
    ("HEAD", ""),
    ("GET", "Range: bytes=0-99\r\n"),
    ("GET", "If-None-Match: {held}\r\n"),
)


@dataclass(frozen=True)
class Path:
    """What one path shows: `shows[0]` at first, then `shows[n + 1]` from `opens[n]` on.

    Each is a tag as an answer names it; ABSENT: 404.
    """

    path: str
    opens: tuple[Instant, ...]
    shows: tuple[bytes, ...]


@dataclass
class Seen:
    """What readers saw. Of one path and flip: when an answer first showed it, when it was asked."""

    looks: int = 0
    early: int = 0
    old: int = 0
    odd: int = 0
    first: dict[tuple[str, int], Instant] = field(default_factory=dict)
    asked: dict[tuple[str, int], Instant] = field(default_factory=dict)

    def note(self, path: Path, begun: Instant, ended: Instant, tag: bytes) -> None:
        self.looks += 1
        at_least, at_most = bisect_right(path.opens, begun), bisect_right(path.opens, ended)
        try:
            shown = path.shows.index(tag)
        except ValueError:
            self.odd += 1
            return
        self.early += shown > at_most
        self.old += shown < at_least
        if shown:
            self.first.setdefault((path.path, shown - 1), ended)
        if at_least:
            self.asked.setdefault((path.path, at_least - 1), begun)


class Reader(asyncio.Protocol):
    """Connects anew when it is told that an answer was the last of a connection."""

    def __init__(self, port: int, seen: Seen, paths: Iterator[Path], until: Instant) -> None:
        self._port = port
        self._seen = seen
        self._paths = paths
        self._until = until
        self._held: dict[str, str] = {}
        self._count = 0
        self._lost = asyncio.Event()

    async def play(self) -> None:
        loop = asyncio.get_running_loop()
        while CLOCK.now() < self._until:
            self._lost.clear()
            await loop.create_connection(lambda: self, "127.0.0.1", self._port)
            await self._lost.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._seen.odd += self._waiting
        self._lost.set()

    def _ask(self) -> None:
        self._path = path = next(self._paths)
        method, more = _WAYS[self._count % len(_WAYS)]
        self._count += 1
        self._head_only = method == "HEAD"
        fields = more.format(held=self._held.get(path.path, '"none"'))
        self._data = b""
        self._waiting = True
        self._begun = CLOCK.now()
        self._transport.write(
            f"{method} {path.path} HTTP/1.1\r\nHost: bench.example\r\n{fields}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._data = data = self._data + data if self._data else data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return
        head = data[:end].lower() + b"\r\n"
        status = int(head[9:12])
        bare = self._head_only or status == 304
        if not bare and len(data) < end + 4 + int(_value(head, b"content-length")):
            return
        ended = CLOCK.now()
        tag = ABSENT if status == 404 else _value(head, b"etag")
        self._held[self._path.path] = tag.decode() or '"none"'
        self._seen.note(self._path, self._begun, ended, tag)
        self._waiting = False
        if b"\r\nconnection: close\r\n" in head or ended >= self._until:
            self._transport.close()
        else:
            self._ask()


def _value(head: bytes, name: bytes) -> bytes:
    return head.partition(b"\r\n" + name + b": ")[2].partition(b"\r\n")[0]


def hammer(port: int, readers: int, until: Instant, paths: Callable[[int], Iterator[Path]]) -> Seen:
    """paths: what a reader asks for, one after another, for the reader with this number."""

    async def play() -> Seen:
        seen = Seen()
        made = [Reader(port, seen, paths(number), until) for number in range(readers)]
        await asyncio.gather(*(reader.play() for reader in made))
        return seen

    return asyncio.run(play())
