"""How a gate behaves on a connection: real sockets, and readers that do not behave."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from ninethirty.core.schedule import Opening
from ninethirty.core.times import wall_ns
from ninethirty.gate.app import App
from ninethirty.gate.connection import MOST_BYTES, Connection, Office
from ninethirty.gate.said import Said
from ninethirty.gate.store import Store
from ninethirty.gate.worker import IDLE_ROUNDS, close_idle
from tests.gate.made import (
    CLOCK,
    PAGE,
    RELEASE,
    Gate,
    a_gate,
    a_shelf,
    a_store,
    answers,
    content,
    until,
    worker_of,
)

LARGE = os.urandom(1 << 20) * 30
GET = f"GET {PAGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
LAST = f"GET {PAGE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with a_site(tmp_path_factory.mktemp("connection")) as running:
        yield running


@contextmanager
def a_site(folder: Path) -> Iterator[Gate]:
    shelf = a_shelf(folder)
    now = CLOCK.now()
    openings = [
        Opening(PAGE, now, content(shelf, RELEASE)),
        Opening("/large.zip", now, content(shelf, LARGE, "application/zip")),
    ]
    shelf.publish("release/q", openings, now)
    with a_gate(folder, shelf) as running:
        yield running


def connect(gate: Gate) -> socket.socket:
    return socket.create_connection(("127.0.0.1", gate.port), timeout=10)


def rest_of(reading: socket.socket) -> bytes:
    """All that comes until the gate closes."""
    return b"".join(iter(lambda: reading.recv(1 << 16), b""))


def told(gate: Gate, *sent: bytes) -> bytes:
    """What the gate says to these pieces, one after another, until it closes."""
    with connect(gate) as asking:
        for number, piece in enumerate(sent):
            if number:
                time.sleep(0.02)
            asking.sendall(piece)
        return rest_of(asking)


def bodies(said: bytes) -> list[bytes]:
    found = []
    while said:
        head, _, rest = said.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        found.append(rest[:length])
        said = rest[length:]
    return found


def test_requests_sent_together_are_answered_in_their_order(gate: Gate) -> None:
    large = LAST.replace(PAGE.encode(), b"/large.zip").replace(b"Connection: close\r\n", b"")
    assert bodies(told(gate, GET + large + GET + large + LAST)) == [
        RELEASE, LARGE, RELEASE, LARGE, RELEASE,
    ]  # fmt: skip


def test_requests_sent_together_are_not_taken_for_one_the_next_time(gate: Gate) -> None:
    assert told(gate, GET + GET, GET + GET, LAST).count(RELEASE) == 5


def test_what_is_asked_while_a_large_file_is_sent_waits_for_its_end(gate: Gate) -> None:
    for _ in range(20):
        assert bodies(told_at_once(gate, GET.replace(PAGE.encode(), b"/large.zip"), GET, LAST)) == [
            LARGE, RELEASE, RELEASE,
        ]  # fmt: skip


def told_at_once(gate: Gate, *sent: bytes) -> bytes:
    with connect(gate) as asking:
        asking.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in sent:
            asking.sendall(piece)
        return rest_of(asking)


def test_a_request_may_come_a_byte_at_a_time(gate: Gate) -> None:
    with connect(gate) as asking:
        asking.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in GET + LAST:
            asking.send(bytes([byte]))
        assert bodies(rest_of(asking)) == [RELEASE, RELEASE]


def test_a_request_known_already_is_no_different_when_it_comes_in_pieces(gate: Gate) -> None:
    assert told(gate, GET, GET, GET[:20], GET[20:] + GET, LAST).count(RELEASE) == 6 - 1


def test_half_a_request_followed_by_one_known_already_is_not_taken_for_two(gate: Gate) -> None:
    told(gate, GET, LAST)
    said = told(gate, b"GET / HTTP/1.1\r\nX: ", GET, LAST)
    assert said.startswith(b"HTTP/1.1 404 ")
    assert said.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_clear_request_is_refused_and_hears_nothing_else(
    gate: Gate, sent: bytes
) -> None:
    said = told(gate, sent + GET)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1") == 1
    assert b"connection: close" in said


def test_what_was_asked_before_the_nonsense_is_answered(gate: Gate) -> None:
    assert bodies(told(gate, GET + b"nonsense\r\n\r\n")) == [RELEASE]


@pytest.mark.parametrize("field", [b"X: ", b"Content-Length: 99999999\r\n\r\n", b"X: \r\nCookie: "])
def test_a_request_without_end_is_cut_off(gate: Gate, field: bytes) -> None:
    with connect(gate) as asking:
        asking.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + field)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            send_without_end(asking)
        assert gate.get(PAGE)[0] == 200


def send_without_end(asking: socket.socket) -> None:
    end = time.monotonic() + 5
    sent = 0
    while time.monotonic() < end:
        sent += asking.send(b"a" * 1000)
        time.sleep(0.001)
    raise AssertionError(f"{sent} bytes were taken, where {MOST_BYTES} should be too many")


def test_a_body_is_read_over_and_the_next_request_answered(gate: Gate) -> None:
    posted = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /"
    said = told(gate, posted + LAST)
    assert said.startswith(b"HTTP/1.1 405 ")
    assert said.count(RELEASE) == 1


def test_an_old_client_gets_its_answer_and_an_end(gate: Gate) -> None:
    said = told(gate, f"GET {PAGE} HTTP/1.0\r\n\r\n".encode())
    assert bodies(said) == [RELEASE]
    assert b"connection: close" in said


def test_who_asks_for_another_protocol_gets_the_answer_in_this_one(gate: Gate) -> None:
    upgrade = GET.replace(
        b"\r\n\r\n", b"\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"
    )
    assert bodies(told(gate, upgrade)) == [RELEASE]


def test_a_reader_who_takes_nothing_holds_up_nobody_and_costs_no_memory(gate: Gate) -> None:
    def memory() -> int:
        pages = Path(f"/proc/{worker_of(gate)}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    assert gate.get(PAGE)[2] == RELEASE
    before = memory()
    with connect(gate) as lazy:
        lazy.sendall(LAST.replace(PAGE.encode(), b"/large.zip"))
        with connect(gate) as pipelining:
            pipelining.setblocking(False)
            sent = 0
            for _ in range(200):
                try:
                    sent += pipelining.send(GET * 100)
                except BlockingIOError:
                    time.sleep(0.002)
            assert sent > 100_000
            for _ in range(50):
                assert gate.get(PAGE)[2] == RELEASE
            assert memory() - before < 20 << 20
        assert rest_of(lazy).endswith(LARGE[-1000:])


def test_what_is_being_sent_when_the_gate_is_stopped_is_sent(tmp_path: Path) -> None:
    with a_site(tmp_path) as gate, connect(gate) as reading:
        reading.sendall(LAST.replace(PAGE.encode(), b"/large.zip"))
        first = reading.recv(1000)
        gate.process.terminate()
        until(lambda: not answers(gate.port))
        assert bodies(first + rest_of(reading)) == [LARGE]
        assert gate.process.wait(10) == 0


def test_a_worker_that_dies_is_replaced_and_who_waits_is_answered(tmp_path: Path) -> None:
    with a_site(tmp_path) as gate:
        first = worker_of(gate)
        os.kill(first, signal.SIGKILL)
        assert gate.get(PAGE)[2] == RELEASE
        assert worker_of(gate) != first


def test_several_workers_share_one_address(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    shelf.publish("release/q", [Opening(PAGE, CLOCK.now(), content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf, "--workers", "2") as gate:
        children = Path(f"/proc/{gate.process.pid}/task/{gate.process.pid}/children").read_text()
        for worker in sorted(map(int, children.split()))[-2:]:
            os.kill(worker, signal.SIGKILL)
            for _ in range(20):
                assert gate.get(PAGE)[2] == RELEASE


def test_a_file_cut_short_on_the_disk_ends_too_early_and_is_not_filled_up(tmp_path: Path) -> None:
    with a_site(tmp_path) as gate, connect(gate) as reading:
        place = max((tmp_path / "gate" / "objects").glob("*/*"), key=lambda one: one.stat().st_size)
        reading.sendall(LAST.replace(PAGE.encode(), b"/large.zip"))
        said = reading.recv(1000)
        os.truncate(place, len(LARGE) // 2)
        said += rest_of(reading)
        assert f"content-length: {len(LARGE)}\r\n".encode() in said
        body = said.partition(b"\r\n\r\n")[2]
        assert len(body) < len(LARGE)
        assert LARGE.startswith(body)


@asynccontextmanager
async def an_office(folder: Path) -> AsyncIterator[tuple[Office, Store, int]]:
    """A worker's inside, its store, and its port."""
    with closing(a_store(folder)) as store:
        office = Office(Said(App(store), wall_ns))
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(office), "127.0.0.1", 0)
        yield office, store, server.sockets[0].getsockname()[1]
        server.close()


def test_a_connection_is_closed_when_nothing_has_come_for_a_while(tmp_path: Path) -> None:
    async def play() -> None:
        async with an_office(tmp_path) as (office, _, port):
            idle, idle_in = await asyncio.open_connection("127.0.0.1", port)
            busy, busy_in = await asyncio.open_connection("127.0.0.1", port)
            for place in range(IDLE_ROUNDS + 1):
                idle_in.write(GET[place : place + 1])
                busy_in.write(GET)
                await busy.readuntil(b"</html>\n")
                close_idle(office)
            assert await asyncio.wait_for(idle.read(), 5) == b""
            busy_in.write(LAST)
            assert await busy.read()
            for writer in (idle_in, busy_in):
                writer.close()

    asyncio.run(play())


def test_when_the_index_cannot_be_read_the_reader_is_told_and_no_cache_keeps_it(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        async with an_office(tmp_path) as (_, store, port):
            reading, writing = await asyncio.open_connection("127.0.0.1", port)
            store.close()
            writing.write(GET + LAST)
            said = await asyncio.wait_for(reading.read(), 5)
            assert said.count(b"HTTP/1.1 500 ") == said.count(b"cache-control: no-store") == 2
            writing.close()

    asyncio.run(play())
