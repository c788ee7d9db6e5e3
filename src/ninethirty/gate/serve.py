"""Run a gate: workers answer, one thread of the main process pulls schedules."""

import sqlite3
import threading
import time
from pathlib import Path

import structlog

from ninethirty.core.errors import NinethirtyError, OutsideFailed
from ninethirty.core.keyring import GateKey
from ninethirty.core.schedule import read_root
from ninethirty.core.times import clock
from ninethirty.gate import inbox, private, receipts, timekeeper, verify
from ninethirty.gate.arm import arm
from ninethirty.gate.clock import GateClock, GuardedClock, Unguarded
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.key import key_file, read_or_make
from ninethirty.gate.metrics import Counts, Gauges, page_of
from ninethirty.gate.source import Source
from ninethirty.gate.sources import InOrder
from ninethirty.gate.store import Store
from ninethirty.gate.sweep import Broom
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
    gate_key: Path | None = None,
) -> None:
    """Serve at `address`, HOST:PORT, until told to stop.

    gate_key: the file with the gate's own key; made if it is not there.

    Raises:
        CannotStart: the port is taken, the store is not one for these keys, or nobody can say what
        time it is from `time_from`.
        WrongKey, SealBroken, Malformed: what is in force was not signed by the key we trust.
    """
    listen = check_listen(address)
    file = key_file(store, gate_key)
    key, made = read_or_make(file)
    if made:
        _say_how_to_let_in(name, key, file)
    _check(store, key, trusted_key)
    signing = receipts.receipt_key(receipt_key)
    times = None if drill else ClockFile(store, workers)
    watch_clock = _clock(times, name, drill, time_from)
    served = Workers(listen, store, file, drill, workers)
    written = receipts.Receipts(store, gate=name, key=signing)
    counts = Counts()
    if metrics:
        gauges = Gauges(Store(store, key), watch_clock, written, counts, times)
        private.start(metrics, page_of(gauges), written.place)
    log.info("gate.starts", gate=name, receipts_signed_by=signing.public)
    receipts.start(Store(store, key), written, watch_clock)
    verify.start(store, key, sources)
    inbox.start(store, name, sources)
    threading.Thread(
        target=_pull,
        args=(Store(store, key), name, InOrder(sources), trusted_key, watch_clock, counts),
        daemon=True,
    ).start()
    served.run()


def _clock(file: ClockFile | None, gate: str, drill: Path | None, time_from: str) -> GateClock:
    if file is None:
        return Unguarded(clock(drill))
    guarded = GuardedClock(file)
    timekeeper.start(file, guarded, time_source(time_from), gate=gate)
    return guarded


def _say_how_to_let_in(name: str, key: GateKey, file: Path) -> None:
    print(
        f"Made this gate's key, {file}; keep it out of copies of the store. "
        "On the desk's side let the gate in:\n"
        f"  ninethirty gates add {name} {key.public} --store STORE --key KEYFILE",
        flush=True,
    )


def _check(folder: Path, key: GateKey, trusted_key: str) -> None:
    """The store is made, before the workers look for it, or what is in force there is whole."""
    store = Store(folder, key)
    try:
        held = store.root()
        if held:
            read_root(held, trusted_key)
    finally:
        store.close()


def _pull(
    store: Store,
    name: str,
    sources: InOrder,
    trusted_key: str,
    watch_clock: GateClock,
    counts: Counts,
) -> None:
    broom = Broom(store)
    said: dict[int, str] = {}
    while True:
        for place, source in sources.awake():
            try:
                armed = arm(store, source, gate=name, trusted_key=trusted_key, clock=watch_clock)
                if armed:
                    log.info("gate.armed", gate=name, root=armed.root, version=armed.version)
                    broom.begin()
                said.pop(place, None)
            except (NinethirtyError, OSError, sqlite3.Error) as refused:
                # The schedule in force stays in force; say so once, and try again.
                if isinstance(refused, OutsideFailed):
                    sources.rest(place)
                if said.get(place) != str(refused):
                    said[place] = str(refused)
                    counts.arming_refused += 1
                    log.error("gate.refused", gate=name, reason=said[place])
        try:
            broom.bite()
        except (OSError, sqlite3.Error) as failed:
            log.error("gate.not_swept", gate=name, reason=str(failed))
        time.sleep(PULL_EVERY)
