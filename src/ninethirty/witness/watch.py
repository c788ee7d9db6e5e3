"""The watches of a process: one thread and one budget for all its releases and witnesses."""

import heapq
import itertools
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Clock, Instant
from ninethirty.core.watch import WatchOrder, check_newer
from ninethirty.witness.ask import Answer
from ninethirty.witness.budget import Budget
from ninethirty.witness.errand import Errand, Scene, Seat, errands
from ninethirty.witness.loop import Loop
from ninethirty.witness.probe import Probe
from ninethirty.witness.reading import Reading

log = structlog.get_logger()

LONGEST_SLEEP = 0.1
"""Real seconds. A drill may change its pace at any time, and a sleeper must notice."""

UNDER_WAY = 2000
"""Looks at once. More would run out of file descriptors, which would look like a dead platform."""

UNDER_WAY_AT_A_HOST = 256
"""Of one host. With more we should be so busy that answers which came in time were read too late;
and a host that hangs should not keep us from the others."""

SLICE = 32
"""Looks begun before we see again to those under way."""

FAREWELL = 3.0
"""Real seconds for which looks under way may still be written when we are told to stop."""

Keep = Callable[[Sighting, Answer], Sighting]
"""Keeps the exchange as evidence, and says in the sighting under which digest."""


def keep_nothing(sighting: Sighting, _: Answer) -> Sighting:
    return sighting


@dataclass(frozen=True)
class Outfit:
    """probes: the witnesses. `write` takes each sighting, and does not wait. seat: where this
    process's witness sits among those of other processes, if it has only one. planned: told, for
    each look, how many seconds after its turn it was begun."""

    probes: Sequence[Probe]
    clock: Clock
    budget: Budget
    write: Callable[[Sighting], None]
    keep: Keep = keep_nothing
    seat: Seat | None = None
    lateness: Callable[[float], None] = lambda _: None


class Watches:
    """Orders being obeyed. `follow` may be called from any thread."""

    def __init__(self, outfit: Outfit) -> None:
        self._outfit = outfit
        self._in_force: dict[str, tuple[WatchOrder, list[Scene]]] = {}
        self._due: list[tuple[Instant, int, Errand]] = []
        self._turns: list[tuple[float, int, Errand]] = []
        self._under_way: Counter[str] = Counter()
        self._held_up: defaultdict[str, deque[tuple[float, int, Errand]]] = defaultdict(deque)
        self._numbers = itertools.count()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._loop = Loop()
        self._thread = threading.Thread(target=self._keep_looking, name="looking")
        self._thread.start()

    def follow(self, order: WatchOrder) -> None:
        """Begin to obey it, in place of any earlier order for the same release.

        Raises:
            OlderOrder: what is in force was issued later.
        """
        with self._lock:
            held, scenes = self._in_force.get(order.release, (None, []))
            check_newer(order, held)
            if held == order:
                return
            new = self._scenes(order)
            self._in_force[order.release] = order, new
        self._loop.call(lambda: self._take_up(scenes, new))
        log.info("watch.begun", release=order.release, opens=order.opens.text())

    def close(self) -> None:
        """Stop looking. Returns when the last look under way is written, or broken off."""
        self._stop.set()
        self._loop.traffic.wake()
        self._thread.join()
        self._loop.close()

    def _scenes(self, order: WatchOrder) -> list[Scene]:
        probes = self._outfit.probes
        return [
            Scene(order, channel, probe, self._outfit.seat or Seat(n, len(probes)))
            for channel in order.channels
            for n, probe in enumerate(probes)
        ]

    def _take_up(self, old: Sequence[Scene], new: Sequence[Scene]) -> None:
        for scene in old:
            scene.stopped = True
        now = self._outfit.clock.now()
        for scene in new:
            # The controls of an order are looked at once, not once for each channel.
            first = scene.channel is scene.order.channels[0]
            for errand in errands(scene, now, controls=first):
                scene.errands.append(errand)
                self._schedule(errand)

    def _schedule(self, errand: Errand) -> None:
        errand.number = next(self._numbers)
        heapq.heappush(self._due, (errand.due, errand.number, errand))

    def _keep_looking(self) -> None:
        while not self._stop.is_set():
            self._deal(self._outfit.clock.now())
            begun = self._begin()
            self._loop.turn(0.0 if begun == SLICE else self._rest())
        until = time.monotonic() + FAREWELL
        while len(self._loop.traffic) and time.monotonic() < until:
            self._loop.turn(LONGEST_SLEEP)

    def _deal(self, now: Instant) -> None:
        """Give a turn to everybody who is due and may look."""
        while self._due and self._due[0][0] <= now:
            _, number, errand = heapq.heappop(self._due)
            if number != errand.number or errand.scene.stopped or errand.over(now):
                continue
            if errand.pause(now) is None:
                errand.plan(now, looked=False)
                self._schedule(errand)
                continue
            scene = errand.scene
            incident = scene.order.release if scene.incident(now) else ""
            turn = self._outfit.budget.turn(errand.host, time.monotonic(), incident)
            heapq.heappush(self._turns, (turn, number, errand))

    def _begin(self) -> int:
        """Begin the looks whose turn it is; how many."""
        begun = 0
        while begun < SLICE and self._turns and len(self._loop.traffic) < UNDER_WAY:
            late = time.monotonic() - self._turns[0][0]
            if late < 0:
                break
            turn = heapq.heappop(self._turns)
            _, number, errand = turn
            if self._under_way[errand.host] >= UNDER_WAY_AT_A_HOST:
                self._held_up[errand.host].append(turn)
                continue
            now = self._outfit.clock.now()
            if number != errand.number or errand.scene.stopped:
                continue
            if errand.pause(now) is None:
                # It became quiet while it waited for its turn.
                errand.plan(now, looked=False)
                self._schedule(errand)
                continue
            self._outfit.lateness(late)
            self._look(errand)
            begun += 1
        return begun

    def _look(self, errand: Errand) -> None:
        self._under_way[errand.host] += 1
        begun = self._outfit.clock.now()
        overlaps = errand.overlaps(begun)

        def done(sighting: Sighting, reading: Reading, answer: Answer) -> None:
            scene = errand.scene
            self._under_way[errand.host] -= 1
            if held_up := self._held_up[errand.host]:
                heapq.heappush(self._turns, held_up.popleft())
            was_there = scene.page_there
            if errand.looked(sighting, reading):
                self._outfit.write(self._outfit.keep(sighting, answer))
            now = self._outfit.clock.now()
            if not overlaps:
                errand.plan(now, looked=True)
                self._schedule(errand)
            if scene.page_there and not was_there:
                for waiting in scene.files():
                    waiting.due = now
                    self._schedule(waiting)

        look = errand.look()
        if overlaps:
            errand.plan(begun, looked=True)
            self._schedule(errand)
        errand.scene.probe.look(self._loop, look, done)

    def _rest(self) -> float:
        """Real seconds until something is to be done."""
        rest = LONGEST_SLEEP
        if self._due:
            rest = min(rest, self._outfit.clock.seconds_until(self._due[0][0]))
        if self._turns and len(self._loop.traffic) < UNDER_WAY:
            rest = min(rest, self._turns[0][0] - time.monotonic())
        return max(0.0, rest)
