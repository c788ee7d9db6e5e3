"""Large files, from the disk to a reader: in little memory, and never anything wrong."""

import http.client
import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from ninethirty.core.errors import SealBroken
from ninethirty.core.locked import CHUNK_BYTES, LOCKED_CHUNK_BYTES
from ninethirty.core.schedule import IDENTITY, Opening
from ninethirty.desk.shelf import Shelf
from ninethirty.gate.ranges import Span
from ninethirty.gate.stream import AT_ONCE, Stream
from tests.core.made import HALF_PAST
from tests.gate.made import (
    CLOCK,
    Gate,
    a_gate,
    a_shelf,
    an_app,
    body_of,
    content,
    lying,
    until,
    worker_of,
)

LARGE = os.urandom(1 << 20) * 8 + b"the end"
EDGES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, AT_ONCE * CHUNK_BYTES, len(LARGE) - 1, len(LARGE)]


@contextmanager
def a_large_file(folder: Path) -> Iterator[tuple[Shelf, Gate]]:
    shelf = a_shelf(folder)
    now = CLOCK.now()
    shelf.publish("x", [Opening("/x.zip", now, content(shelf, LARGE, "x/y"))], now)
    with a_gate(folder, shelf) as gate:
        assert gate.get("/nothing")[0] == 404
        yield shelf, gate


def place_of(folder: Path, shelf: Shelf) -> Path:
    name = lying(shelf, LARGE)
    return folder / "gate" / "objects" / name[:2] / name


def flip(place: Path, chunk: int) -> None:
    whole = bytearray(place.read_bytes())
    whole[chunk * LOCKED_CHUNK_BYTES] ^= 1
    place.write_bytes(whole)


def test_any_part_of_a_large_file_is_that_part(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    with an_app(tmp_path, shelf, [Opening("/x", HALF_PAST, content(shelf, LARGE, "x/y"))]) as gate:
        for first in EDGES[:-1]:
            for end in (edge for edge in EDGES if edge > first):
                reply = gate.get("/x", range=f"bytes={first}-{end - 1}")
                assert body_of(reply) == LARGE[first:end], (first, end)


def test_what_comes_before_a_broken_chunk_is_right_and_nothing_comes_after(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    lies = content(shelf, LARGE, "x/y").lies[IDENTITY]
    place = tmp_path / "desk" / "objects" / lies.object[:2] / lies.object
    broken = 3 * AT_ONCE + 1
    flip(place, broken)
    pieces = Stream(place, lies, Span(0, len(LARGE))).pieces()
    assert b"".join(islice(pieces, 3)) == LARGE[: 3 * AT_ONCE * CHUNK_BYTES]
    with pytest.raises(SealBroken, match=f"chunk {broken} is not as it was sealed"):
        next(pieces)
    assert list(pieces) == []


def test_a_reader_of_a_broken_file_sees_that_it_was_cut_off(tmp_path: Path) -> None:
    with a_large_file(tmp_path) as (shelf, gate):
        flip(place_of(tmp_path, shelf), 100)
        with pytest.raises(http.client.IncompleteRead) as cut:
            gate.get("/x.zip")
        assert LARGE.startswith(cut.value.partial)
        assert len(cut.value.partial) <= 100 * CHUNK_BYTES
        broken = f"bytes={100 * CHUNK_BYTES}-{100 * CHUNK_BYTES + 9}"
        assert gate.get("/x.zip", Range=broken)[0] == 500
        assert gate.get("/x.zip", Range="bytes=0-9")[2] == LARGE[:10]


def test_a_reader_who_takes_nothing_costs_little_memory_and_gets_it_all_in_the_end(
    tmp_path: Path,
) -> None:
    with a_large_file(tmp_path) as (_, gate):
        before = memory(worker_of(gate))
        with closing(asks(gate)) as slow:
            time.sleep(1)
            assert memory(worker_of(gate)) - before < 6 << 20
            got = bytearray()
            while piece := slow.recv(1 << 20):
                got += piece
        assert got.endswith(LARGE)


def test_readers_who_go_away_leave_nothing_open(tmp_path: Path) -> None:
    with a_large_file(tmp_path) as (_, gate):
        assert gate.get("/x.zip")[2] == LARGE
        before = open_files(worker_of(gate))
        for _ in range(10):
            with closing(asks(gate)) as fickle:
                fickle.recv(1000)
        until(lambda: open_files(worker_of(gate)) <= before, seconds=20)
        assert gate.get("/x.zip")[2] == LARGE


def asks(gate: Gate) -> socket.socket:
    """Says that it will not be asked again, so that the answer ends with the connection."""
    asking = socket.create_connection(("127.0.0.1", gate.port), timeout=20)
    asking.sendall(b"GET /x.zip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    return asking


def memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) << 10
    raise AssertionError("no VmRSS")


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
