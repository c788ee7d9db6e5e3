"""One reader's connection: HTTP/1.1 as llhttp reads it, answers in the order of the requests.

A gate answers from memory or, piece by piece, from its disk, and never waits for anybody else. So
there is nothing here but the calls that the event loop makes: no task, no queue between threads.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import httptools
import structlog

from ninethirty.core.errors import SealBroken
from ninethirty.gate.request import Request, read
from ninethirty.gate.said import Said
from ninethirty.gate.wire import Wire, refusal

MOST_BYTES = 1 << 16
"""Of one request, its body included. Nothing we are asked takes more."""

_PIECE = 1 << 14
"""Bytes taken from a connection in one go."""

_SHORT = 2048
_HEADS = 4096

log = structlog.get_logger()


class Asked(NamedTuple):
    request: Request
    keep_alive: bool


class Office:
    """What the connections of a worker have in common."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.open: set[Connection] = set()
        self.heads: dict[bytes, Asked] = {}
        """Requests that came whole in one piece, as bytes: they need not be read again."""
        self.round = 0
        """Counts the rounds of `worker`, which closes what has been idle for some."""
        self.closing = False
        self.buffer = memoryview(bytearray(_PIECE))
        """Where what a connection has to say is put; it is read before the next one has its turn.
        (The event loop's own way asks for 256 kB of memory each time, and gives them back.)"""


class Connection(asyncio.BufferedProtocol):
    transport: asyncio.Transport

    def __init__(self, office: Office) -> None:
        self._office = office
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._asked: deque[Asked] = deque()
        self._between = True
        """No part of a request has come yet."""
        self._bytes = 0
        self._full = False
        """The reader takes no more for now."""
        self._pieces: Iterator[bytes] | None = None
        self._last = False
        """Nothing is read from here any more."""
        self.round = office.round
        """When it last made progress."""

    # What the event loop says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._office.open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._office.open.discard(self)
        self._last = True
        self._asked.clear()
        self._pieces = None

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._office.buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._last:
            return
        data = bytes(self._office.buffer[:nbytes])
        if self._between:
            known = self._office.heads.get(data)
            if known is not None:
                self._answer(known)
                return
        self._read(data)
        self._go_on()

    def pause_writing(self) -> None:
        self._full = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self._full = False
        self.round = self._office.round
        if self._pieces is None:
            self._go_on()
        else:
            self._send_piece()

    def close_when_sent(self) -> None:
        """What was asked already is answered still."""
        self._last = True
        self._go_on()

    # Reading.

    def _read(self, data: bytes) -> None:
        begins, waiting = self._between, len(self._asked)
        self._bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._last = True  # we speak one protocol only, so this was its last request
        except httptools.HttpParserError:
            self._refuse(400)
            return
        if self._bytes > MOST_BYTES:
            self._refuse(431)
        elif begins and self._between and len(self._asked) == waiting + 1:
            self._remember(data)

    def _remember(self, data: bytes) -> None:
        whole = data.endswith(b"\r\n\r\n") and not self._body
        if len(data) <= _SHORT and whole and not self._last:
            if len(self._office.heads) >= _HEADS:
                self._office.heads.clear()
            self._office.heads[data] = self._asked[-1]

    def _refuse(self, status: int) -> None:
        """Answer what was asked properly, say no to the rest, and hear no more."""
        self._last = True
        if not self._asked and self._pieces is None:
            self._send(refusal(status).closing())
            self.transport.close()

    # What the parser says.

    def on_message_begin(self) -> None:
        self._between = False
        self._target = b""
        self._hosts = 0
        self._fields: list[tuple[bytes, bytes]] = []
        self._body = b""

    def on_url(self, target: bytes) -> None:
        self._target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self._hosts += name == b"host"
        self._fields.append((name, value))

    def on_body(self, piece: bytes) -> None:
        self._body += piece

    def on_message_complete(self) -> None:
        self._between = True
        self._bytes = 0
        if self._hosts != 1 and (self._hosts or self._parser.get_http_version() != "1.0"):
            raise ValueError("one Host, says RFC 9112, 3.2")
        request = read(self._parser.get_method(), self._target, self._fields, self._body)
        self._asked.append(Asked(request, self._parser.should_keep_alive()))

    # Answering.

    def _go_on(self) -> None:
        while self._asked and not self._full and self._pieces is None:
            self._answer(self._asked.popleft())
        if self._asked or self._pieces is not None or self.transport.is_closing():
            return
        if self._last:
            self.transport.close()
        elif not self._full:
            self.transport.resume_reading()

    def _answer(self, asked: Asked) -> None:
        self.round = self._office.round
        try:
            wire = self._office.said.answer(asked.request)
        except (sqlite3.Error, OSError) as broken:
            log.error("gate.cannot_answer", reason=str(broken))
            wire = refusal(500)
        if asked.keep_alive and not self._office.closing:
            self._send(wire)
            return
        self._last = True
        self._asked.clear()
        self._send(wire.closing())
        if self._pieces is None:
            self.transport.close()

    def _send(self, wire: Wire) -> None:
        if isinstance(wire.body, bytes):
            self.transport.write(wire.first)
        else:
            self.transport.pause_reading()
            self.transport.write(wire.head)
            self._pieces = wire.body.pieces()
            self._loop.call_soon(self._send_piece)

    def _send_piece(self) -> None:
        """One, and then it is the turn of others."""
        if self._pieces is None:
            return  # the reader has gone
        try:
            piece = next(self._pieces, None)
        except (SealBroken, OSError) as broken:
            # What is sent is sent. Cut off, the reader sees that it is not all.
            log.error("gate.seal_broken", reason=str(broken))
            self.transport.abort()
            return
        if piece is None:
            self._pieces = None
            self._go_on()
            return
        self.transport.write(piece)
        self.round = self._office.round
        if not self._full:
            self._loop.call_soon(self._send_piece)
