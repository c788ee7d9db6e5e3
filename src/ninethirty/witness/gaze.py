"""One channel watched in one view, from the order's coming until a day after T."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.sighting import Sighting, View
from ninethirty.core.times import Clock, Instant
from ninethirty.core.watch import Channel, Part, WatchOrder, interval
from ninethirty.witness.budget import Budget
from ninethirty.witness.calm import Calm, is_there
from ninethirty.witness.probe import Probe

WATCHED_FOR = timedelta(hours=24)
"""After T."""

VERDICT_MARGIN = timedelta(seconds=15)
"""Past the second grace. Until then the cadence does not drop, however calm it looks: a verdict of
late or wrong rests on two looks in a row, and a wrong page can be as calm as the right one."""

ASKED_AGAIN = timedelta(seconds=5)
"""While it may not look, how long until it asks again whether it may."""

LONGEST_SLEEP = 0.1
"""Real seconds. A drill may change its pace at any time, and a sleeper must notice."""


@dataclass(frozen=True)
class Outfit:
    """What all gazes of a witness share. `write` takes each sighting, and does not wait."""

    probe: Probe
    clock: Clock
    budget: Budget
    write: Callable[[Sighting], None]


class Gaze:
    def __init__(self, order: WatchOrder, channel: Channel, view: View, outfit: Outfit) -> None:
        self._order = order
        self._channel = channel
        self._view = view
        self._outfit = outfit
        self._calm = Calm([part.name for part in self._parts()])

    def keep(self, stop: threading.Event) -> None:
        """Look, write, wait, until told to stop or the watch is over."""
        due = now = self._outfit.clock.now()
        while now < self._order.opens + WATCHED_FOR and self._sleep(due, stop):
            now = self._outfit.clock.now()
            if self._interval(now) is not None:
                self._calm.add(self._round(now, stop))
            due = now + (self._interval(now) or ASKED_AGAIN)
            if now < self._order.opens:
                due = min(due, self._order.opens)

    def _interval(self, now: Instant) -> timedelta | None:
        order = self._order
        graces_over = now >= order.opens + order.policy.confirmed_after + VERDICT_MARGIN
        settled = graces_over and bool(self._calm)
        return interval(order, self._channel, self._view, now, settled=settled)

    def _parts(self) -> tuple[Part, ...]:
        # Past the caches only the page is asked for: that tells "not published" from "cached".
        return self._channel.parts if self._view is View.USER else (self._channel.page,)

    def _round(self, now: Instant, stop: threading.Event) -> list[Sighting]:
        page, *files = self._parts()
        looks = self._look(page, stop)
        # Before T a file may be out although its page is not: that is a leak.
        if now < self._order.opens or any(is_there(look) for look in looks):
            for part in files:
                looks += self._look(part, stop)
        return looks

    def _look(self, part: Part, stop: threading.Event) -> list[Sighting]:
        """One sighting, or none if told to stop."""
        if not self._outfit.budget.take(stop):
            return []
        sighting = self._outfit.probe.look(self._order, self._channel, part, self._view)
        self._outfit.write(sighting)
        return [sighting]

    def _sleep(self, until: Instant, stop: threading.Event) -> bool:
        """True once it is time; False if told to stop first."""
        while (left := self._outfit.clock.seconds_until(until)) > 0:
            if stop.wait(min(left, LONGEST_SLEEP)):
                return False
        return not stop.is_set()
