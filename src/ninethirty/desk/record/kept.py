"""How promises were kept, as rows: written from facts or a platform's word, read one by one."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from ninethirty.core.period import Asked, Of
from ninethirty.core.punctuality import Kept, Lag, Source
from ninethirty.core.targets import end_of
from ninethirty.core.times import Instant
from ninethirty.desk.record.models import KeptPromise

_MS = timedelta(milliseconds=1)
_MANY = 10_000
"""Ids in one query; SQLite takes 32,766 at most."""

_COLUMNS = (
    "release",
    "series",
    "producer",
    "platform",
    "promised",
    "anywhere_over",
    "anywhere_most",
    "announced_over",
    "announced_most",
    "source",
    "cause",
    "title",
    "reference",
)


def keep(all_kept: Iterable[Kept]) -> int:
    """Write each anew; how many. Bounds are widened to whole milliseconds."""
    rows = [_row(one) for one in all_kept]
    KeptPromise.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["release", "source"],
        update_fields=[name for name in _COLUMNS if name not in ("release", "source")],
        batch_size=1000,
    )
    return len(rows)


def kept(asked: Asked) -> Iterator[Kept]:
    """Of a platform or a producer; in order, as `kept_between`."""
    named = {"platform": asked.name} if asked.of is Of.PLATFORM else {"producer": asked.name}
    return kept_between(asked.first, asked.last, asked.zone, **named)


def kept_between(first: date, last: date, zone: str, **named: str) -> Iterator[Kept]:
    """Both days are included. By promised instant, then release. Of a release that witnesses saw, a
    platform's own word is left out. named: columns, and what is in them."""
    rows = KeptPromise.objects.filter(
        promised__gte=end_of(first - timedelta(days=1), zone),
        promised__lt=end_of(last, zone),
    )
    ordered = rows.filter(**named).order_by("promised", "release", "-source")
    before = ""
    for row in ordered.values_list(*_COLUMNS).iterator(chunk_size=5000):
        if row[0] != before:
            before = row[0]
            yield _kept(*row)


def witnessed(releases: Collection[str]) -> Iterator[Kept]:
    """What is kept of these, as witnesses saw it."""
    ids = sorted(releases)
    for start in range(0, len(ids), _MANY):
        rows = KeptPromise.objects.filter(
            release__in=ids[start : start + _MANY], source=str(Source.WITNESSED)
        )
        yield from (_kept(*row) for row in rows.values_list(*_COLUMNS))


def rounded(one: Kept) -> Kept:
    """As it is read back once it was kept."""
    row = _row(one)
    return _kept(*(getattr(row, name) for name in _COLUMNS))


def _row(one: Kept) -> KeptPromise:
    return KeptPromise(
        release=one.release,
        title=one.title[:300],
        series=one.series[:300],
        producer=one.producer[:200],
        platform=one.platform[:200],
        promised=one.promised,
        anywhere_over=_down(one.anywhere.over),
        anywhere_most=_up(one.anywhere.at_most),
        announced_over=_down(one.announced.over),
        announced_most=_up(one.announced.at_most),
        source=str(one.source),
        cause=one.cause,
        reference=one.reference,
    )


def _kept(
    release: str,
    series: str,
    producer: str,
    platform: str,
    promised: Instant,
    anywhere_over: int | None,
    anywhere_most: int | None,
    announced_over: int | None,
    announced_most: int | None,
    source: str,
    cause: str,
    title: str,
    reference: str,
) -> Kept:
    return Kept(
        release,
        series,
        producer,
        platform,
        Instant.of(promised),
        _lag(anywhere_over, anywhere_most),
        _lag(announced_over, announced_most),
        Source(source),
        cause,
        title,
        reference,
    )


def _lag(over: int | None, at_most: int | None) -> Lag:
    return Lag(None if over is None else over * _MS, None if at_most is None else at_most * _MS)


def _down(bound: timedelta | None) -> int | None:
    return None if bound is None else bound // _MS


def _up(bound: timedelta | None) -> int | None:
    return None if bound is None else -(-bound // _MS)
