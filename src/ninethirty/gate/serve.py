"""Run a gate: workers answer, one thread of the main process pulls schedules."""

import sqlite3
import threading
import time
from pathlib import Path

import structlog

from ninethirty.core.errors import NinethirtyError, OutsideFailed
from ninethirty.core.times import clock
from ninethirty.gate import private, receipts, squeezer, timekeeper
from ninethirty.gate.arm import arm
from ninethirty.gate.clock import GateClock, GuardedClock, Unguarded
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.metrics import Counts, Gauges, page_of
from ninethirty.gate.source import Source
from ninethirty.gate.sources import InOrder
from ninethirty.gate.store import Store
from ninethirty.gate.timesource import time_source
from ninethirty.gate.workers import Workers
from ninethirty.server import check_listen

PULL_EVERY = 0.25
"""Real seconds. A new schedule is to be in force within one."""

log = structlog.get_logger()


def serve(
    store: Path,
    *,
    name: str,
    sources: list[Source],
    trusted_key: str,
    address: str,
    drill: Path | None,
    time_from: str,
    receipt_key: Path,
    metrics: str | None,
    workers: int = 1,
) -> None:
    """Serve at `address`, HOST:PORT, until told to stop.

    Raises:
        CannotStart: the port is taken, or nobody can say what time it is from `time_from`.
    """
    listen = check_listen(address)
    key = receipts.receipt_key(receipt_key)
    Store(store).close()  # made before the workers look for it
    file = None if drill else ClockFile(store, workers)
    watch_clock = _clock(file, name, drill, time_from)
    served = Workers(listen, store, drill, workers)
    written = receipts.Receipts(store, gate=name, key=key)
    counts = Counts()
    if metrics:
        gauges = Gauges(Store(store), watch_clock, written, counts, file)
        private.start(metrics, page_of(gauges), written.place)
    log.info("gate.starts", gate=name, receipts_signed_by=key.public)
    work = squeezer.start(store)
    receipts.start(store, written, watch_clock)
    threading.Thread(
        target=_pull,
        args=(store, name, InOrder(sources), trusted_key, watch_clock, work, counts),
        daemon=True,
    ).start()
    served.run()


def _clock(file: ClockFile | None, gate: str, drill: Path | None, time_from: str) -> GateClock:
    if file is None:
        return Unguarded(clock(drill))
    guarded = GuardedClock(file)
    timekeeper.start(file, guarded, time_source(time_from), gate=gate)
    return guarded


def _pull(
    folder: Path,
    name: str,
    sources: InOrder,
    trusted_key: str,
    watch_clock: GateClock,
    work: threading.Event,
    counts: Counts,
) -> None:
    store = Store(folder)
    said: dict[int, str] = {}
    while True:
        for place, source in sources.awake():
            try:
                armed = arm(store, source, gate=name, trusted_key=trusted_key, clock=watch_clock)
                if armed:
                    log.info("gate.armed", gate=name, root=armed.root, version=armed.version)
                    work.set()
                said.pop(place, None)
            except (NinethirtyError, OSError, sqlite3.Error) as refused:
                # The schedule in force stays in force; say so once, and try again.
                if isinstance(refused, OutsideFailed):
                    sources.rest(place)
                if said.get(place) != str(refused):
                    said[place] = str(refused)
                    counts.arming_refused += 1
                    log.error("gate.refused", gate=name, reason=said[place])
        time.sleep(PULL_EVERY)
