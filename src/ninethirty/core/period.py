"""The period report: how a platform or a producer kept its promises between two dates.

It can be made again from the same facts and comes out the same: it carries the question it answers
and one digest over every line it counted.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from ninethirty.core.punctuality import Figures, Kept, Lag, Source
from ninethirty.core.tally import Tally
from ninethirty.core.times import at_local

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""As `document.canonical` writes a list of texts and whole numbers, a third as long about it."""


class Of(StrEnum):
    PLATFORM = "platform"
    PRODUCER = "producer"


@dataclass(frozen=True)
class Asked:
    """Both days are included. late_after: from how much lateness on a release is listed."""

    of: Of
    name: str
    first: date
    last: date
    zone: str = "Europe/London"
    late_after: timedelta = timedelta(seconds=60)

    @property
    def query(self) -> str:
        """As it is asked at the command line."""
        return (
            f'ninethirty period --{self.of} "{self.name}" --from {self.first} --to {self.last} '
            f"--late-after {self.late_after // timedelta(seconds=1)} --zone {self.zone}"
        )


@dataclass
class Row:
    """The four add up to all that were scheduled."""

    on_time: int = 0
    late: int = 0
    early: int = 0
    unknown: int = 0

    @property
    def scheduled(self) -> int:
        return self.on_time + self.late + self.early + self.unknown


@dataclass
class Span:
    """A cause: how often, and the first and the last day it was seen."""

    first: date
    last: date
    count: int = 0


@dataclass(frozen=True)
class Fault:
    """A problem of the platform. told: day in words, and what was said; of the causes the first
    given comes first, and the last one stands."""

    id: str
    title: str
    causes: tuple[tuple[str, str], ...]
    fixes: tuple[tuple[str, str], ...]
    hits: int
    watched: str
    is_open: bool


@dataclass(frozen=True)
class Period:
    asked: Asked
    figures: Figures
    months: dict[str, Row]
    producers: dict[str, Row]
    late: tuple[Kept, ...]
    """Late, early, or never seen though late: in order of time."""
    causes: dict[str, Span]
    sources: dict[Source, int]
    faults: tuple[Fault, ...]
    digest: str


def sum_up(asked: Asked, kept: Iterable[Kept], faults: tuple[Fault, ...] = ()) -> Period:
    """kept: in one order, whoever asks: by promised instant, then release."""
    tally, over = Tally(), sha256()
    months: dict[str, Row] = {}
    producers: dict[str, Row] = {}
    causes: dict[str, Span] = {}
    sources: dict[Source, int] = {}
    late: list[Kept] = []
    for one in kept:
        tally.add(one)
        over.update(line(one))
        day = at_local(one.promised, asked.zone).date()
        sources[one.source] = sources.get(one.source, 0) + 1
        rows = (
            months.setdefault(f"{day:%Y-%m}", Row()),
            producers.setdefault(one.producer, Row()),
        )
        if _count(rows, one.announced, asked.late_after):
            late.append(one)
            if one.cause:
                span = causes.setdefault(one.cause, Span(day, day))
                span.last, span.count = day, span.count + 1
    return Period(
        asked=asked,
        figures=tally.figures(),
        months=dict(sorted(months.items())),
        producers=dict(sorted(producers.items())),
        late=tuple(late),
        causes=dict(sorted(causes.items())),
        sources=dict(sorted(sources.items())),
        faults=faults,
        digest=over.hexdigest(),
    )


def line(one: Kept) -> bytes:
    """What is digested of a promise: all that a figure rests on."""
    bounds = [_text(bound) for lag in (one.anywhere, one.announced) for bound in _both(lag)]
    told = [one.release, one.producer, one.platform, one.promised.text(), *bounds]
    return _encode([*told, one.source, one.cause, one.reference]).encode() + b"\n"


def _count(rows: tuple[Row, Row], lag: Lag, late_after: timedelta) -> bool:
    """Whether it is to be listed."""
    if lag.early:
        for row in rows:
            row.early += 1
        return True
    if not lag.possibly_within(late_after):
        for row in rows:
            row.late += 1
        return True
    for row in rows:
        if lag.at_most is None:
            row.unknown += 1
        else:
            row.on_time += 1
    return False


def _both(lag: Lag) -> tuple[timedelta | None, timedelta | None]:
    return lag.over, lag.at_most


def _text(bound: timedelta | None) -> int | None:
    """In microseconds."""
    return None if bound is None else bound // timedelta(microseconds=1)
