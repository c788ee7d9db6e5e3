"""The record on both databases: facts appended a second, and reading among a million facts.

A million takes a few minutes to write; `NINETHIRTY_BENCH_FACTS=100000` makes it fewer.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.databases import on_both
from ninethirty.core.facts import Fact, Kind, link
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.command import prepare

if TYPE_CHECKING:
    from ninethirty.desk.record.models import Account, Person

APPENDED = 1000
MANY = int(os.environ.get("NINETHIRTY_BENCH_FACTS", "1000000"))
EACH = 100
"""Facts of one release."""
OPEN = 200
TIMES = 30


def measure() -> dict[str, float]:
    found = on_both(_measure)
    return {f"{name}: {what}": found[name][what] for name in found for what in found[name]}


def _measure(home: Path) -> dict[str, float]:
    prepare(home)
    from django.db import connection

    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.setup import setup

    make_fit(setup())
    found = _appending()
    begun = time.monotonic()
    _fill(MANY)
    found[f"s to fill with {MANY} facts"] = round(time.monotonic() - begun)
    auditor = _auditor()
    found |= _reading(auditor)
    found |= _auditing(auditor.person)
    begun = time.monotonic()
    make_fit(setup())
    found["ms to look at the record at a start"] = _ms(time.monotonic() - begun)
    connection.close()
    return found


def _appending() -> dict[str, float]:
    from ninethirty.desk.record.facts import New, append, append_all, check_chain

    clock = RealClock()
    begun = time.monotonic()
    for _ in range(APPENDED):
        now = clock.now()
        append("release/bench", Kind.BLIND, at=now, recorded=now, actor="bench")
    one_by_one = time.monotonic() - begun
    begun = time.monotonic()
    for _ in range(APPENDED // 4):
        now = clock.now()
        news = [New("release/bench", Kind.BLIND, now) for _ in range(4)]
        append_all(news, actor="bench", recorded=now)
    by_four = time.monotonic() - begun
    begun = time.monotonic()
    check_chain("release/bench")
    checked = time.monotonic() - begun
    return {
        "appended a second": round(APPENDED / one_by_one),
        "appended a second, four at once": round(APPENDED / by_four),
        "checked a second": round(2 * APPENDED / checked),
    }


def _auditor() -> "Account":
    """Signed in, and working for the desk's own producer, whose all releases are."""
    from ninethirty.desk.actions.whose import OWN
    from ninethirty.desk.record.models import Account, Person, WorksFor

    person = Person.objects.create(id="auditor", name="The auditor", role="auditor")
    WorksFor.objects.create(person=person, producer=OWN)
    return Account.objects.create(username="auditor", person=person)


