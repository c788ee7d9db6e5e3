"""The clock of a gate: `core.guard` asked of this machine's clocks."""

from collections.abc import Callable
from typing import Protocol

from ninethirty.core import guard
from ninethirty.core.guard import Trust
from ninethirty.core.times import Clock, Instant, at_ns, boot_ns, ns_of, wall_ns
from ninethirty.gate.clockfile import ClockFile

Nanoseconds = Callable[[], int]


_AT_ONCE = 100_000
"""Nanoseconds that two readings may be apart. The later of the two is used: late, not early."""

_JUMP = 1_000_000
"""Nanoseconds. No clock that is only being steered comes to differ from another by more."""


class GateClock(Clock, Protocol):
    def now_ns(self) -> int:
        """Nanoseconds since 1970."""
        ...

    def trust(self) -> Trust: ...

    def offset(self) -> int | None:
        """Nanoseconds by which the wall clock is ahead of the trusted reading, if there is one."""
        ...


class GuardedClock:
    """Never early, never going back, the same for all workers of a gate."""

    drill = False

    def __init__(
        self,
        file: ClockFile,
        *,
        place: int | None = None,
        wall: Nanoseconds = wall_ns,
        boot: Nanoseconds = boot_ns,
    ) -> None:
        """place: of the worker that answers with what this shows; None: nobody does."""
        self._ahead = file.ahead
        self._latest = file.latest
        self._mine = None if place is None else place + 1
        self._wall = wall
        self._boot = boot

    def now(self) -> Instant:
        return at_ns(self.now_ns())

    def now_ns(self) -> int:
        moment = guard.guarded(self._wall(), self._boot(), self._ahead[0], max(self._latest))
        if self._mine is not None:
            self._latest[self._mine] = moment
        return moment

    def seconds_until(self, instant: Instant) -> float:
        return (instant - self.now()).total_seconds()

    def trust(self) -> Trust:
        return guard.trust(self._wall(), self._boot(), self._ahead[0], max(self._latest))

    def offset(self) -> int | None:
        return guard.offset(self._wall(), self._boot(), self._ahead[0])

    def settle(self, error_of: Callable[[], int | None]) -> bool:
        """Ask somebody who knows the time, and trust this reading; False if they cannot say.

        error_of: how many nanoseconds the wall clock is ahead of the time; None: they cannot say.
        """
        reading = self._reading()
        # After the reading: a wall clock that was set before it is no longer called synchronised.
        error = error_of()
        again = self._reading()
        if reading is None or error is None or again is None:
            return False
        if abs((again[0] - again[1]) - (reading[0] - reading[1])) > _JUMP:
            return False  # The wall clock was set while we asked.
        self._ahead[0] = guard.settled(*reading, error)
        return True

    def _reading(self) -> tuple[int, int] | None:
        """Both clocks at one moment; None if the machine was too busy to say."""
        for _ in range(10):
            before, wall, boot = self._boot(), self._wall(), self._boot()
            if boot - before < _AT_ONCE:
                return wall, boot
        return None


class Unguarded:
    """The clock of a drill: it is what the drill says, and there is nothing to guard it against."""

    drill = True

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now
        self.seconds_until = clock.seconds_until

    def now_ns(self) -> int:
        return ns_of(self.now())

    def trust(self) -> Trust:
        return Trust.DRILL

    def offset(self) -> None:
        return None
