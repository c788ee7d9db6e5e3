"""What a worker remembers of the index: only what is public, and only until the index changes."""

import time

from ninethirty.core import gate
from ninethirty.core.schedule import Opening
from ninethirty.core.times import Instant
from ninethirty.gate.shown import Shown, shown
from ninethirty.gate.store import Store

MOST = 20_000
"""Paths remembered at once."""

LOOK_EVERY = 0.005
"""Real seconds for which a worker may take the index as unchanged. A gate acknowledges a schedule
only when this has passed, so that every request begun after its word is answered from it."""


class Memory:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._changes = -1
        self._looked = -LOOK_EVERY
        self._timelines: dict[str, tuple[Opening, ...]] = {}
        self._shown: dict[str, tuple[Opening, Shown]] = {}
        self._next: tuple[Instant, Instant | None] | None = None

    def schedule(self) -> int:
        """A number that is another one after another schedule came into force."""
        self._forget_if_changed()
        return self._changes

    def shown(self, path: str, now: Instant) -> Shown | None:
        """What the path answers now. None: there is nothing, or not yet."""
        self._forget_if_changed()
        timeline = self._timelines.get(path)
        if timeline is None:
            timeline = self._store.timeline(path, now)
            if not timeline:
                # Not remembered: anyone can ask for endlessly many, and what waits for its
                # instant must take as long as what is not there.
                return None
            if len(self._timelines) >= MOST:
                self._forget()
            self._timelines[path] = timeline
        opening = gate.in_force(timeline, now)
        if opening is None or opening.answer is None:
            return None
        known = self._shown.get(path)
        if known is None or known[0] is not opening:
            known = self._shown[path] = (opening, self._show(opening, timeline, now))
        return known[1]

    def next_opening(self, now: Instant) -> Instant | None:
        """The next change of any path on the site."""
        self._forget_if_changed()
        if self._next is None or not _between(self._next, now):
            self._next = (now, self._store.next_opening(now))
        return self._next[1]

    def _show(self, opening: Opening, timeline: tuple[Opening, ...], now: Instant) -> Shown:
        assert opening.answer is not None
        dated = gate.told_apart_by_the_second(timeline, now)
        return shown(
            opening.answer,
            opening.path,
            gate.next_change(timeline, now),
            opening.opens.replace(microsecond=0) if dated else None,
        )

    def _forget_if_changed(self) -> None:
        moment = time.monotonic()
        if moment - self._looked < LOOK_EVERY:
            return
        self._looked = moment
        changes = self._store.changes()
        if changes != self._changes:
            self._forget()
            self._changes = changes

    def _forget(self) -> None:
        self._timelines.clear()
        self._shown.clear()
        self._next = None


def _between(known: tuple[Instant, Instant | None], now: Instant) -> bool:
    since, until = known
    return since <= now and (until is None or now < until)
