"""The register among many breaches, and the period report over many releases, on both databases.

NINETHIRTY_BENCH_BREACHES and NINETHIRTY_BENCH_RELEASES make them fewer than 100,000 and 1,000,000.
Searches are timed by the clock of the wall, each as the regulator's console asks it: the newest 50
of those that the regulator may see, how many there are, and the next 50. Of it our own processor
time is told too: on SQLite that is all of the work, whoever else is on the machine. The rest is
processor time, of this process alone.
"""

import os
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench.databases import figures_on_both
from bench.figure import Figure, percentile
from ninethirty.core.period import Asked, Of
from ninethirty.core.punctuality import Kept, Lag, Source
from ninethirty.core.times import Instant
from ninethirty.desk.command import prepare

BREACHES = int(os.environ.get("NINETHIRTY_BENCH_BREACHES", "100000"))
RELEASES = int(os.environ.get("NINETHIRTY_BENCH_RELEASES", "1000000"))
TIMES = 200
SEED = 930

_KINDS = ("late", "early", "wrong_audience", "wrong_content", "quoted", "promise_broken")
_CAUSES = ("cached", "outage", "not_published", "step_missed", "email_autocomplete")
_WORDS = [f"{fruit}{n}" for fruit in ("apples", "pears", "plums", "figs") for n in range(8)]


def measure() -> list[Figure]:
    return figures_on_both(_measure)


def _measure(home: Path) -> list[Figure]:
    prepare(home)
    from django.db import connection

    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.setup import setup

    make_fit(setup())
    _fill_register(BREACHES)
    _fill_releases(RELEASES)
    with connection.cursor() as cursor:
        # As a database that is looked after is: PostgreSQL does both by itself, within minutes.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    found = [*_searches(), *_exports(), *_periods()]
    connection.close()
    return found


def _searches() -> list[Figure]:
    from ninethirty.core.release import Role
    from ninethirty.desk.pages.console.who import breaches_of
    from ninethirty.desk.record.models import Person
    from ninethirty.desk.record.register import Wanted, find, look

    theirs = breaches_of(Person.objects.create(id="person-1", name="x", role=Role.REGULATOR))
    chance = random.Random(SEED)
    took: list[float] = []
    worked: list[float] = []
    for _ in range(TIMES):
        wanted = Wanted(**_question(chance))
        begun, busy = time.perf_counter(), time.process_time()
        found = look(wanted, of=theirs).rows
        if found:
            find(wanted, before=found[-1].id, of=theirs)
        took.append(1000 * (time.perf_counter() - begun))
        worked.append(1000 * (time.process_time() - busy))
    what = f"of {TIMES} searches among {BREACHES:,} breaches"
    return [
        Figure(f"ms, 95th percentile {what}", round(percentile(took, 0.95), 1), most=100),
        Figure(f"ms, median {what}", round(percentile(took, 0.5), 1)),
        Figure(f"ms, worst {what}", round(max(took), 1)),
        Figure(
            "ms of it our own processor time, 95th percentile", round(percentile(worked, 0.95), 1)
        ),
    ]


def _question(chance: random.Random) -> dict[str, str]:
    """One to four of: words, common and rare, and filters."""
    asked = {
        "words": " ".join(chance.sample(_WORDS, chance.randint(1, 2))),
        "producer": f"Office {chance.randint(1, 60)}",
        "kind": chance.choice(_KINDS),
        "practice": chance.choice(("T3.6", "T3.3", "T3.4")),
        "cause": chance.choice(_CAUSES),
        "platform": f"platform-{chance.randint(1, 5)}.example",
        "year": str(chance.randint(2009, 2026)),
    }
    return {name: asked[name] for name in chance.sample(list(asked), chance.randint(1, 4))}


def _exports() -> list[Figure]:
    from ninethirty.desk.record.export import lines
    from ninethirty.desk.record.register import Wanted

    for _ in islice(lines(Wanted()), 2000):
        pass  # what is imported and kept for ever, before memory is looked at
    before, begun = _peak_mb(), time.process_time()
    count = sum(1 for _ in lines(Wanted())) - 1
    assert count == BREACHES
    return [
        Figure(f"s for {count:,} lines of CSV", round(time.process_time() - begun, 2)),
        Figure("MB that memory grew by meanwhile", round(_peak_mb() - before, 1), most=20),
    ]


def _periods() -> list[Figure]:
    from ninethirty.desk.actions.sum_up_period import sum_up_period
    from ninethirty.desk.papers.period import write_period

    def one(days: int) -> tuple[int, float]:
        first = date(2017, 1, 1)
        asked = Asked(Of.PLATFORM, "bench.example", first, first + timedelta(days=days - 1))
        begun = time.process_time()
        period = sum_up_period(asked)
        write_period(period, "json")
        return period.figures.releases, time.process_time() - begun

    few, short = one(_DAYS // 10)
    many, long = one(_DAYS)
    each = (long / many) / (short / few)
    bar = 3.0 * few / 100_000 if few > 100_000 else 3.0
    return [
        Figure(f"s for the period report over {few:,} releases", round(short, 2), most=bar),
        Figure(f"s for the period report over {many:,} releases", round(long, 2)),
        Figure("times as long a release, with ten times as many", round(each, 2), most=1.2),
    ]


_DAYS = 3000


def _fill_releases(count: int) -> None:
    from ninethirty.desk.record.kept import keep

    made = _kept(count)
    while some := list(islice(made, 20_000)):
        keep(some)


def _kept(count: int) -> Iterator[Kept]:
    """Evenly over the days; two of a hundred are late."""
    chance = random.Random(SEED)
    start = Instant(2017, 1, 1, 9, 30, tzinfo=UTC)
    for n in range(count):
        late = chance.random() < 0.02
        seconds = 10 ** chance.uniform(1.9, 4) if late else chance.uniform(0.05, 2)
        lag = Lag(timedelta(seconds=seconds * 0.8), timedelta(seconds=seconds))
        yield Kept(
            f"release/{n}",
            f"series {n % 3000}",
            f"Office {n % 60}",
            "bench.example",
            start + timedelta(days=n * _DAYS // count),
            lag,
            lag,
            Source.WITNESSED,
            chance.choice(_CAUSES) if late else "",
            f"Release {n}",
        )


def _fill_register(count: int) -> None:
    from ninethirty.desk.record.models import Breach, BreachTerm
    from ninethirty.desk.record.register import terms_of

    chance = random.Random(SEED)
    for first in range(0, count, 5000):
        rows = [Breach(**_breach(chance, n)) for n in range(first, min(first + 5000, count))]
        Breach.objects.bulk_create(rows)
        made = Breach.objects.filter(reference__in=[row.reference for row in rows])
        BreachTerm.objects.bulk_create(
            [
                BreachTerm(term=term, breach=row)
                for row in made
                for term in terms_of(row, [chance.choice(("T3.6", "T3.3", "T3.4"))])
            ],
            batch_size=10_000,
        )


def _breach(chance: random.Random, n: int) -> dict[str, Any]:
    day = date(2009, 1, 1) + timedelta(days=chance.randrange(6400))
    return {
        "reference": f"br-{day.year}-{n:06}",
        "title": " ".join(chance.sample(_WORDS, 5)).capitalize(),
        "producer": f"Office {int(chance.paretovariate(1)) % 60 + 1}",
        "platform": f"platform-{chance.randint(1, 5)}.example",
        "kind": chance.choice(_KINDS),
        "cause": chance.choice(_CAUSES),
        "occurred": day,
        "known": datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
        "stage": "published",
        "version": 1,
        "public_version": 1,
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
