"""One worker process: it takes connections from the socket that all workers share."""

import asyncio
import gc
import resource
import signal
import socket
from pathlib import Path

from ninethirty.core.keyring import GateKey
from ninethirty.core.times import clock
from ninethirty.gate import key
from ninethirty.gate.app import App
from ninethirty.gate.clock import GateClock, GuardedClock, Unguarded
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.connection import Connection, Office
from ninethirty.gate.notes import Notes
from ninethirty.gate.said import Said
from ninethirty.gate.store import Store
from ninethirty.lifeline import follow_parent

WAITING = 4096
"""Connections that wait for us in the kernel (it allows net.core.somaxconn at most)."""

_AT_ONCE = 64
"""Taken from there in one go, before those already here get their turn."""

_ROUND = 5.0
IDLE_ROUNDS = 15
"""Seconds between looks for idle connections, and after how many one is closed."""

_TO_FINISH = 3.0


def work(
    listening: socket.socket, store: Path, gate_key: Path, drill: Path | None, workers: int
) -> None:
    """gate_key: the file with the key of this gate. workers: how many of us there are."""
    follow_parent()
    _allow_many_files()
    asyncio.run(_serve(listening, _said(store, key.read(gate_key), drill, workers)))


def _said(store: Path, gate_key: GateKey, drill: Path | None, workers: int) -> Said:
    shown_by: GateClock
    watched_by: GateClock
    if drill:
        shown_by = watched_by = Unguarded(clock(drill))
        notes = Notes(store)
    else:
        file = ClockFile(store, workers)
        place = file.take_place()
        shown_by, watched_by = GuardedClock(file, place=place), GuardedClock(file)
        notes = Notes(store, file, place)
    notes.follow(Store(store, gate_key), watched_by)
    return Said(App(Store(store, gate_key), notes), shown_by.now_ns)


async def _serve(listening: socket.socket, said: Said) -> None:
    office = Office(said)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: Connection(office), sock=listening, backlog=_AT_ONCE)
    listening.listen(WAITING)
    gc.freeze()  # what is here now stays; it need not be looked through again and again
    rounds = asyncio.create_task(_go_round(office))
    await stop.wait()
    server.close()
    rounds.cancel()
    await _finish(office)


async def _go_round(office: Office) -> None:
    while True:
        await asyncio.sleep(_ROUND)
        close_idle(office)


def close_idle(office: Office) -> None:
    """Those that have neither asked in full nor taken any of an answer for IDLE_ROUNDS calls."""
    office.round += 1
    for connection in list(office.open):
        if office.round - connection.round > IDLE_ROUNDS:
            connection.transport.abort()


async def _finish(office: Office) -> None:
    """What is being sent is sent; nothing more is taken."""
    office.closing = True
    for connection in list(office.open):
        connection.close_when_sent()
    for _ in range(int(_TO_FINISH / 0.02)):
        if not office.open:
            return
        await asyncio.sleep(0.02)


def _allow_many_files() -> None:
    """Each connection is one, and the usual limit is 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
