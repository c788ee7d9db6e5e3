"""What was answered a moment ago, said again while every word of it still holds.

A crowd asks the same few things. Within a second, and until the answer changes, they get the same
bytes; so these are made once. When that is over the core is asked again: nothing is remembered
past the instant that `core.gate.holds_until` names, nor past a change of the schedule.
"""

from collections.abc import Callable
from typing import NamedTuple

from ninethirty.core import gate
from ninethirty.core.times import at_ns, ns_of
from ninethirty.gate.app import App
from ninethirty.gate.request import Request
from ninethirty.gate.stream import Stream
from ninethirty.gate.wire import Wire, wire

MOST = 4096
_LONGEST = 1024
"""Characters of a request. A longer one is answered anew each time: our memory has an end."""


class _Held(NamedTuple):
    since: int
    until: int
    wire: Wire


class Said:
    def __init__(self, app: App, now_ns: Callable[[], int]) -> None:
        """now_ns: nanoseconds since 1970, which cost less than an instant."""
        self._app = app
        self._now_ns = now_ns
        self._held: dict[Request, _Held] = {}
        self._schedule = -1

    def answer(self, request: Request) -> Wire:
        now = self._now_ns()
        schedule = self._app.memory.schedule()
        if schedule != self._schedule:
            self._held.clear()
            self._schedule = schedule
        held = self._held.get(request)
        if held is not None and held.since <= now < held.until:
            self._app.notes.again()
            return held.wire
        return self._anew(request, now)

    def _anew(self, request: Request, moment: int) -> Wire:
        now = at_ns(moment)
        reply = self._app.answer(request, now)
        made = wire(request.method, reply)
        shown = self._app.memory.shown(request.path, now)
        # What is absent is not remembered: anyone can ask for endlessly many such. Nor is a file
        # on the disk, which is looked at before every answer; nor that something is broken.
        worth_it = reply.status < 500 and sum(map(len, request)) <= _LONGEST
        if shown is not None and worth_it and not isinstance(reply.body, Stream):
            if len(self._held) >= MOST:
                self._held.clear()
            until = ns_of(gate.holds_until(now, shown.change))
            self._held[request] = _Held(moment, until, made)
        return made
