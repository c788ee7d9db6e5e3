"""Throws away what came of uploads that nobody went on with.

A chore of the desk and not of the runner: parcels lie where the desk is, and a runner may be on
another machine.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog

from ninethirty.core.retention import Kept, ends
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.parcel.parcel import Parcel
from ninethirty.desk.setup import Setup

EVERY_S = 3600.0

log = structlog.get_logger()


def sweep(parcels: Path, days: int, now: Instant) -> int:
    """How many were thrown away: those to which nothing came for so many days. One that is being
    sent or handed in at this moment is left alone."""
    swept = 0
    for folder in parcels.glob("*"):
        parcel = Parcel(folder)
        last = parcel.last_came()
        if last is None or ends(Instant.of(datetime.fromtimestamp(last, UTC)), days) > now:
            continue
        swept += parcel.forget_unless_in_use(last)
    return swept


def keep_sweeping(setup: Setup, wait: Callable[[float], None] = time.sleep) -> None:
    """From now on, in a thread of its own, by the real clock: a parcel ages in no drill's time."""
    threading.Thread(target=_keep, args=(setup, wait), name="sweep", daemon=True).start()


def _keep(setup: Setup, wait: Callable[[float], None]) -> None:
    while True:
        try:
            days = setup.retention[Kept.PARCEL]
            if swept := sweep(setup.home / "parcels", days, RealClock().now()):
                log.info("parcels.swept", count=swept)
        except OSError as wrong:
            log.error("parcels.not_swept", why=str(wrong))
        wait(EVERY_S)
