"""facts -> how late: public anywhere, and public at the announced address; each an interval.

We know the last look that missed and the first that hit; the truth lies between, and we say so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, Interval, latest
from ninethirty.core.watch import ANNOUNCED


@dataclass(frozen=True)
class Delay:
    """More than `over` (never negative) and at most `at_most` after the promise."""

    over: timedelta
    at_most: timedelta


@dataclass(frozen=True)
class Delays:
    """None: never seen. `everywhere` is the announced address for the last of the witnesses."""

    anywhere: Delay | None
    announced: Delay | None
    everywhere: Delay | None


def delays(facts: Iterable[Fact], promised: Instant) -> Delays:
    facts = list(facts)
    first = [fact for fact in facts if fact.kind is Kind.FIRST_SEEN]
    by_all = [fact for fact in facts if fact.kind is Kind.SEEN_BY_ALL]
    announced = [fact for fact in first if fact.details["channel"] == ANNOUNCED]
    everywhere = [fact for fact in by_all if fact.details["channel"] == ANNOUNCED]
    return Delays(
        anywhere=_delay(first, promised),
        announced=_delay(announced[:1], promised),
        everywhere=_delay(everywhere[:1], promised),
    )


def _delay(seen: Sequence[Fact], promised: Instant) -> Delay | None:
    """Until the first of them. If several addresses were seen, the first may have been any of
    them, so only the earliest of their last misses is a lower bound."""
    if not seen:
        return None
    missed = [fact.at.after if isinstance(fact.at, Interval) else fact.at for fact in seen]
    by = min(latest(fact.at) for fact in seen)
    zero = timedelta(0)
    over = min(max(zero, at - promised) if at else zero for at in missed)
    return Delay(over, max(zero, by - promised))


BARS = "▁▂▃▄▅▆▇"

NEVER = "!"


def drawn(past: Sequence[timedelta | None], first: timedelta, second: timedelta) -> str:
    """Delays of earlier releases beside the graces, oldest first: a strip in which a whole bar is
    the second grace. None: it was not seen in time. People read from it whether a grace fits; it is
    never computed from it, which would teach the alarm to sleep."""
    graces = f"late after {first.total_seconds():g} s, confirmed {second.total_seconds():g} s"
    if not past:
        return f"{graces}; no earlier release to draw beside them"
    strip = "".join(_bar(delay, second) for delay in past)
    over = sum(delay is None or delay > first for delay in past)
    return f"{graces}; past delays {strip} {over} of {len(past)} longer than the first grace"


def _bar(delay: timedelta | None, whole: timedelta) -> str:
    if delay is None:
        return NEVER
    return BARS[min(len(BARS) - 1, int(len(BARS) * (delay / whole)))]


def in_words(delay: Delay) -> str:
    """Plain words for people: "at most 1 second", "between 87 minutes and 89 minutes"."""
    if delay.at_most == timedelta(0):
        return "none"
    at_most = duration(delay.at_most)
    if delay.over < timedelta(seconds=1):
        return f"at most {at_most}"
    if duration(delay.over) == at_most:
        return at_most
    # The lower bound is rounded down, so that the truth lies between the two.
    unit = timedelta(seconds=1) if delay.over < timedelta(minutes=3) else timedelta(minutes=1)
    return f"between {duration(delay.over // unit * unit)} and {at_most}"


def duration(length: timedelta) -> str:
    """Rounded up, never down: to seconds under three minutes, else to minutes."""
    seconds = -(-length // timedelta(seconds=1))
    if seconds < 180:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes"
