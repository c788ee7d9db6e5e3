"""What a register tells of breaches over time: how many fell within any 90 days, or in a month.

Three breaches in about three months brought a public letter once; so the count over a rolling
quarter is a figure of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

QUARTER = timedelta(days=90)


@dataclass(frozen=True)
class Run:
    """So many breaches from one day to another, both included, not more than 90 days apart."""

    count: int
    first: date
    last: date


@dataclass(frozen=True)
class Trend:
    """A month, by its first day: breaches that occurred in it, and releases that were due."""

    month: date
    breaches: int
    due: int

    @property
    def rate(self) -> float | None:
        """Breaches of a thousand releases due; None where no release was known to be due."""
        return 1000 * self.breaches / self.due if self.due else None


def within(days: Iterable[date], end: date) -> int:
    """How many in the 90 days that end with this day."""
    return sum(end - QUARTER < day <= end for day in days)


def densest(days: Iterable[date]) -> Run | None:
    """The 90 days with the most breaches; of several the latest."""
    ordered = sorted(days)
    return max(_runs(ordered), key=lambda run: (run.count, run.last), default=None)


def _runs(ordered: Sequence[date]) -> Iterable[Run]:
    first = 0
    for place, day in enumerate(ordered):
        while ordered[first] <= day - QUARTER:
            first += 1
        yield Run(place - first + 1, ordered[first], day)
