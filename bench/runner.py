"""The runner: how soon it takes over, how much it does a second, and whether it ever does too much.

NINETHIRTY_BENCH_DAYS, _KILLS, _TAKEOVERS and _FACTS make it longer or shorter; the figures that the
project stands for are taken with 100000, 500, 100 and 1000000, in about an hour on two cores. A
part of it alone: python -m bench runner-kills (days, steps, sighting, facts, takeover).
"""

import gc
import math
import multiprocessing
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figure import Figure
from bench.runner_child import be_quiet, make_light
from ninethirty.core.document import SigningKey
from ninethirty.core.facts import Kind
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.command import prepare
from tests.desk.postgres import running

DAYS = int(os.environ.get("NINETHIRTY_BENCH_DAYS", "4000"))
KILLS = int(os.environ.get("NINETHIRTY_BENCH_KILLS", "20"))
TAKEOVERS = int(os.environ.get("NINETHIRTY_BENCH_TAKEOVERS", "10"))
FACTS = int(os.environ.get("NINETHIRTY_BENCH_FACTS", "1000000"))
RELEASES = 200
"""For steps a second: as many incidents are opened at once."""
LOOKED = 30
"""Releases found late, one after the other."""
CLOCK = RealClock()
SPAWNED = multiprocessing.get_context("spawn")

Found = list[Figure]
Part = Callable[[Path], Found]


def measure(part: str = "") -> Found:
    """One of PARTS on each database, or the simulated days; all of it, if none is named."""
    found = _days() if part in ("", DAYS_ALONE) else []
    if part == DAYS_ALONE:
        return found
    parts = [PARTS[part]] if part else [*PARTS.values()]
    with tempfile.TemporaryDirectory() as folder:
        found += _on("SQLite", Path(folder), lambda _: "", parts)
    with tempfile.TemporaryDirectory() as folder, running(durable=True) as postgres:
        found += _on("PostgreSQL", Path(folder), postgres.create, parts)
    return found


def _days() -> Found:
    begun = time.monotonic()
    each = 200
    with ProcessPoolExecutor(2, mp_context=SPAWNED) as two:
        broken = sum(two.map(_broken_days, [(n, each) for n in range(0, DAYS, each)]))
    took = time.monotonic() - begun
    return [
        Figure("simulated days", DAYS),
        Figure("simulated days in 10 minutes", round(DAYS / took * 600), least=100_000),
        Figure("days with something lost, doubled or left unpaged", broken, most=0),
    ]


