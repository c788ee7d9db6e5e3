"""How promises were kept: releases -> shares on time, middle, tail and worst, by whom and when.

Nobody knows to the microsecond when a page turned: the last look that missed and the first that hit
enclose it. So every figure is an interval too. A share has a count that is surely on time and one
that is possibly; an order statistic lies between the same one of the lower bounds and of the upper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from ninethirty.core.delay import Delay, duration
from ninethirty.core.delay import in_words as delay_in_words
from ninethirty.core.errors import Malformed, TimeError
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, Interval, latest
from ninethirty.core.watch import ANNOUNCED

TOLERANCES = (timedelta(0), timedelta(seconds=60), timedelta(minutes=5))
"""How long after T a release still counts as on time. They are for counting; no act waits."""

_NOW = timedelta(0)
_MOMENT = timedelta(microseconds=1)


class Source(StrEnum):
    """Whose word a figure is. The text is shown to people wherever it is not our own look."""

    WITNESSED = "seen by witnesses"
    REPORTED = "as reported by the platform"


@dataclass(frozen=True, slots=True)
class Lag:
    """From T to public: more than `over` (None: no earlier look), at most `at_most` (None: it was
    never seen). Negative is before T."""

    over: timedelta | None
    at_most: timedelta | None

    @property
    def early(self) -> bool:
        return self.at_most is not None and self.at_most < _NOW

    def surely_within(self, tolerance: timedelta) -> bool:
        """Not later, beyond doubt. Before T only what was seen is held against anybody."""
        return self.at_most is not None and _NOW <= self.at_most <= tolerance

    def possibly_within(self, tolerance: timedelta) -> bool:
        """Nothing seen speaks against it."""
        return not self.early and (self.over is None or self.over < tolerance)


UNKNOWN = Lag(None, None)


@dataclass(frozen=True, slots=True)
class Kept:
    """How one promise was kept. anywhere: until the first address had it; announced: until the
    promised one had it. cause: as a code; "" if nothing went wrong or nobody knows."""

    release: str
    series: str
    producer: str
    platform: str
    promised: Instant
    anywhere: Lag
    announced: Lag
    source: Source = Source.WITNESSED
    cause: str = ""
    title: str = ""
    reference: str = ""
    """Of its breach report, if there is one."""


@dataclass(frozen=True)
class Share:
    """Of so many releases these are on time; the truth lies between `surely` and `possibly`."""

    of: int
    surely: int
    possibly: int


@dataclass(frozen=True)
class Figures:
    """At the announced address, but `anywhere`: shares on time wherever the public could get it.

    late: surely, by any time at all. unseen: never seen public, early or late.
    """

    releases: int
    early: int
    late: int
    unseen: int
    on_time: Mapping[timedelta, Share]
    anywhere: Mapping[timedelta, Share]
    median: Lag
    tail: Lag
    """The 95th percentile: what 19 of 20 do not exceed."""
    worst: Lag


def lags(facts: Iterable[Fact], promised: Instant) -> tuple[Lag, Lag]:
    """anywhere, announced: as the timeline of a release tells."""
    facts = list(facts)
    seen = [fact for fact in facts if fact.kind is Kind.FIRST_SEEN]
    announced = [fact for fact in seen if fact.details["channel"] == ANNOUNCED][:1]
    early = [latest(fact.at) for fact in facts if fact.kind is Kind.EARLY]
    if early:
        # The verdict may have been given after T; that it was early stands all the same.
        before = Lag(None, min(min(early) - promised, -_MOMENT))
        return before, before
    late = any(fact.kind is Kind.LATE for fact in facts)
    missing = Lag(_NOW, None) if late else UNKNOWN
    return _lag(seen, promised) or missing, _lag(announced, promised) or missing


def _lag(seen: Sequence[Fact], promised: Instant) -> Lag | None:
    """If several addresses were seen, the first may have been any of them, so only the earliest of
    their last misses is a lower bound."""
    if not seen:
        return None
    missed = [
        fact.at.after if isinstance(fact.at, Interval) else fact.at - _MOMENT for fact in seen
    ]
    known = [at for at in missed if at is not None]
    over = min(known) - promised if len(known) == len(missed) else None
    return Lag(over, min(latest(fact.at) for fact in seen) - promised)


def as_reported(item: Mapping[str, Any]) -> tuple[Instant, Lag] | None:
    """When a GOV.UK content item was promised, and how late the platform says it was; None if it
    was not scheduled. The platform tells whole seconds and not how it rounds: a second either way.

    Raises:
        Malformed: the item says so in a way nobody can read.
    """
    at, delay = item.get("publishing_scheduled_at"), item.get("scheduled_publishing_delay_seconds")
    if at is None or delay is None:
        return None
    if type(delay) is not int:
        raise Malformed(
            f"scheduled_publishing_delay_seconds: expected whole seconds, found {delay!r}"
        )
    try:
        promised = Instant.parse(at)
    except TimeError as wrong:
        raise Malformed(f"publishing_scheduled_at: {wrong}") from wrong
    second = timedelta(seconds=1)
    return promised, Lag(delay * second - second, delay * second + second)


def in_words(lag: Lag) -> str:
    """For people: "at most 1 second", "between 87 minutes and 89 minutes", "early, by at least 10
    minutes", "not seen"."""
    over = max(lag.over, _NOW) if lag.over is not None else _NOW
    if lag.at_most is None:
        return "not seen" if lag.over is None else "late, and not yet seen"
    if lag.early:
        # Cut, not rounded up: "at least" must stay true.
        least = duration(-lag.at_most // timedelta(seconds=1) * timedelta(seconds=1))
        return f"early, by at least {least}"
    return delay_in_words(Delay(over, lag.at_most))
