"""How often one process may ask one host, over all its releases and witnesses, in real time.

Whoever wants to ask is given a turn. When many want one, their turns are dealt round and lie
further apart: everybody looks less often, and nobody is left out.
"""

from collections.abc import Mapping

A_SECOND = 12.0
"""Requests to one host (`detection.md` section 3.4)."""

INCIDENT_A_SECOND = 2.0
"""For one release while it is being answered for: a platform in trouble is not to be pressed."""

AT_ONCE = 4
"""Turns that may fall together, so that every part is seen at T itself. The rest are evenly spaced:
a budget spent in a burst would leave us blind until the next."""


class Budget:
    """For one thread. `lifted`: other rates for some hosts (`www.example.org:8080`)."""

    def __init__(
        self,
        a_second: float = A_SECOND,
        lifted: Mapping[str, float] | None = None,
        *,
        incident_a_second: float = INCIDENT_A_SECOND,
    ) -> None:
        self._a_second = a_second
        self._incident_a_second = incident_a_second
        self._lifted = dict(lifted or {})
        self._spent_until: dict[str, float] = {}

    def turn(self, host: str, now: float, incident: str = "") -> float:
        """When the next request may go, in the seconds of `now`; never before it. incident: the
        release that is being answered for, if it is."""
        turn = self._next(host, now, self._lifted.get(host, self._a_second))
        if incident:
            turn = max(turn, self._next(f"incident {incident}", now, self._incident_a_second))
        return turn

    def _next(self, lane: str, now: float, a_second: float) -> float:
        at_once = max(1, min(AT_ONCE, int(a_second // 3)))
        # So that a burst and what follows it are together no more than the rate in any second.
        apart = 1 / (a_second - at_once) if at_once > 1 else 1 / a_second
        free = self._spent_until.get(lane, now)
        turn = max(now, free - (at_once - 1) * apart)
        self._spent_until[lane] = max(free, turn) + apart
        return turn


def share_of(witnesses: int) -> Budget:
    """Of one of so many witnesses, each a process of its own: together they keep to the rate."""
    return Budget(A_SECOND / witnesses, incident_a_second=INCIDENT_A_SECOND / witnesses)


DRILL_A_SECOND = 20.0


def drill_budget() -> Budget:
    """A second of a drill's day is a fraction of a real one, and its platforms are our own."""
    return Budget(DRILL_A_SECOND, incident_a_second=DRILL_A_SECOND)
