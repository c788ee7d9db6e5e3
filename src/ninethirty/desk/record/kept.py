"""How promises were kept, as rows: written from facts or a platform's word, read one by one."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from ninethirty.core.period import Asked, Of
from ninethirty.core.punctuality import Kept, Source
from ninethirty.core.tally import Measure, lag_of, measure
from ninethirty.core.targets import end_of
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.record.models import KeptPromise

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

_MEASURED = (
    *("id", "at", "series", "producer", "platform", "source"),
    *("announced_over", "announced_most", "anywhere_over", "anywhere_most"),
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
    rows = _between(first, last, zone).filter(**named).order_by("promised", "release")
    for row in rows.values_list(*_COLUMNS).iterator(chunk_size=5000):
        yield _kept(*row)


def measures_between(first: date, last: date, zone: str) -> list[Measure]:
    """The same, each by the id of its row, with T as a text for `day_of`. Making a promise and its
    lags of each would be most of the work."""
    rows = _between(first, last, zone).annotate(at=Cast("promised", TextField()))
    return list(map(Measure._make, rows.order_by("promised", "id").values_list(*_MEASURED)))


def day_of(at: str, zone: str) -> date:
    """Of a T among those measures."""
    told = datetime.fromisoformat(at)
    return at_local(Instant.of(told if told.tzinfo else told.replace(tzinfo=UTC)), zone).date()


def kept_as(ids: Collection[int]) -> dict[int, Kept]:
    """These rows, in order of time."""
    found: dict[int, Kept] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _MANY):
        rows = KeptPromise.objects.filter(id__in=ordered[start : start + _MANY])
        for id, *row in rows.order_by("promised", "release").values_list("id", *_COLUMNS):
            found[id] = _kept(*row)
    return found


def _between(first: date, last: date, zone: str) -> QuerySet[KeptPromise]:
    witnessed = KeptPromise.objects.filter(
        release=OuterRef("release"), source=str(Source.WITNESSED)
    )
    return KeptPromise.objects.filter(
        Q(source=str(Source.WITNESSED)) | ~Exists(witnessed),
        promised__gte=end_of(first - timedelta(days=1), zone),
        promised__lt=end_of(last, zone),
    )


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
    bounds = measure(0, one)
    return KeptPromise(
        release=one.release,
        title=one.title[:300],
        series=one.series[:300],
        producer=one.producer[:200],
        platform=one.platform[:200],
        promised=one.promised,
        anywhere_over=bounds.anywhere_over,
        anywhere_most=bounds.anywhere_most,
        announced_over=bounds.over,
        announced_most=bounds.most,
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
        lag_of(anywhere_over, anywhere_most),
        lag_of(announced_over, announced_most),
        Source(source),
        cause,
        title,
        reference,
    )
