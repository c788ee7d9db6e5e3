"""Pages on punctuality when one more release was seen, of a desk that kept 100,000 promises in the
year: the front page, and those of its series, its producer and its platform, put in force.

One platform has all of them, so that its page is as long as can be. Of 5,000 series and 1,000
producers; on both databases. NINETHIRTY_BENCH_PROMISES makes them fewer.
"""

import os
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from bench.databases import figures_on_both
from bench.figure import Figure
from bench.service import half_past_nine
from ninethirty.core.punctuality import Kept, Lag
from ninethirty.core.times import Instant, RealClock, at_local
from ninethirty.desk.command import prepare

PROMISES = int(os.environ.get("NINETHIRTY_BENCH_PROMISES", "100000"))
SERIES, PRODUCERS, DAYS = 5000, 1000, 360
PLATFORM = "platform.example"
TRIES = 5
SEED = 930


def measure() -> list[Figure]:
    return figures_on_both(_measure, "public_site = true\n")


def _measure(home: Path) -> list[Figure]:
    prepare(home)
    from ninethirty.desk.actions.show_punctuality import show_punctuality
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.record.kept import keep
    from ninethirty.desk.setup import setup

    make_fit(setup())
    now = RealClock().now()
    made = _kept(PROMISES, now)
    while some := list(islice(made, 20_000)):
        keep(some)
    took, worked = [], []
    for n in range(TRIES + 1):
        _one_more(n, now)
        begun, begun_to_work = time.perf_counter(), time.process_time()
        shown = show_punctuality(now)
        took.append(time.perf_counter() - begun)
        worked.append(time.process_time() - begun_to_work)
        assert shown is not None, "nothing was new"
        assert shown.changed > 0, "nothing was shown"
    what = f"one more of {PROMISES:,} kept in a year"
    return [
        Figure(f"{what}, s", round(median(took[1:]), 2), most=1),
        Figure(f"{what}, s of our own processor time", round(median(worked[1:]), 2)),
    ]


def _kept(count: int, now: Instant) -> Iterator[Kept]:
    """Evenly over the days; two of a hundred are late."""
    chance = random.Random(SEED)
    today = at_local(now, "Europe/London").date()
    for n in range(count):
        late = chance.random() < 0.02
        seconds = 10 ** chance.uniform(1.9, 4) if late else chance.uniform(0.05, 2)
        lag = Lag(timedelta(seconds=seconds * 0.8), timedelta(seconds=seconds))
        day = today - timedelta(days=1 + n * DAYS // count)
        series, producer = n % SERIES, n % PRODUCERS
        yield Kept(
            release=f"release/{n}",
            series=f"Series {series}",
            producer=f"Producer {producer}",
            platform=PLATFORM,
            promised=half_past_nine(day).resolve(),
            anywhere=lag,
            announced=lag,
            cause="cached" if late else "",
            title=f"Release {n}",
        )


def _one_more(n: int, now: Instant) -> None:
    """Seen an hour ago, and nobody has worked it out."""
    from ninethirty.core.facts import Kind
    from ninethirty.core.release import Stage
    from ninethirty.core.times import Interval
    from ninethirty.desk.record.facts import append
    from ninethirty.desk.record.models import Release

    day = at_local(now, "Europe/London").date() - timedelta(days=1)
    t = half_past_nine(day).resolve()
    Release.objects.create(
        id=f"new-{n}",
        title="Series 7",
        opens=str(half_past_nine(day)),
        path=f"/new-{n}",
        announced=f"https://{PLATFORM}/new-{n}",
        stage=Stage.WITNESSED,
        order=b"an order",
    )
    seen = Interval(t, t + timedelta(seconds=1))
    append(
        f"new-{n}",
        Kind.FIRST_SEEN,
        at=seen,
        recorded=now,
        actor="bench",
        details={"channel": "announced"},
    )
