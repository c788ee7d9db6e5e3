"""At every line of every adapter its runner dies once, and once the line fails.

An incident is one word on one way to the outside, said by the runner's own code to a stand-in on
loopback that is well, fails, or fails after it has acted. At one line of desk/outside the runner is
killed, or an error is raised; then other runners go on for as long as the runbook lets them. What
counts is what the stand-in has then, and that nothing is given up of which no person is told.

NINETHIRTY_BENCH_INCIDENTS makes it longer; the figure the project stands for is taken with 10000.
NINETHIRTY_BENCH_WAYS="copy" takes only the ways whose name begins so. A kill
is an exception that nobody catches, so `finally` still runs; kills of a whole process are in `bench
runner`.
"""

import inspect
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from bench.figure import Figure
from bench.runner_child import be_quiet
from ninethirty.core.document import SigningKey
from ninethirty.desk import outside
from ninethirty.desk.command import prepare

INCIDENTS = int(os.environ.get("NINETHIRTY_BENCH_INCIDENTS", "1000"))
WAYS = os.environ.get("NINETHIRTY_BENCH_WAYS", "")
OUTSIDE = str(Path(outside.__file__).parent)
RUNNERS = 5
"""So many go on, one after the other."""

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # a disk would be all that is measured


class Killed(BaseException):
    """As good as a kill: nothing that runs afterwards catches it."""


Line = tuple[str, int]
Place = tuple[Line, int]
"""A line, and the how-manyeth time that it is run: what comes before it may take longer each time.
"""


@dataclass
class Lines:
    """What is called for each line of an adapter: counts them, and fails at one."""

    fails_at: Place | None = None
    wrong: type[BaseException] = Killed
    seen: list[Place] = field(default_factory=list)
    failed: bool = False
    _times: Counter[Line] = field(default_factory=Counter)

    def __call__(self, frame: FrameType, event: str, _: Any) -> "Lines | None":
        if not frame.f_code.co_filename.startswith(OUTSIDE):
            return None
        if event == "line":
            line = (frame.f_code.co_filename, frame.f_lineno)
            self._times[line] += 1
            self.seen.append((line, self._times[line]))
            if self.seen[-1] == self.fails_at:
                self.failed = True
                raise self.wrong
        return self


@contextmanager
def traced(lines: Lines) -> Iterator[None]:
    """Also threads begun meanwhile: mail goes out over several connections."""
    before = sys.gettrace()
    sys.settrace(lines)
    threading.settrace(lines)
    try:
        yield
    finally:
        sys.settrace(before)
        threading.settrace(None)


@dataclass(frozen=True)
class Way:
    """One way to the outside.

    tables, services: of desk.toml. seen: how often each incident is there, for all to see. once: it
    may not be there twice; people are rather woken twice than not at all. moods: those that its
    stand-in is put in, one after the other; turns: where they are put.
    """

    name: str
    tables: str
    step: Any
    action: Callable[[Any], list[Any]]
    seen: Callable[[], Counter[str]]
    once: bool = True
    moods: Sequence[Sequence[int | str]] = ((),)
    turns: list[Any] = field(default_factory=list)
    services: Mapping[str, str] = field(default_factory=dict)


def measure() -> list[Figure]:
    folder = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as made, ExitStack() as stack:
        return _measure(Path(made), stack)


