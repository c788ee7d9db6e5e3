"""Many promises at once: what figures and charts tell of them, without looking at each again.

Bounds are whole milliseconds after T, since a hundred thousand numbers are sorted in no time and as
many lengths of time are not.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from ninethirty.core.punctuality import TOLERANCES, Figures, Kept, Lag, Share, Source

K = TypeVar("K", bound=Hashable)

_MS = timedelta(milliseconds=1)
_LEAST, _MOST = -(2**63), 2**63 - 1
"""No bound, among milliseconds."""


class Measure(NamedTuple):
    """How one promise was kept, as a row: bounds until the promised address had it, and the first.

    promised: T, as whoever asks can turn it into a day.
    """

    id: int
    promised: Any
    series: str
    producer: str
    platform: str
    source: str
    over: int | None
    most: int | None
    anywhere_over: int | None
    anywhere_most: int | None


class Day(StrEnum):
    """How a day went: the worst of its releases."""

    ON_TIME = "on time"
    LATE = "late"
    EARLY = "early"
    UNSEEN = "not seen"


@dataclass(frozen=True)
class Bounds:
    """Of many lags the lower bounds and the upper ones, each in order. Of a lag that is early the
    lower bound, where there is one, is early too."""

    over: Sequence[int]
    most: Sequence[int]

    @cached_property
    def early(self) -> int:
        return bisect_left(self.most, 0)

    @property
    def late(self) -> int:
        """Surely, by any time at all."""
        return len(self.over) - bisect_left(self.over, 0)

    @property
    def unseen(self) -> int:
        return len(self.most) - bisect_left(self.most, _MOST)

    def within(self, tolerance: timedelta) -> Share:
        limit = tolerance // _MS
        return Share(
            of=len(self.most),
            surely=bisect_right(self.most, limit) - self.early,
            possibly=bisect_left(self.over, limit) - self.early,
        )

    def rank(self, percent: int) -> Lag:
        """The lag that so many of a hundred do not exceed (nearest rank)."""
        if not self.over:
            return Lag(None, None)
        place = max(-(-len(self.over) * percent // 100), 1) - 1
        return lag_of(self.over[place], self.most[place])


@dataclass(frozen=True)
class Account:
    """reported: how many are a platform's own word. announced: at the address promised. days: of
    each how many went how. worst: of each the promise that went worst, by its id."""

    figures: Figures
    reported: int
    announced: Bounds
    days: Mapping[date, Mapping[Day, int]]
    worst: Mapping[date, int]


class Tally:
    """Takes promises one by one and keeps 32 bytes of each, so that a million can be counted."""

    def __init__(self) -> None:
        self._bounds = [array("q") for _ in range(4)]

    def add(self, one: Kept) -> None:
        told = measure(0, one)
        over, most, anywhere_over, anywhere_most = self._bounds
        over.append(_LEAST if told.over is None else told.over)
        most.append(_MOST if told.most is None else told.most)
        anywhere_over.append(_LEAST if told.anywhere_over is None else told.anywhere_over)
        anywhere_most.append(_MOST if told.anywhere_most is None else told.anywhere_most)

    def figures(self) -> Figures:
        over, most, anywhere_over, anywhere_most = map(sorted, self._bounds)
        return _figures(Bounds(over, most), Bounds(anywhere_over, anywhere_most))


def measure(id: int, kept: Kept) -> Measure:
    """Bounds are widened to whole milliseconds; what was early stays so."""
    return Measure(
        id,
        kept.promised,
        kept.series,
        kept.producer,
        kept.platform,
        kept.source,
        _down(kept.announced.over),
        _up(kept.announced.at_most),
        _down(kept.anywhere.over),
        _up(kept.anywhere.at_most),
    )


def figures(rows: Sequence[Measure]) -> Figures:
    return _figures(*_bounds(rows))


def account(
    rows: Sequence[Measure], day_of: Callable[[Any], date], late_after: timedelta
) -> Account:
    """rows: in order of time. day_of: of T. late_after: a release counts as late when it surely
    took longer."""
    announced, anywhere = _bounds(rows)
    limit = late_after // _MS
    days: dict[date, Counter[Day]] = {}
    worst: dict[date, Measure] = {}
    for promised, some in grouped(rows, attrgetter("promised")).items():
        day = day_of(promised)
        days.setdefault(day, Counter()).update(_how(row, limit) for row in some)
        first = [worst[day]] if day in worst else []
        worst[day] = max([*first, *some], key=_weight)
    return Account(
        figures=_figures(announced, anywhere),
        reported=sum(row.source == Source.REPORTED for row in rows),
        announced=announced,
        days=dict(sorted(days.items())),
        worst={day: row.id for day, row in sorted(worst.items())},
    )


def grouped(rows: Iterable[Measure], by: Callable[[Measure], K]) -> dict[K, list[Measure]]:
    """By series, producer, platform, instant; each in the order given."""
    found: dict[K, list[Measure]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return found


def surely_within(row: Measure, tolerance: timedelta) -> bool:
    """At the address promised, beyond doubt."""
    return row.most is not None and 0 <= row.most <= tolerance // _MS


def lag_of(over: int | None, most: int | None) -> Lag:
    return Lag(
        None if over is None or over == _LEAST else over * _MS,
        None if most is None or most == _MOST else most * _MS,
    )


def _bounds(rows: Sequence[Measure]) -> tuple[Bounds, Bounds]:
    """At the address promised, and anywhere; mostly there is but one address."""
    over = [_LEAST if row.over is None else row.over for row in rows]
    most = [_MOST if row.most is None else row.most for row in rows]
    over_too = [_LEAST if row.anywhere_over is None else row.anywhere_over for row in rows]
    most_too = [_MOST if row.anywhere_most is None else row.anywhere_most for row in rows]
    same = over == over_too and most == most_too
    announced = Bounds(sorted(over), sorted(most))
    return announced, announced if same else Bounds(sorted(over_too), sorted(most_too))


def _figures(announced: Bounds, anywhere: Bounds) -> Figures:
    return Figures(
        releases=len(announced.over),
        early=announced.early,
        late=announced.late,
        unseen=announced.unseen,
        on_time={tolerance: announced.within(tolerance) for tolerance in TOLERANCES},
        anywhere={tolerance: anywhere.within(tolerance) for tolerance in TOLERANCES},
        median=announced.rank(50),
        tail=announced.rank(95),
        worst=announced.rank(100),
    )


def _how(row: Measure, limit: int) -> Day:
    if row.most is not None and row.most < 0:
        return Day.EARLY
    if row.over is not None and row.over >= limit:
        return Day.LATE
    return Day.UNSEEN if row.most is None else Day.ON_TIME


def _weight(row: Measure) -> int:
    """How bad: never seen is worst, then by how late, by the upper bound; early counts as late."""
    return _MOST if row.most is None else abs(row.most)


def _down(bound: timedelta | None) -> int | None:
    return None if bound is None else bound // _MS


def _up(bound: timedelta | None) -> int | None:
    if bound is None:
        return None
    most = -(-bound // _MS)
    return min(most, -1) if bound < timedelta(0) else most
