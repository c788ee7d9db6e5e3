"""The period report as a paper: the same words in every format; JSON holds the figures."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from ninethirty.core.period import Fault, Period, Row
from ninethirty.core.punctuality import Kept, Lag, Share, in_words
from ninethirty.core.times import at_local
from ninethirty.desk.papers.marks import Line
from ninethirty.desk.papers.paper import Block, Heading, Paper, Paragraph, Table
from ninethirty.desk.papers.write import write_paper

_COUNTED = ("Scheduled", "On time", "Late", "Early", "Not known")


def write_period(period: Period, into: str, *, note: str = "") -> bytes:
    """`into`: one of papers.write.FORMATS. note: what the paper is, such as "Draft"."""
    if into == "json":
        told = {"note": note, **as_document(period)} if note else as_document(period)
        return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
    return write_paper(period_paper(period, note), into)


def period_paper(period: Period, note: str = "") -> Paper:
    title = f"Punctuality of {period.asked.name}"
    return Paper(f"{note}: {title}" if note else title, tuple(_blocks(period, title, note)))


def _blocks(period: Period, title: str, note: str) -> Iterator[Block]:
    asked, figures = period.asked, period.figures
    yield Heading(1, title)
    if note:
        yield Paragraph(Line(note), aside=True)
    yield Paragraph(Line(f"From {asked.first} to {asked.last}, both days included."))
    yield Heading(2, "In short")
    yield _table(
        "In short",
        (),
        [
            ("Releases", f"{figures.releases:,}"),
            *(
                (f"Within {_tolerance(tolerance)} at the announced address", _share(share))
                for tolerance, share in figures.on_time.items()
            ),
            *(
                (f"Within {_tolerance(tolerance)} at any address", _share(share))
                for tolerance, share in figures.anywhere.items()
            ),
            ("Early", f"{figures.early:,}"),
            ("Half of them took", in_words(figures.median)),
            ("19 of 20 took", in_words(figures.tail)),
            ("The worst", in_words(figures.worst)),
        ],
    )
    for heading, rows in (("By month", period.months), ("By producer", period.producers)):
        if rows:
            yield Heading(2, heading)
            yield _table(
                heading,
                (heading.removeprefix("By ").capitalize(), *_COUNTED),
                [(name, *map(str, _counts(row))) for name, row in rows.items()],
            )
    yield from _late(period)
    yield from _causes(period)
    yield from _method(period)


def _late(period: Period) -> Iterator[Block]:
    yield Heading(2, "Each that was not on time")
    if not period.late:
        yield Paragraph(Line("None."))
        return
    yield _table(
        "Each that was not on time",
        ("Release", "Producer", "Promised", "Public", "Cause", "Report"),
        [
            (
                one.title or one.release,
                one.producer,
                f"{at_local(one.promised, period.asked.zone):%Y-%m-%d %H:%M}",
                _public(one, period.asked.zone),
                one.cause or "not known",
                one.reference or "none",
            )
            for one in period.late
        ],
    )


def _causes(period: Period) -> Iterator[Block]:
    yield Heading(2, "Causes")
    if period.causes:
        yield _table(
            "Causes",
            ("Cause", "Releases", "First day", "Last day"),
            [
                (name, str(span.count), str(span.first), str(span.last))
                for name, span in period.causes.items()
            ],
        )
    else:
        yield Paragraph(Line("None is known."))
    for fault in period.faults:
        yield Heading(3, fault.title)
        yield _table(fault.title, (), _fault(fault))
    left = [fault.id for fault in period.faults if fault.is_open]
    yield Heading(2, "What is still open")
    yield Paragraph(Line("; ".join(left) if left else "Nothing that is known."))


def _method(period: Period) -> Iterator[Block]:
    asked = period.asked
    sources = "; ".join(f"{count:,} {source}" for source, count in period.sources.items())
    yield Heading(2, "How this was measured")
    for words in (
        "A release became public after the last look that missed it and not later than the first "
        "that found it. Figures are given for both bounds: what is surely so, and what is possibly "
        "so. Times of witnesses are to the millisecond; those of a platform about itself to the "
        "second.",
        f"Late is later than {_tolerance(asked.late_after)} beyond doubt; early is seen public "
        f"before the promised instant. Days and times are those of {asked.zone}.",
        f"Measured: {sources or 'nothing'}.",
        f"To make it again: {asked.query}",
        f"Digest of what was counted (SHA-256): {period.digest}",
    ):
        yield Paragraph(Line(words))


def _fault(fault: Fault) -> list[tuple[str, ...]]:
    return [
        ("Reference", fault.id),
        ("Releases hit", str(fault.hits)),
        *(
            ("Cause first given" if n == 0 else "Corrected to", f"{day}: {words}")
            for n, (day, words) in enumerate(fault.causes)
        ),
        *(("Fix", f"{day}: {words}") for day, words in fault.fixes),
        ("Watch", fault.watched),
        ("State", "open" if fault.is_open else "closed"),
    ]


def _table(caption: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    return Table(caption, head, tuple(tuple((Line(cell),) for cell in row) for row in rows))


def _counts(row: Row) -> tuple[int, ...]:
    return row.scheduled, row.on_time, row.late, row.early, row.unknown


def _tolerance(tolerance: timedelta) -> str:
    return f"{tolerance // timedelta(seconds=1)} s"


def _share(share: Share) -> str:
    if not share.of:
        return "none"
    sure, possible = (f"{count / share.of:.1%}" for count in (share.surely, share.possibly))
    counted = f"{share.surely:,} surely, {share.possibly:,} possibly"
    return f"{sure} ({counted})" if sure == possible else f"{sure} to {possible} ({counted})"


def _public(one: Kept, zone: str) -> str:
    lag = one.announced
    if lag.at_most is None:
        return in_words(lag)
    at = at_local(one.promised + lag.at_most, zone)
    return f"by {at:%Y-%m-%d %H:%M:%S}, {in_words(lag)}"


def as_document(period: Period) -> dict[str, Any]:
    """Bounds are seconds as text, "" for none: a document holds no fractions."""
    asked, figures = period.asked, period.figures
    return {
        "of": str(asked.of),
        "name": asked.name,
        "first": str(asked.first),
        "last": str(asked.last),
        "zone": asked.zone,
        "query": asked.query,
        "digest": period.digest,
        "sources": {str(source): count for source, count in period.sources.items()},
        "releases": figures.releases,
        "early": figures.early,
        "late": figures.late,
        "unseen": figures.unseen,
        "on_time": _shares(figures.on_time),
        "anywhere": _shares(figures.anywhere),
        "median": _bounds(figures.median),
        "95th": _bounds(figures.tail),
        "worst": _bounds(figures.worst),
        "months": {name: _named(row) for name, row in period.months.items()},
        "producers": {name: _named(row) for name, row in period.producers.items()},
        "not_on_time": [
            {
                "release": one.release,
                "title": one.title,
                "producer": one.producer,
                "promised": one.promised.text(),
                "announced": _bounds(one.announced),
                "anywhere": _bounds(one.anywhere),
                "source": str(one.source),
                "cause": one.cause,
                "report": one.reference,
            }
            for one in period.late
        ],
        "causes": {
            name: {"count": span.count, "first": str(span.first), "last": str(span.last)}
            for name, span in period.causes.items()
        },
        "faults": [
            {
                "id": fault.id,
                "title": fault.title,
                "causes": [list(one) for one in fault.causes],
                "fixes": [list(one) for one in fault.fixes],
                "hits": fault.hits,
                "watch": fault.watched,
                "open": fault.is_open,
            }
            for fault in period.faults
        ],
    }


def _shares(shares: Mapping[timedelta, Share]) -> dict[str, dict[str, int]]:
    return {
        _tolerance(tolerance): {"surely": share.surely, "possibly": share.possibly}
        for tolerance, share in shares.items()
    }


def _bounds(lag: Lag) -> dict[str, str]:
    return {
        name: "" if bound is None else str(bound.total_seconds())
        for name, bound in (("over", lag.over), ("at_most", lag.at_most))
    }


def _named(row: Row) -> dict[str, int]:
    names = ("scheduled", "on_time", "late", "early", "unknown")
    return dict(zip(names, _counts(row), strict=True))
