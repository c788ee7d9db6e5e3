"""Deletes what no schedule names any longer.

What the root in force names stays, and what the one before named, since readers may still be at
it. What is younger than an hour stays too: it may be part of a schedule that is being fetched. A
sweep that is cut off leaves no more than something to sweep.
"""

import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import structlog

from ninethirty.core.times import Instant, RealClock
from ninethirty.gate.store import Store

YOUNG = timedelta(hours=1)
EVERY = timedelta(hours=1)

log = structlog.get_logger()


def sweep(store: Store, now: Instant) -> Iterator[int]:
    """Folder by folder; how many files were deleted in each. Between two of them a new schedule
    may be put in force.

    now: the real time, also in a drill: the disk knows no other.
    """
    oldest = (now - YOUNG).timestamp()
    for folder in store.folders():
        named = store.named(folder.name)
        doomed = [
            place
            for place in folder.iterdir()
            if place.name not in named and _written(place) < oldest
        ]
        for place in doomed:
            place.unlink(missing_ok=True)
        yield len(doomed)


class Broom:
    """Sweeps a little at a time: once round after every new schedule, and once an hour."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clock = RealClock()
        self._round: Iterator[int] = iter(())
        self._begun: Instant | None = None

    def begin(self) -> None:
        self._begun = self._clock.now()
        self._round = sweep(self._store, self._begun)

    def bite(self) -> None:
        """The next folder. Raises OSError, sqlite3.Error: it is tried again in the next round."""
        if self._begun is None or self._clock.now() - self._begun > EVERY:
            self.begin()
        deleted = next(self._round, 0)
        if deleted:
            log.info("gate.swept", objects=deleted)


def _written(place: Path) -> float:
    """When, in seconds; never if it is gone already, as a temporary file may be."""
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return math.inf
