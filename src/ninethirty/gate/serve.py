"""Run a gate: workers answer, one thread of the main process pulls schedules."""

import sqlite3
import threading
import time
from pathlib import Path

import structlog

from ninethirty.core.errors import NinethirtyError
from ninethirty.core.times import Clock, clock
from ninethirty.gate import squeezer
from ninethirty.gate.arm import Folder, arm
from ninethirty.gate.store import Store
from ninethirty.gate.workers import Workers
from ninethirty.server import check_listen

PULL_EVERY = 0.25
"""Real seconds. A new schedule is to be in force within one."""

log = structlog.get_logger()


def serve(
    store: Path,
    *,
    name: str,
    sources: list[Path],
    trusted_key: str,
    address: str,
    drill: Path | None,
    workers: int = 1,
) -> None:
    """Serve at `address`, HOST:PORT, until told to stop.

    Raises:
        CannotStart: the port is taken.
    """
    listen = check_listen(address)
    Store(store).close()  # made before the workers look for it
    served = Workers(listen, store, drill, workers)
    work = squeezer.start(store)
    threading.Thread(
        target=_pull, args=(store, name, sources, trusted_key, clock(drill), work), daemon=True
    ).start()
    served.run()


def _pull(
    folder: Path,
    name: str,
    sources: list[Path],
    trusted_key: str,
    watch_clock: Clock,
    work: threading.Event,
) -> None:
    store = Store(folder)
    said = ""
    while True:
        for source in map(Folder, sources):
            try:
                armed = arm(
                    store,
                    source,
                    gate=name,
                    trusted_key=trusted_key,
                    drill=watch_clock.drill,
                    now=watch_clock.now(),
                )
                if armed:
                    log.info("gate.armed", gate=name, root=armed.root, version=armed.version)
                    said = ""
                    work.set()
                    break
            except (NinethirtyError, OSError, sqlite3.Error) as refused:
                # The schedule in force stays in force; say so once, and try again.
                if str(refused) != said:
                    said = str(refused)
                    log.error("gate.refused", gate=name, reason=said)
        time.sleep(PULL_EVERY)
