"""facts -> how late: public anywhere, and public at the announced address; each an interval.

We know the last look that missed and the first that hit; the truth lies between, and we say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, Interval, earliest, latest
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
        anywhere=_delay(min(first, key=lambda f: latest(f.at), default=None), promised),
        announced=_delay(announced[0] if announced else None, promised),
        everywhere=_delay(everywhere[0] if everywhere else None, promised),
    )


def _delay(fact: Fact | None, promised: Instant) -> Delay | None:
    if fact is None:
        return None
    known_from = fact.at.after if isinstance(fact.at, Interval) else earliest(fact.at)
    zero = timedelta(0)
    over = max(zero, known_from - promised) if known_from else zero
    return Delay(over, max(zero, latest(fact.at) - promised))


def in_words(delay: Delay) -> str:
    """Plain words for people: "at most 1 second", "between 87 minutes and 89 minutes"."""
    if delay.at_most == timedelta(0):
        return "none"
    at_most = duration(delay.at_most)
    over = duration(delay.over)
    if delay.over < timedelta(seconds=1):
        return f"at most {at_most}"
    if over == at_most:
        return at_most
    return f"between {over} and {at_most}"


def duration(length: timedelta) -> str:
    """Rounded up, never down: to seconds under three minutes, else to minutes."""
    seconds = -(-length // timedelta(seconds=1))
    if seconds < 180:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes"
