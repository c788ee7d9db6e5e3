"""One release watched without a desk: looked at, judged, shown, until there is a verdict."""

import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Clock, Instant
from ninethirty.core.track import APART
from ninethirty.core.verdict import Call, Judge, Verdict
from ninethirty.core.watch import WatchOrder
from ninethirty.witness.budget import Budget
from ninethirty.witness.evidence.chain import Kind
from ninethirty.witness.evidence.keep import Evidence
from ninethirty.witness.probe import Probe
from ninethirty.witness.verdicts import FAILURES, verdict_document
from ninethirty.witness.watch import Outfit, Watches, keep_nothing

JUDGED_EVERY = 0.2
"""Real seconds."""

STANDS = APART + timedelta(seconds=1)
"""On time is told when it has stood so long: a part that fails twice would have shown."""


class Show(Protocol):
    def sighting(self, sighting: Sighting) -> None: ...

    def verdict(self, verdict: Verdict, now: Instant, *, final: bool) -> None: ...

    def tick(self, now: Instant) -> None:
        """Time has passed."""
        ...


@dataclass(frozen=True)
class Watching:
    """stay: go on after a failure, until it has recovered."""

    order: WatchOrder
    key: bytes | None
    probes: Sequence[Probe]
    clock: Clock
    budget: Budget
    show: Show
    evidence: Evidence | None = None
    stay: bool = False


def watch_alone(watching: Watching, stop: threading.Event) -> Verdict:
    """The verdict that ended it; what was known so far if told to stop."""
    seen: list[Sighting] = []
    outfit = Outfit(
        watching.probes,
        watching.clock,
        watching.budget,
        seen.append,
        watching.evidence.keep if watching.evidence else keep_nothing,
    )
    with closing(Watches(outfit)) as watches:
        watches.follow(watching.order)
        return _Judging(watching, seen).until_final(stop)


class _Judging:
    def __init__(self, watching: Watching, seen: Sequence[Sighting]) -> None:
        self._watching = watching
        self._seen = seen
        self._taken = 0
        self._channel = watching.order.channels[0]
        self._judge = Judge(watching.order, self._channel)
        self._shown: Verdict | None = None
        self._failed = False

    def until_final(self, stop: threading.Event) -> Verdict:
        while True:
            began = time.monotonic()
            now = self._watching.clock.now()
            verdict = self._verdict(now)
            final = stop.is_set() or self._is_final(verdict, now)
            if final or self._is_news(verdict):
                self._shown = verdict
                self._tell(verdict, now, final=final)
            if final:
                return verdict
            self._watching.show.tick(now)
            stop.wait(max(0.0, began + JUDGED_EVERY - time.monotonic()))

    def _verdict(self, now: Instant) -> Verdict:
        new = self._seen[self._taken :]
        self._taken += len(new)
        self._judge.add(new)
        for sighting in new:
            self._watching.show.sighting(sighting)
        return self._judge.verdict(now, self._watching.key)

    def _is_news(self, verdict: Verdict) -> bool:
        before = self._shown
        if before is None or (verdict.call, verdict.cause) != (before.call, before.cause):
            return True
        # What a person may have to look into, or what the platform now says of itself.
        return (verdict.stood, verdict.platform) != (before.stood, before.platform)

    def _is_final(self, verdict: Verdict, now: Instant) -> bool:
        self._failed |= verdict.call in FAILURES
        match verdict.call:
            case Call.ON_TIME:
                return now >= verdict.decided + STANDS
            case Call.RECOVERED | Call.UNKNOWN:
                return not (verdict.call is Call.UNKNOWN and self._watching.stay)
            case call:
                return call in FAILURES and not self._watching.stay

    def _tell(self, verdict: Verdict, now: Instant, *, final: bool) -> None:
        self._watching.show.verdict(verdict, now, final=final)
        if self._watching.evidence:
            said = {
                "at": now.text(),
                "channel": self._channel.name,
                "sightings": self._taken,
                "verdict": verdict_document(verdict),
            }
            self._watching.evidence.add(Kind.VERDICT, said)
            self._watching.evidence.root_now()