def _broken_days(span: tuple[int, int]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ninethirty.desk.settings")
    django.setup()
    gc.freeze()
    from tests.simulation.day import Day
    from tests.simulation.invariants import broken

    count = 0
    for seed in range(span[0], span[0] + span[1]):
        wrong = broken(Day(seed).run())
        if wrong:
            print(f"seed {seed}: {wrong}", file=sys.stderr)
            count += 1
    return count


def _on(name: str, folder: Path, database: Callable[[str], str], parts: list[Part]) -> Found:
    """Each part with a home, a database and a process of its own."""
    found: Found = []
    for part in parts:
        home = folder / part.__name__
        home.mkdir()
        told = 'site = "http://bench.example"\nproducer = "bench"\n'
        told += f'database = "{database(f"bench{part.__name__}")}"\n'
        (home / "desk.toml").touch(mode=0o600)
        (home / "desk.toml").write_text(told)
        (home / "desk.key").write_text(SigningKey.new().secret())
        with ProcessPoolExecutor(1, mp_context=SPAWNED) as process:
            found += process.submit(part, home).result()
    return [replace(one, what=f"{name}: {one.what}") for one in found]


def _ready(home: Path) -> None:
    prepare(home)
    be_quiet()
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.setup import setup

    make_fit(setup())


def _release(name: str) -> Any:
    from ninethirty.desk.record.models import Release

    return Release.objects.create(
        id=name,
        title="Bench",
        opens="2026-12-01 09:30 Europe/London",
        path=f"/{name}",
        announced="http://bench.example",
    )


def _late(name: str, ago: float = 61) -> None:
    """Found late so many seconds ago: after the veto window, so that users may be told."""
    from ninethirty.desk.record.facts import New, append_all

    before = CLOCK.now() - timedelta(seconds=ago)
    news = [New(name, kind, before) for kind in (Kind.LATE_PROVISIONAL, Kind.LATE)]
    append_all(news, actor="bench", recorded=before)


@contextmanager
def _runner() -> Iterator[Any]:
    from ninethirty.desk.runner.loop import ASIDE, MOST_AT_ONCE, Runner
    from ninethirty.desk.runner.pulse import pulse
    from ninethirty.desk.setup import setup

    gc.freeze()  # as run() does
    ours = pulse(setup())
    try:
        with ThreadPoolExecutor(max_workers=MOST_AT_ONCE + ASIDE) as workers:
            yield Runner(ours, workers)
    finally:
        ours.stop()


def _steps(home: Path) -> Found:
    _ready(home)
    make_light(hold=False)
    from django.db import connection

    from ninethirty.desk.record.models import FactRow

    for n in range(RELEASES):
        _release(f"release/{n}")
        _late(f"release/{n}", ago=1)
    with _runner() as runner:
        begun = time.monotonic()
        runner.round()
        while runner._running:
            runner.pulse.wait(0.05)
            runner.round()
        took = time.monotonic() - begun
    done = FactRow.objects.filter(kind=str(Kind.STEP_DONE)).count()
    connection.close()
    return [Figure("steps", done), Figure("steps a second", round(done / took), least=400)]


def _sightings(home: Path) -> Found:
    _ready(home)
    make_light(hold=False)
    from ninethirty.core.watch import write_order
    from ninethirty.desk.record.facts import append
    from ninethirty.desk.record.sightings import store
    from ninethirty.desk.runner import loop
    from ninethirty.desk.runner.book import BOOK, STEPS
    from ninethirty.desk.setup import setup
    from tests.core.made import HALF_PAST, KEY, PLACEHOLDER, channel, order, watching

    started: queue.SimpleQueue[float] = queue.SimpleQueue()

    def open_incident(_: Any) -> list[Any]:
        started.put(time.monotonic())
        return []

    BOOK[STEPS["open_incident"]] = open_incident
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop,), daemon=True)
    thread.start()
    took = []
    for n in range(LOOKED):
        name = f"release/{n}"
        ahead = CLOCK.now() - timedelta(seconds=30) - HALF_PAST
        row = _release(name)
        watch = replace(order(None, channel()), release=name, opens=HALF_PAST + ahead)
        row.key, row.order = KEY.hex(), write_order(watch, setup().key())
        row.save()
        append(name, Kind.ARMED, at=CLOCK.now(), recorded=CLOCK.now(), actor="bench")
        time.sleep(0.5)
        seen = [
            replace(one, release=name, started=one.started + ahead, ended=one.ended + ahead)
            for witness in ("a", "b", "c")
            for one in watching(witness, 21, 29, PLACEHOLDER)
        ]
        begun = time.monotonic()
        store(seen)
        took.append((started.get(timeout=30) - begun) * 1000)
        row.closed = True
        row.save()
        if not thread.is_alive():
            raise RuntimeError("the runner ended")
    stop.set()
    thread.join()
    return _spread("ms from sighting received to step started", took, most=100)


def _due(home: Path) -> Found:
    """A runner that meets 200 open releases among a million facts, and one that knows them."""
    _ready(home)
    make_light(hold=False)
    from django.test import RequestFactory

    from bench.record import _fill, _name
    from ninethirty.desk.actions.sign_heads import sign_heads
    from ninethirty.desk.pages.timeline import page as timeline
    from ninethirty.desk.record.facts import append
    from ninethirty.desk.record.models import Release

    filled = _timed(lambda: _fill(FACTS)) / 1000
    sign_heads(by="bench")  # as it would have been while they were written
    few = [_name(place) for place in range(200)]
    Release.objects.exclude(id__in=few).update(closed=True)
    with _runner() as runner:
        met = _timed(runner.round)
        while runner._running:
            runner.pulse.wait(0.05)
            runner.round()
        took = []
        for place in range(100):
            now = CLOCK.now()
            append(few[place], Kind.BLIND, at=now, recorded=now, actor="bench")
            took.append(_timed(runner.round))
        page = [_timed(lambda: timeline(RequestFactory().get("/"), few[0])) for _ in range(100)]
    return [
        Figure("facts", FACTS),
        Figure("s to write them", round(filled)),
        *_spread("ms for what is due of 200 releases, one with news", took, most=200),
        Figure("ms for the same by a runner that has just begun", met, most=200),
        *_spread("ms for the timeline page of a release", page, most=50),
    ]


