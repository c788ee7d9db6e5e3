"""The gate's answer to a request: an RSGI callable for granian.

Each request reads the clock once and asks the core. Nothing else happens at T.
"""

import os
from pathlib import Path
from typing import Any

from ninethirty.core import gate
from ninethirty.core.schedule import Content, Gone, Redirect
from ninethirty.core.times import Clock, Instant, clock
from ninethirty.gate import headers, pages
from ninethirty.gate.clock import GuardedClock
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.file import answer_with_file
from ninethirty.gate.kept import Kept
from ninethirty.gate.memory import Memory
from ninethirty.gate.notes import Notes
from ninethirty.gate.reply import Reply, page, send
from ninethirty.gate.request import Request, read
from ninethirty.gate.shown import Shown
from ninethirty.gate.store import Store
from ninethirty.lifeline import follow_parent

STORE = "NINETHIRTY_GATE_STORE"
DRILL = "NINETHIRTY_DRILL"
WORKERS = "NINETHIRTY_GATE_WORKERS"


class App:
    """Answers for one store. One per worker process."""

    def __init__(self, store: Store, clock: Clock, notes: Notes | None = None) -> None:
        self._memory = Memory(store)
        self._notes = notes or Notes(store.folder)
        self._kept = Kept(store)
        self._clock = clock

    async def __call__(self, scope: Any, protocol: Any) -> None:
        if scope.proto == "http":
            send(protocol, scope.method, self.answer(read(scope), self._clock.now()))

    def answer(self, request: Request, now: Instant) -> Reply:
        if request.method not in ("GET", "HEAD"):
            fields = [headers.date(now), ("allow", "GET, HEAD"), headers.NEVER_KEPT]
            return page(405, pages.ONLY_READING, fields)
        shown = self._memory.shown(request.path, now)
        if shown is None:
            # 404, not 403, and the same for every path: nothing tells that a file is waiting.
            self._notes.absent(request.path)
            lifetime = gate.max_age(now, self._memory.next_opening(now), absent=True)
            return page(404, pages.NOT_FOUND, headers.times(now, lifetime))
        reply = self._show(request, now, shown)
        if reply.status < 500:
            self._notes.answered(request.path, shown, now)
        return reply

    def _show(self, request: Request, now: Instant, shown: Shown) -> Reply:
        lifetime = gate.max_age(now, shown.change)
        match shown.answer:
            case Redirect(location):
                fields = [*headers.times(now, lifetime), headers.location(location)]
                return page(301, b"", fields)
            case Gone(reason):
                return page(410, pages.withdrawn(reason), headers.times(now, lifetime))
            case Content():
                return answer_with_file(request, now, shown, lifetime, self._kept)


def make() -> App:
    """What granian calls in each worker."""
    follow_parent()
    store, drill = Path(os.environ[STORE]), os.environ.get(DRILL)
    if drill:
        shown_by = watched_by = clock(Path(drill))
        notes = Notes(store)
    else:
        file = ClockFile(store, int(os.environ[WORKERS]))
        place = file.take_place()
        shown_by, watched_by = GuardedClock(file, place=place), GuardedClock(file)
        notes = Notes(store, file, place)
    notes.follow(Store(store), watched_by)
    return App(Store(store), shown_by, notes)