def _measure(folder: Path, stack: ExitStack) -> list[Figure]:
    home = folder / "desk"
    home.mkdir()
    # Nothing of the desk can be loaded before there are settings; the desk of tests makes its own.
    (home / "desk.toml").write_text('site = "http://bench.example"\nproducer = "bench"\n')
    (home / "desk.key").write_text(SigningKey.new().secret())
    prepare(home)
    shutil.rmtree(home)
    be_quiet()
    from tests.desk.setting import Desk

    desk = Desk(home)
    from bench.ways import ways
    from ninethirty.desk.outside import web
    from ninethirty.desk.outside.notices import feed
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.runner import perform
    from ninethirty.desk.setup import setup
    from tests.core.made import at

    make_fit(setup())
    desk.show(at(200))
    # A stand-in acts at once, so what is on its way is there in a moment.
    calm = SimpleNamespace(sleep=lambda _: time.sleep(0.02), monotonic=time.monotonic)
    stack.enter_context(patch.object(perform, "time", calm))
    stack.enter_context(patch.object(web, "TIMEOUT", (1.0, 0.3)))
    stack.enter_context(patch.object(feed, "LAST", INCIDENTS))  # so that all can be counted
    begun = time.monotonic()
    tries = [_Tries(way) for way in ways(folder, stack) if way.name.startswith(WAYS)]
    n = 0
    for one in tries:
        desk.more = one.way.tables
        desk.told(**one.way.services)
        for _ in range(INCIDENTS // len(tries)):
            one.incident(n, desk.show)
            n += 1
        one.judge()
    return _found(tries, n, time.monotonic() - begun)


Show = Callable[[Any], None]
"""Sets the clock of the desk to an instant."""

Fault = tuple[int, Place | None, type[BaseException]]
"""With the stand-in in which mood, at which line of those it goes through, what. None: nowhere."""


class _Tries:
    """Incidents on one way: at each line of it that no fault was at, and then anywhere."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.hit: set[Line] = set()
        self.outcome: dict[str, str] = {}
        self.came: Counter[str] = Counter()
        self._chance = random.Random(0)
        # The first in each mood runs undisturbed, and tells which lines there are to fail at.
        self._next: deque[Fault] = deque((mood, None, Killed) for mood in range(len(way.moods)))
        self._known: list[Fault] = []
        self._planned: set[Line] = set()

    def incident(self, n: int, show: Show) -> None:
        mood, place, wrong = self._next.popleft() if self._next else self._some()
        self.way.turns[:] = self.way.moods[mood]
        lines = Lines(place, wrong)
        self.outcome[f"incident-{n}e"] = self._answer(_late(n), lines, show)
        if place and lines.failed:
            self.hit.add(place[0])
        if place is None:
            self._plan(mood, lines.seen)

    def judge(self) -> None:
        there = self.way.seen()
        for incident, outcome in self.outcome.items():
            times = there[incident]
            twice = self.way.once and times > 1
            lost = outcome == "nobody goes on" or (outcome == "done" and not times)
            if twice or lost:
                print(f"{self.way.name} {incident}: {outcome}, {times} times", file=sys.stderr)
            self.came += Counter(twice=int(twice), lost=int(lost))
            self.came[outcome] += 1
        told = ", ".join(f"{count} {what}" for what, count in self.came.items())
        print(f"{self.way.name}: {told}", file=sys.stderr, flush=True)

    def _plan(self, mood: int, seen: list[Place]) -> None:
        for place in seen:
            line, _ = place
            faults: list[Fault] = [(mood, place, Killed), (mood, place, OSError)]
            self._known += faults
            if line not in self._planned:
                self._planned.add(line)
                self._next += faults

    def _some(self) -> Fault:
        return self._chance.choice(self._known)

    def _answer(self, release: str, lines: Lines, show: Show) -> str:
        """Until it is done, or a person is paged, or nobody goes on. A service that asked to be
        left alone is waited for, by the clock alone."""
        from ninethirty.core.progress import Progress
        from ninethirty.core.runbook import Hold, plan
        from ninethirty.desk.record.facts import facts_of
        from ninethirty.desk.setup import setup

        for runner in range(RUNNERS):
            now = setup().clock().now()
            progress = Progress(facts_of(release))
            made = plan([self.way.step], progress, now, lambda _: Hold.FREE)
            if made.wake and not made.due:
                show(made.wake)
                made = plan([self.way.step], progress, made.wake, lambda _: Hold.FREE)
            if made.stuck:
                return "paged"
            if not made.due:
                break
            with suppress(Killed), traced(lines):
                self._try(release, made.due[0], f"runner-{runner}")
        facts = facts_of(release)
        if self.way.step.name not in Progress(facts).done:
            return "nobody goes on"
        unknown = any(fact.details.get("unknown") for fact in facts)
        return "listed as unknown" if unknown else "done"

    def _try(self, release: str, due: Any, runner: str) -> None:
        from ninethirty.core.verdict import Call, Verdict
        from ninethirty.desk.runner.perform import Try, claim
        from tests.core.made import at

        one = Try(release, due, self.way.action, runner, Verdict(Call.LATE, at(61)))
        [claimed] = claim([one])
        assert isinstance(claimed, bool), claimed
        one.perform(claimed=claimed)


def _late(n: int) -> str:
    """A release found late, with one who asked to be told of it."""
    from ninethirty.core.facts import Kind
    from ninethirty.desk.record.models import Release, Series, Subscription
    from ninethirty.desk.setup import setup
    from tests.core.made import at
    from tests.desk.setting import happens, watched

    name = f"incident-{n}e"
    release = f"release/{name}"
    watched(release)
    Release.objects.filter(id=release).update(path=f"/{name}", title=name, series=name)
    Series.objects.create(id=name, producer="bench", title=name)
    now = setup().clock().now()
    Subscription.objects.create(
        ref=f"{n:032x}",
        address=f"{name}@reader.example",
        topic=f"/series/{name}",
        asked=now,
        confirmed=now,
    )
    happens(Kind.LATE, at(61), subject=release)
    return release


def _found(tries: list[_Tries], count: int, took: float) -> list[Figure]:
    came = sum((one.came for one in tries), Counter[str]())
    hit = set[Line]().union(*[one.hit for one in tries])
    lines = _lines()
    for file, line in sorted(lines - hit):
        print(f"not reached: {Path(file).relative_to(OUTSIDE)}:{line}", file=sys.stderr)
    return [
        Figure("incidents with a fault at a line of an adapter", count),
        Figure("ways to the outside", len(tries)),
        Figure("seconds for 10,000 of them", round(took / count * 10_000)),
        Figure("lines of adapters", len(lines)),
        Figure("lines of adapters not reached", len(lines - hit)),
        Figure("public posts, tickets and mails that are there twice", came["twice"], most=0),
        Figure("lost without a paged person", came["lost"], most=0),
        Figure("given to a person", came["paged"] + came["listed as unknown"]),
    ]


def _lines() -> set[Line]:
    """Of every function of every adapter, but of those that only print, and of protocols."""
    found: set[Line] = set()
    for part in ("notices", "tickets", "pagers", "mailing", "copies"):
        for file in (Path(OUTSIDE) / part).glob("*.py"):
            if file.stem not in ("port", "printed"):
                found |= {(str(file), line) for line in _in_functions(_compiled(file))}
    for name in ("web.py", "smtp.py", "fence.py"):
        file = Path(OUTSIDE) / name
        found |= {(str(file), line) for line in _in_functions(_compiled(file))}
    return found


def _compiled(file: Path) -> CodeType:
    return compile(file.read_text(), str(file), "exec")


def _in_functions(code: CodeType) -> set[int]:
    inside = {line for *_, line in code.co_lines() if line and line != code.co_firstlineno}
    found = inside if code.co_flags & inspect.CO_OPTIMIZED else set()
    for part in code.co_consts:
        if isinstance(part, CodeType):
            found |= _in_functions(part)
    return found