Child = subprocess.Popen[str]


def _start(home: Path, *more: str) -> Child:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.runner_child", str(home), *more],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _ready_child(child: Child) -> Child:
    assert child.stdout is not None
    while child.stdout.readline().strip() != "ready":
        assert child.poll() is None, "the runner did not start"
    return child


def _kill(child: Child) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    assert child.stdout is not None
    child.stdout.close()


def _takeover(home: Path) -> Found:
    _ready(home)
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen(child: Child) -> Child:
        def copy() -> None:
            assert child.stdout is not None
            with suppress(ValueError):  # closed: it was killed
                for line in child.stdout:
                    said.put(line)

        threading.Thread(target=copy, daemon=True).start()
        return child

    children = [listen(_ready_child(_start(home, "hold"))) for _ in range(2)]
    took = []
    for n in range(TAKEOVERS):
        time.sleep(1.0)  # both wait
        row = _release(f"release/{n}")
        _late(row.id)
        pid = int(said.get(timeout=30).split()[0])
        [holding] = [child for child in children if child.pid == pid]
        killed = CLOCK.now()
        _kill(holding)
        again = said.get(timeout=30).split()
        took.append((Instant.parse(again[2]) - killed).total_seconds() * 1000)
        row.closed = True
        row.save()
        children = [child for child in children if child is not holding]
        children.append(listen(_ready_child(_start(home, "hold"))))
    for child in children:
        _kill(child)
    told = _spread("ms from kill -9 to step continued", took, most=1000)
    return [Figure("takeovers", TAKEOVERS), *told]


def _kills(home: Path) -> Found:
    """Runners killed at random while they tell users; each is followed by another."""
    _ready(home)
    from ninethirty.desk.setup import setup
    from tests.desk.services import service

    with service("x", home) as x:
        told = (home / "desk.toml").read_text()
        told += f'[services.x]\nurl = "{x.service.url}"\ntoken = "{x.service.token}"\n'
        (home / "desk.toml").write_text(told)
        setup.cache_clear()
        from ninethirty.core.errors import ChainBroken
        from ninethirty.desk.record.facts import check_chain, facts_of

        chance = random.Random(0)
        names: list[str] = []
        children = [_ready_child(_start(home)) for _ in range(2)]
        next_child = _start(home)
        for n in range(KILLS):
            names.append(f"release/{n}")
            _release(names[-1])
            _late(names[-1])
            time.sleep(chance.uniform(0.0, 0.4))
            doomed = children.pop(0)
            _kill(doomed)
            children.append(_ready_child(next_child))
            next_child = _start(home)
        end = time.monotonic() + 120
        waiting = set(names)
        while waiting and time.monotonic() < end:
            time.sleep(0.5)
            waiting = {name for name in waiting if not _is_told(facts_of(name))}
        for child in (*children, next_child):
            _kill(child)
        posts = [str(line["text"]) for line in x.truth()]
        links = [text.split("http://bench.example")[1].split()[0] for text in posts]
        broken = lost = 0
        for name in names:
            try:
                lost += check_chain(name) != len(facts_of(name))
            except ChainBroken:
                broken += 1
    return [
        Figure("runners killed at random", KILLS),
        Figure("posts doubled", len(links) - len(set(links)), most=0),
        Figure("posts missing", len(waiting), most=0),
        Figure("facts lost", lost, most=0),
        Figure("chains that do not verify", broken, most=0),
    ]


PARTS: dict[str, Part] = {
    "steps": _steps,
    "sighting": _sightings,
    "facts": _due,
    "takeover": _takeover,
    "kills": _kills,
}
DAYS_ALONE = "days"


def _is_told(facts: list[Any]) -> bool:
    return any(f.kind is Kind.STEP_DONE and f.details["step"] == "tell_x" for f in facts)


def _timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.monotonic()
    act()
    return round((time.monotonic() - begun) * 1000, 1)


def _spread(what: str, took: list[float], *, most: float) -> Found:
    return [
        Figure(f"{what}, median", _at(took, 0.5)),
        Figure(f"{what}, p99", _at(took, 0.99), most=most),
    ]


def _at(took: list[float], share: float) -> float:
    return round(sorted(took)[math.ceil(len(took) * share) - 1], 1)
