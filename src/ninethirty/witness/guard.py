"""The witness judges for itself what it sees, so that its alarm needs no desk to know of it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Clock
from ninethirty.core.verdict import Judge
from ninethirty.core.watch import Channel, Policy, WatchOrder
from ninethirty.witness.alarm import Alarm
from ninethirty.witness.key import Keys
from ninethirty.witness.verdicts import FAILURES

JUDGED_EVERY = 1.0
"""Real seconds."""


class Guard:
    """A thread beside the looking one. `saw` may be called from any thread, and does not wait.

    place: the end of the journal now.
    """

    def __init__(self, alarm: Alarm, keys: Keys, clock: Clock, place: Callable[[], int]) -> None:
        self._alarm = alarm
        self._keys = keys
        self._clock = clock
        self._place = place
        self._lock = threading.Lock()
        self._new: dict[str, list[Sighting]] = {}
        self._judges: dict[str, tuple[WatchOrder, list[tuple[Channel, Judge]]]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_judging, name="guard")
        self._thread.start()

    def follow(self, order: WatchOrder) -> None:
        """Whoever calls this wants the order's key as well (`Keys.want`)."""
        # By itself: it has only its own eyes, and says so.
        policy = order.policy
        alone = replace(
            order,
            policy=Policy(policy.provisional_after, policy.confirmed_after, 1, 1, 1),
        )
        with self._lock:
            judges = [(channel, Judge(alone, channel)) for channel in order.channels]
            self._judges[order.release] = order, judges

    def saw(self, sighting: Sighting) -> None:
        with self._lock:
            self._new.setdefault(sighting.release, []).append(sighting)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _keep_judging(self) -> None:
        while not self._stop.wait(JUDGED_EVERY):
            with self._lock:
                new, self._new = self._new, {}
                judges = {name: self._judges[name] for name in new if name in self._judges}
            place = self._place()
            for release, (order, channels) in judges.items():
                self._judge(order, channels, new[release], place)
            self._alarm.turn(time.monotonic())

    def _judge(
        self,
        order: WatchOrder,
        channels: list[tuple[Channel, Judge]],
        new: list[Sighting],
        place: int,
    ) -> None:
        for channel, judge in channels:
            judge.add(new)
            verdict = judge.verdict(self._clock.now(), self._keys.get(order))
            if verdict.call in FAILURES:
                incident = f"{order.release} {verdict.call} at its {channel.name} address"
                words = f"{incident}: {channel.page.url}\n{verdict.reason}"
                self._alarm.failure(incident, words, place, time.monotonic())
