"""The desk of a statistical service with many releases: its rows, written in bulk, and a shelf with
a document for each of them.

Releases lie evenly over the weekdays of some years, the last of which is to come. What is public
has a bundle; the nearest to come are armed.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import islice
from typing import Any, NamedTuple

from bench.sealing import unsynced
from ninethirty.core.schedule import Content, Opening, write_document
from ninethirty.core.times import Instant, WallTime, at_local

ZONE = "Europe/London"
TO_COME = timedelta(days=365)
ARMED = timedelta(days=3)
_TOGETHER = 5000
_PAGE = "<!doctype html><title>A release</title><main><h1>A release</h1>{}</main>".format(
    "<p>The rate was 4.0% in the latest month, down from 4.1% in the one before.</p>" * 12
)
_TABLE = "month,rate,region\n" + "2026-01,4.1,North\n" * 120


class Size(NamedTuple):
    releases: int
    series: int
    producers: int
    years: int


def fill(size: Size, now: Instant) -> None:
    """The record and the shelf of an empty desk, which whoever calls has prepared."""
    from django.db import connection

    from ninethirty.core.release import Role
    from ninethirty.desk.record.models import Person, Producer, Series

    Person.objects.create(id="head", name="head", role=Role.HEAD_OF_PROFESSION)
    Producer.objects.bulk_create(
        [Producer(id=f"p-{n}", name=f"Producer {n}") for n in range(size.producers)]
    )
    Series.objects.bulk_create(
        [
            Series(
                id=f"s-{n}",
                title=f"Series {n}",
                producer=f"p-{n % size.producers}",
                rhythm="monthly",
            )
            for n in range(size.series)
        ],
        batch_size=500,
    )
    days = dates(size, at_local(now, ZONE).date())
    promised = ((n, half_past_nine(day)) for n, day in enumerate(days))
    bundle = _bundle()
    while some := list(islice(promised, _TOGETHER)):
        _write(size, some, bundle, now)
    _put_documents(size.releases, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def dates(size: Size, today: date) -> Iterator[date]:
    """Of each release, in the order of their numbers."""
    days = 365 * size.years
    first = today + TO_COME - timedelta(days=days)
    for n in range(size.releases):
        day = first + timedelta(days=n * days // size.releases)
        yield day - timedelta(days=max(0, day.weekday() - 4))


def half_past_nine(day: date) -> WallTime:
    return WallTime(datetime.combine(day, clock(9, 30)), ZONE)


def manifest_of(release: str, opens: WallTime, files: list[dict[str, Any]]) -> dict[str, Any]:
    """As a row keeps it."""
    path = f"/r/{release}"
    return {
        "release": release,
        "title": f"Release {release} of a series",
        "opens": str(opens),
        "path": path,
        "announced": f"https://statistics.example{path}",
        "files": files,
    }


def _bundle() -> list[dict[str, Any]]:
    """The files of every release, which lie on the shelf once."""
    from ninethirty.core.seal import files_of
    from ninethirty.desk.setup import setup

    contents = {"index.html": _PAGE.encode(), "data.csv": _TABLE.encode()}
    for body in contents.values():
        setup().shelf().put(body)
    return [vars(file) for file in files_of(contents)]


def _write(
    size: Size, promised: list[tuple[int, WallTime]], files: list[dict[str, Any]], now: Instant
) -> None:
    from ninethirty.core.facts import Kind
    from ninethirty.core.release import Stage
    from ninethirty.desk.record.models import FactRow, Head, Promised, Release

    releases, calendar, facts = [], [], []
    for n, opens in promised:
        id, at = f"r-{n}", opens.resolve()
        out = at < now + ARMED
        said = min(at, now) - timedelta(days=60, seconds=n % 3600)
        releases.append(
            Release(
                id=id,
                title=f"Release {id} of a series",
                series=f"s-{n % size.series}",
                summary="What it is about, in a sentence or two, as the producer wrote it.",
                opens=str(opens),
                path=f"/r/{id}",
                announced=f"https://statistics.example/r/{id}",
                manifest=manifest_of(id, opens, files) if out else None,
                seal="7c" * 32 if out else "",
                stage=Stage.ANNOUNCED if not out else Stage.ARMED if at > now else Stage.PUBLIC,
                closed=at < now - timedelta(days=60),
            )
        )
        text = str(opens)
        calendar.append(
            Promised(release=id, n=1, promise=text, since=said, month=text[:7], opens=at)
        )
        told = {"opens": text, "instant": at.text(), "series": f"s-{n % size.series}"}
        facts.append(fact_of(id, 1, Kind.ANNOUNCED, said, told))
    Release.objects.bulk_create(releases, batch_size=500)
    Promised.objects.bulk_create(calendar, batch_size=500)
    FactRow.objects.bulk_create(facts, batch_size=500)
    Head.objects.bulk_create([Head(subject=row.id, n=1) for row in releases], batch_size=500)


def fact_of(subject: str, n: int, kind: str, at: Instant, details: dict[str, Any]) -> Any:
    """A row of facts. Nobody follows the chain here, so it has no hash."""
    from ninethirty.desk.record.models import FactRow

    return FactRow(
        subject=subject,
        n=n,
        kind=str(kind),
        at=at,
        exact=True,
        recorded=at,
        actor="head",
        key=f"{subject}#{n}",
        details=details,
    )


def _put_documents(releases: int, now: Instant) -> None:
    """Each release has one, so that lists are as long as they would be."""
    from ninethirty.desk.setup import setup

    shelf = setup().shelf()
    body = b"<!doctype html><title>A release</title>"
    with unsynced():
        content = shelf.prepared(Content(shelf.put(body), len(body), "text/html; charset=utf-8"))
        documents = {}
        for n in range(releases):
            name = f"release/r-{n}"
            opening = Opening(f"/r/r-{n}", now - timedelta(days=1), content)
            documents[shelf._secret.opaque(name)] = write_document(name, [opening])
        shelf._sign(now, documents, None)
