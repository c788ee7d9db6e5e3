"""The calendar as people at the desk read it: what is promised, and what of it needs somebody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ninethirty.core.announcement import Provisional, exact_by
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import move_asked
from ninethirty.core.times import Instant, WallTime, at_local
from ninethirty.desk.actions.propose import AHEAD, propose
from ninethirty.desk.actions.rules import rules_of
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import FactRow, Producer, Release, Series
from ninethirty.desk.setup import setup


@dataclass(frozen=True)
class _Entry:
    row: Release
    first: date
    opens: Instant | None
    says: str


def look_ahead(
    *, series: str = "", producer: str = "", since: date | None = None, until: date | None = None
) -> Iterator[str]:
    """Lines: one for each release, by day; then what needs somebody.

    Raises NotAllowed: no such series, no such producer.
    """
    today = at_local(setup().clock().now(), setup().promises.usual.zone).date()
    since, until = since or today, until or today + AHEAD
    entries = sorted(
        (
            entry
            for row in _rows(series, producer)
            if (entry := _entry(row)) and since <= _last(row, entry) and entry.first <= until
        ),
        key=lambda entry: (entry.first, entry.opens is None, entry.says, entry.row.id),
    )
    together = Counter(entry.opens for entry in entries if entry.opens)
    month = ""
    for entry in entries:
        if f"{entry.first:%B %Y}" != month:
            month = f"{entry.first:%B %Y}"
            yield f"{month}"
        shared = together[entry.opens] if entry.opens else 0
        note = f"  ({shared} at this instant)" if shared > 1 else ""
        yield f"  {entry.says:<40} {entry.row.stage:<11} {entry.row.id}: {entry.row.title}{note}"
    if not entries:
        yield f"nothing is promised from {since} to {until}"
    yield from _wanted(entries, series, producer, today)


def _wanted(entries: list[_Entry], series: str, producer: str, today: date) -> Iterator[str]:
    for entry in entries:
        if not entry.row.provisional or entry.row.closed:
            continue
        due = exact_by(Provisional.parse(entry.row.provisional), rules_of(entry.row.series).usual)
        if due < today:
            yield f"! {entry.row.id}: its exact date was due by {due}"
    asked = FactRow.objects.filter(
        kind=str(Kind.MOVE_ASKED), subject__in=[entry.row.id for entry in entries]
    )
    for release in sorted(set(asked.values_list("subject", flat=True))):
        wanted = move_asked(facts_of(release))
        if wanted:
            yield f"! {release}: {wanted.details['opens']} is asked for; ninethirty promise approve"
    rows = Series.objects.exclude(rhythm="").order_by("id")
    for row in rows.filter(**_named(series, producer)):
        try:
            count = len(propose(row.id))
        except NotAllowed:
            continue
        if count:
            yield f"! {row.id}: its rhythm has {count} more in a year; ninethirty promise next"


def _named(series: str, producer: str) -> dict[str, str]:
    return ({"id": series} if series else {}) | ({"producer": producer} if producer else {})


def _rows(series: str, producer: str) -> Iterator[Release]:
    if series and not Series.objects.filter(id=series).exists():
        raise NotAllowed(f"{series}: there is no such series")
    if producer and not Producer.objects.filter(id=producer).exists():
        raise NotAllowed(f"{producer}: there is no such producer")
    rows = Release.objects.filter(replaces="").defer("manifest", "order")
    if series or producer:
        rows = rows.filter(
            series__in=Series.objects.filter(**_named(series, producer)).values("id")
        )
    yield from rows


def _entry(row: Release) -> _Entry | None:
    if row.provisional:
        return _Entry(row, Provisional.parse(row.provisional).first, None, row.provisional)
    if not row.opens:
        return None
    promise = WallTime.parse(row.opens)
    return _Entry(row, promise.local.date(), promise.resolve(), f"{promise.local:%a} {promise}")


def _last(row: Release, entry: _Entry) -> date:
    return Provisional.parse(row.provisional).last if row.provisional else entry.first