def _reading(reader: "Account") -> dict[str, float]:
    from django.test import RequestFactory

    from ninethirty.desk.pages.timeline import page
    from ninethirty.desk.record.facts import append, facts_after, facts_of

    names = [_name(place) for place in range(OPEN)]
    there = facts_after(dict.fromkeys(names, 0))
    positions = {name: facts[-1].n for name, facts in there.items()}
    request = RequestFactory().get("/")
    request.user = reader
    clock = RealClock()

    def one_round() -> None:
        """A fact on one of the releases, read by a runner that knows the rest."""
        assert len(facts_after(positions)) == 1
        positions[names[0]] = facts_of(names[0])[-1].n

    def news() -> None:
        now = clock.now()
        append(names[0], Kind.BLIND, at=now, recorded=now, actor="bench")

    return {
        f"ms for the timeline page of {EACH} facts": _median(
            lambda: page(request, _name(MANY // EACH // 2))
        ),
        f"ms for facts of {OPEN} releases, none known": _median(
            lambda: facts_after(dict.fromkeys(names, 0))
        ),
        f"ms for facts of {OPEN} releases, one new": _median(one_round, before=news),
        f"ms for facts of {OPEN} releases, no news": _median(lambda: facts_after(positions)),
    }


def _auditing(auditor: "Person") -> dict[str, float]:
    """Pages of fifty as the audit asks for them, and all of it handed out or recomputed."""
    from ninethirty.desk.pages.console.who import breaches_of, releases_of
    from ninethirty.desk.record.audit import Place, Sought, json_lines, newest, oldest
    from ninethirty.desk.record.facts import check_chain, subjects
    from ninethirty.desk.record.models import FactRow

    seen, breaches = releases_of(auditor), breaches_of(auditor)
    middle = FactRow.objects.order_by("id")[MANY // 2]
    place = Place(Instant.of(middle.recorded), middle.id)
    sealed, after = str(Kind.SEALED), place.recorded + timedelta(seconds=1)
    asked = {
        "the newest": (Sought(seen, breaches), None),
        "the middle of all": (Sought(seen, breaches), place),
        "one timeline": (Sought(seen, breaches, subject=middle.subject), None),
        "one kind, in the middle": (Sought(seen, breaches, kind=sealed), place),
        "nobody's": (Sought(seen, breaches, actor="nobody"), None),
        "a second, long ago": (
            Sought(seen, breaches, since=place.recorded, until=after, kind=sealed),
            None,
        ),
    }
    found = {
        f"ms for a page of the audit, {what}": _median(partial(newest, *told, 51))
        for what, told in asked.items()
    }
    begun = time.monotonic()
    handed = sum(1 for _ in json_lines(oldest(Sought(seen, breaches)), drill=False))
    found["handed out a second"] = round(handed / (time.monotonic() - begun))
    begun = time.monotonic()
    for subject in subjects():
        check_chain(subject)
    found["s to check every chain"] = round(time.monotonic() - begun)
    return found


def _median(act: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    took = []
    for _ in range(TIMES):
        before()
        begun = time.monotonic()
        act()
        took.append(time.monotonic() - begun)
    return _ms(median(took))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _name(place: int) -> str:
    return f"release/of-{place}"


def _fill(count: int) -> None:
    """Chained as append() chains, but written in lumps."""
    from django.db import connection, transaction

    from ninethirty.desk.record.models import Head, Release
    from ninethirty.desk.record.rows import COLUMNS

    heads: list[Head] = []
    rows = _rows(count, heads)
    marks = ", ".join(["%s"] * len(COLUMNS.split(", ")))
    with transaction.atomic(), connection.cursor() as cursor:
        while lump := list(islice(rows, 10_000)):
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY facts ({COLUMNS}) FROM STDIN") as copy:
                    for row in lump:
                        copy.write_row(row)
            else:
                cursor.executemany(f"INSERT INTO facts ({COLUMNS}) VALUES ({marks})", lump)  # noqa: S608
        Head.objects.bulk_create(heads, batch_size=1000)
        Release.objects.bulk_create(
            [
                Release(
                    id=head.subject,
                    title="Bench",
                    opens="2026-12-01 09:30 Europe/London",
                    path=f"/{head.subject}",
                    announced="http://bench.example",
                )
                for head in heads
            ],
            batch_size=1000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rows(count: int, heads: list[Any]) -> Iterator[list[Any]]:
    from ninethirty.desk.record.models import Head
    from ninethirty.desk.record.rows import stored

    kinds = list(Kind)
    moment = RealClock().now()
    for place in range(count // EACH):
        subject, hashed = _name(place), ""
        for n in range(1, EACH + 1):
            moment += timedelta(milliseconds=10)
            fact = Fact(
                subject=subject,
                n=n,
                kind=kinds[n % len(kinds)],
                at=moment,
                recorded=moment,
                actor="bench",
                key=f"{subject}#{n}",
                details={"step": "tell_x", "attempt": n},
            )
            hashed = link(hashed, fact)
            yield stored(fact, hashed)
        heads.append(Head(subject=subject, n=EACH, hash=hashed))
