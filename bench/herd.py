"""Five thousand people who were not here before come in the second of T, to six addresses."""

import os
import resource
import select
import socket
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from bench.figure import Figure, percentile
from bench.sealing import CLOCK, Desk, yesterday
from bench.serving import a_gate, nginx_before
from ninethirty.core.schedule import Opening
from ninethirty.core.times import Instant

PEOPLE = 5_000
ADDRESSES = 6
WITHIN = 1.0
PAGE = os.urandom(20_000)


def measure() -> list[Figure]:
    return [*_herd("directly"), *_herd("through nginx")]


def _herd(way: str) -> list[Figure]:
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        desk = Desk(folder)
        opens = CLOCK.now() + timedelta(seconds=8)
        old, new = desk.content(b"old" + PAGE), desk.content(b"new" + PAGE)
        for n in range(ADDRESSES):
            openings = [Opening(f"/{n}", yesterday(), old), Opening(f"/{n}", opens, new)]
            desk.add(f"release/{n}", openings)
        desk.sign()
        port = stack.enter_context(a_gate(desk)).port
        log = folder / "access.log"
        if way == "through nginx":
            port = stack.enter_context(nginx_before(folder, port, f"{log} asked"))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            came = apart.submit(come, port, opens).result()
        figures = [
            Figure(f"{way}: people", len(came.waited) + came.errors),
            Figure(f"{way}: errors", came.errors, most=0),
            Figure(f"{way}: old answers", came.old, most=0),
            Figure(f"{way}: p99 ms, connecting included", came.p99_ms(), most=200),
            Figure(f"{way}: readers' own lateness, p99 ms", came.late_ms()),
        ]
        if way == "through nginx":
            reached = [line for line in log.read_text().splitlines() if line != "-"]
            share = round(100 * len(reached) / PEOPLE, 2)
            figures.append(Figure(f"{way}: % of requests that reach the gate", share, most=1))
    return figures


@dataclass
class Came:
    errors: int = 0
    old: int = 0
    waited: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def p99_ms(self) -> float:
        return round(percentile(self.waited, 0.99) * 1000, 1)

    def late_ms(self) -> float:
        return round(percentile(self.late, 0.99) * 1000, 1)


@dataclass
class Person:
    connection: socket.socket
    request: bytes
    begun: Instant
    said: bytes = b""


def come(port: int, opens: Instant) -> Came:
    """All over new connections, spread evenly over the second; by hand, for speed."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    came, here, polling, next_one = Came(), dict[int, Person](), select.epoll(), 0
    end = opens + timedelta(seconds=WITHIN + 15)
    while (next_one < PEOPLE or here) and CLOCK.now() < end:
        while next_one < PEOPLE:
            due = opens + timedelta(seconds=WITHIN * next_one / PEOPLE)
            now = CLOCK.now()
            if now < due:
                break
            came.late.append((now - due).total_seconds())
            person = _arrive(port, next_one, now)
            here[person.connection.fileno()] = person
            polling.register(person.connection, select.EPOLLOUT)
            next_one += 1
        for number, event in polling.poll(0.001 if here else 0.0001):
            _serve(came, here, polling, number, event)
    came.errors += len(here) + PEOPLE - next_one
    return came


def _arrive(port: int, number: int, now: Instant) -> Person:
    connection = socket.socket()
    connection.setblocking(False)
    connection.connect_ex(("127.0.0.1", port))
    target = f"/{number % ADDRESSES}"
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    return Person(connection, request.encode(), now)


def _serve(
    came: Came, here: dict[int, Person], polling: select.epoll, number: int, event: int
) -> None:
    person = here[number]
    try:
        if event & select.EPOLLOUT:
            person.connection.send(person.request)
            polling.modify(number, select.EPOLLIN)
            return
        piece = person.connection.recv(1 << 16)
        person.said += piece
        if piece:
            return
        head, _, body = person.said.partition(b"\r\n\r\n")
        right = head.startswith(b"HTTP/1.1 200 ") and len(body) == len(PAGE) + 3
        came.errors += not right
        came.old += body.startswith(b"old")
        if right:
            came.waited.append((CLOCK.now() - person.begun).total_seconds())
    except OSError:
        came.errors += 1
    polling.unregister(number)
    person.connection.close()
    del here[number]
