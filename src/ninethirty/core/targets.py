"""Our own targets for accounting for a breach: a first word, the report, the actions promised.

No rule that we know of sets a number of days: the Code says at once. These are ours, can be set,
and are shown as ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from ninethirty.core.announcement import DaysOff
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, at_local, earliest, zone_of

WEEKEND = frozenset({5, 6})


class Aim(StrEnum):
    FIRST_WORD = "first word"
    REPORT = "report"


@dataclass(frozen=True)
class Targets:
    """first_word: to users, from when we knew. report_days: working days until it is submitted."""

    first_word: timedelta = timedelta(hours=1)
    report_days: int = 5
    zone: str = "Europe/London"
    days_off: DaysOff = field(default=lambda day: None)


@dataclass(frozen=True)
class Target:
    """met: when it was done; None while it is not."""

    aim: Aim
    due: Instant
    met: Instant | None

    def missed(self, now: Instant) -> bool:
        return (self.met or now) > self.due


def targets(known: Instant, facts: Iterable[Fact], aims: Targets) -> list[Target]:
    """known: when the producer knew of the breach. facts: on the release's and the breach's
    timelines, in any order."""
    word = _first(facts := list(facts), (Kind.USERS_TOLD, Kind.STATEMENT_PUBLISHED))
    sent = _first(facts, (Kind.REPORT_SUBMITTED,))
    last = working_day(at_local(known, aims.zone).date(), aims.report_days, aims.days_off)
    return [
        Target(Aim.FIRST_WORD, known + aims.first_word, word),
        Target(Aim.REPORT, end_of(last, aims.zone), sent),
    ]


def working_day(day: date, count: int, days_off: DaysOff) -> date:
    """That many working days after this day, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() not in WEEKEND and not days_off(day):
            count -= 1
    return day


def end_of(day: date, zone: str) -> Instant:
    """The midnight that ends it there."""
    return Instant.of(datetime.combine(day + timedelta(days=1), time(), zone_of(zone)))


def _first(facts: Iterable[Fact], kinds: tuple[Kind, ...]) -> Instant | None:
    return min((earliest(fact.at) for fact in facts if fact.kind in kinds), default=None)
