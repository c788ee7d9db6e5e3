"""What workers note while they answer, and how the main process hears of it.

A worker notes in memory; a thread of its own, four times a second, writes what it noted into a
file of its own that the main process picks up. So nothing of it is on the path of an answer.

    STORE/notes/PID-N.json    [[path, instant, answer], ...]
"""

import json
import os
import sqlite3
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import structlog

from ninethirty.core.document import canonical
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.schedule import Answer, read_answer, write_answer
from ninethirty.core.times import Clock, Instant
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.shown import Shown
from ninethirty.gate.store import Store

HAND_OVER_EVERY = 0.25
"""Real seconds; a worker that is killed takes so much with it."""

FOLDER = "notes"
MOST = 20_000
"""Paths remembered at once as noted."""

MOST_ABSENT = 2_000
"""Paths asked for in vain that are looked at, each time; a flood of them is not counted in full."""

STAY = 30.0
"""Real seconds after which what was noted is in a receipt, if it belongs in one."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Note:
    """A worker answered with this, for the first time that it knows of."""

    path: str
    at: Instant
    answer: Answer


class Notes:
    """A worker's."""

    def __init__(self, store: Path, file: ClockFile | None = None, place: int = 0) -> None:
        """file: where counts go, at the worker's place; None: nothing is counted, on a drill's
        clock."""
        self._folder = store / FOLDER
        self._folder.mkdir(exist_ok=True)
        self._file = file
        self._place = place
        self._known: dict[str, Shown] = {}
        self._noted: deque[Note] = deque()
        self._absent: deque[str] = deque(maxlen=MOST_ABSENT)
        # A worker goes on counting where the one before it in its place was killed.
        self._served = file.served[place] if file else 0
        self._handed = 0

    def answered(self, path: str, shown: Shown, now: Instant) -> None:
        """The path was answered with what it shows now."""
        self._served += 1
        known = self._known.get(path)
        if known is shown:
            return
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[path] = shown
        # Made ready anew because the index has changed, it may still be the same.
        if not known or (known.answer, known.modified) != (shown.answer, shown.modified):
            self._noted.append(Note(path, now, shown.answer))

    def again(self) -> None:
        """What was answered a moment ago was said once more."""
        self._served += 1

    def absent(self, path: str) -> None:
        """Noted alike, whether it waits for its instant or nobody promised it."""
        self._absent.append(path)

    def follow(self, store: Store, clock: Clock) -> None:
        """Hand over from time to time. The store and the clock are for this thread alone."""
        threading.Thread(
            target=self._follow, args=(store, clock), name="notes", daemon=True
        ).start()

    def hand_over(self, store: Store, now: Instant) -> None:
        if self._file:
            self._file.served[self._place] = self._served
            absent = [self._absent.popleft() for _ in range(len(self._absent))]
            self._file.early[self._place] += sum(store.waits(path, now) for path in absent)
        noted = [self._noted.popleft() for _ in range(len(self._noted))]
        if noted:
            self._handed += 1
            place = self._folder / f"{os.getpid()}-{self._handed}.json"
            rows = [[note.path, note.at.text(), write_answer(note.answer)] for note in noted]
            try:
                place.with_suffix(".part").write_bytes(canonical(rows))
                place.with_suffix(".part").replace(place)
            except OSError:
                self._noted.extendleft(reversed(noted))
                raise

    def _follow(self, store: Store, clock: Clock) -> None:
        while True:
            time.sleep(HAND_OVER_EVERY)
            try:
                self.hand_over(store, clock.now())
            except (OSError, sqlite3.Error) as full:
                log.error("gate.notes_kept_back", reason=str(full))


class Heard:
    """What the workers have handed over. For the main process."""

    def __init__(self, store: Path) -> None:
        self._folder = store / FOLDER
        self._read: dict[Path, float] = {}

    def new(self) -> list[Note]:
        """What was handed over since. Files stay for a while: if we die, we need them again."""
        notes: list[Note] = []
        for place in sorted(self._folder.glob("*.json")):
            if place not in self._read:
                self._read[place] = time.monotonic()
                notes += _notes_in(place)
            elif time.monotonic() - self._read[place] > STAY:
                place.unlink(missing_ok=True)
                del self._read[place]
        return notes


def _notes_in(place: Path) -> list[Note]:
    try:
        return [
            Note(path, Instant.parse(at), answer)
            for path, at, told in json.loads(place.read_bytes())
            if (answer := read_answer(told)) is not None
        ]
    except (OSError, ValueError, TypeError, Malformed, NotAnInstant) as wrong:
        log.error("gate.notes_lost", place=str(place), reason=str(wrong))
        return []
