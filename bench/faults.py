"""At every line of every adapter for notices its runner dies once, and once the line fails.

An incident is one word on one channel, said by the runner's own code to a stand-in on loopback. At
one line of desk/outside the runner is killed, or an error is raised; then other runners go on for
as long as the runbook lets them. What counts is what the stand-in has then, and that nothing is
given up of which no person is told.

NINETHIRTY_BENCH_INCIDENTS makes it longer; the figure the project stands for is taken with 10000. A
kill is an exception that nobody catches, so `finally` still runs; kills of a whole process are in
`bench runner`.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from bench.figure import Figure
from bench.runner_child import be_quiet
from ninethirty.core.document import SigningKey
from ninethirty.desk import outside
from ninethirty.desk.command import prepare

INCIDENTS = int(os.environ.get("NINETHIRTY_BENCH_INCIDENTS", "1000"))
OUTSIDE = str(Path(outside.__file__).parent)
RUNNERS = 5
"""So many go on, one after the other."""

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # a disk would be all that is measured


class Killed(BaseException):
    """As good as a kill: nothing that runs afterwards catches it."""


@dataclass
class Lines:
    """What is called for each line of an adapter: counts them, and fails at one."""

    fails_at: int = -1
    wrong: type[BaseException] = Killed
    seen: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, frame: FrameType, event: str, _: Any) -> "Lines | None":
        if not frame.f_code.co_filename.startswith(OUTSIDE):
            return None
        if event == "line":
            self.seen.append((frame.f_code.co_filename, frame.f_lineno))
            if len(self.seen) - 1 == self.fails_at:
                raise self.wrong
        return self


@contextmanager
def traced(lines: Lines) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(lines)
    try:
        yield
    finally:
        sys.settrace(before)


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
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.runner import perform
    from ninethirty.desk.setup import setup
    from tests.core.made import at

    make_fit(setup())
    desk.show(at(200))
    # A stand-in acts at once, so what is on its way is there in a moment.
    calm = SimpleNamespace(sleep=lambda _: time.sleep(0.02), monotonic=time.monotonic)
    stack.enter_context(patch.object(perform, "time", calm))
    services = _services(desk, folder, stack)
    begun = time.monotonic()
    each = {name: _Channel(name) for name in services}
    n = 0
    while n < INCIDENTS:
        for channel in each.values():
            channel.incident(n)
            n += 1
    took = time.monotonic() - begun
    return _found(each, services, n, took)


def _services(desk: Any, folder: Path, stack: ExitStack) -> dict[str, Callable[[], Counter[str]]]:
    """By channel, what the public can see there: how often each incident."""
    from tests.desk.services import service

    made = {
        name: stack.enter_context(service(name, folder))
        for name in ("x", "linkedin", "mastodon", "bluesky", "news", "webhook", "slack", "teams")
    }
    place = folder / "pages"
    place.mkdir()
    urls = {name: one.url for name, one in made.items() if name not in ("slack", "teams")}
    rooms = [
        f'[services.{name}]\nurl = "a room"\ntoken = "{made[name].url}/let-me-in"\n'
        for name in ("slack", "teams")
    ]
    desk.more = "\n".join(
        [*rooms, f'[services.folder]\nurl = "http://news.example"\nplace = "{place}"\n']
    )
    desk.told(**urls)

    def in_log(log: Path) -> Counter[str]:
        lines = log.read_text().splitlines() if log.exists() else []
        found = [
            re.search(r"incident-\d+e", line)
            for line in lines
            if re.search(r'"what": ?"(post|page|published|heard|hook)"', line)
        ]
        return Counter(one[0] for one in found if one)

    def in_folder() -> Counter[str]:
        names = [re.search(r"incident-\d+e", file.name) for file in place.rglob("*.html")]
        return Counter(one[0] for one in names if one)

    return {name: partial(in_log, one.log) for name, one in made.items()} | {"folder": in_folder}


class _Channel:
    """One adapter, and which of its lines were hit."""

    def __init__(self, name: str) -> None:
        from ninethirty.desk.runner.book import STEPS

        self.name = name
        self._step = replace(
            STEPS[f"tell_{name}"], needs=(), deadline=None, again=STEPS["tell_x"].again * 0
        )
        self._turn = 0
        self.hit: set[tuple[str, int]] = set()
        self.there: set[tuple[str, int]] = set()
        self.outcome: dict[str, str] = {}

    def incident(self, n: int) -> None:
        from ninethirty.core.facts import Kind
        from ninethirty.desk.record.models import Release
        from tests.core.made import at
        from tests.desk.setting import happens, watched

        release = f"release/incident-{n}e"
        watched(release)
        Release.objects.filter(id=release).update(path=f"/incident-{n}e")
        happens(Kind.LATE, at(61), subject=release)
        # The first of a channel runs undisturbed, and tells how many lines there are to fail at.
        line, second = divmod(self._turn - 1, 2) if self._turn else (-1, 0)
        lines = Lines(line, OSError if second else Killed)
        self.outcome[f"incident-{n}e"] = self._answer(release, lines)
        self.there |= set(lines.seen)
        if 0 <= line < len(lines.seen):
            self.hit.add(lines.seen[line])
        self._turn = 1 if line >= len(lines.seen) else self._turn + 1

    def _answer(self, release: str, lines: Lines) -> str:
        """Until it is done, or a person is paged, or nobody goes on."""
        from ninethirty.core.progress import Progress
        from ninethirty.core.runbook import Hold, plan
        from ninethirty.desk.record.facts import facts_of
        from ninethirty.desk.setup import setup

        for runner in range(RUNNERS):
            now = setup().clock().now()
            made = plan([self._step], Progress(facts_of(release)), now, lambda _: Hold.FREE)
            if made.stuck:
                return "paged"
            if not made.due:
                break
            with suppress(Killed), traced(lines) if runner == 0 else ExitStack():
                self._try(release, made.due[0], f"runner-{runner}")
        done = self._step.name in Progress(facts_of(release)).done
        return "done" if done else "lost"

    def _try(self, release: str, due: Any, runner: str) -> None:
        from ninethirty.core.verdict import Call, Verdict
        from ninethirty.desk.actions.tell_users import tell_late
        from ninethirty.desk.runner.perform import Try, claim
        from tests.core.made import at

        action = partial(tell_late, channel=self.name)
        one = Try(release, due, action, runner, Verdict(Call.LATE, at(61)))
        [claimed] = claim([one])
        assert isinstance(claimed, bool), claimed
        one.perform(claimed=claimed)


def _found(
    each: dict[str, _Channel],
    services: dict[str, Callable[[], Counter[str]]],
    count: int,
    took: float,
) -> list[Figure]:
    twice = lost = paged = missed = 0
    for name, channel in each.items():
        public = services[name]()
        for incident, outcome in channel.outcome.items():
            wrong = public[incident] > 1
            gone = outcome == "lost" or (outcome == "done" and not public[incident])
            if wrong or gone:
                print(f"{name} {incident}: {outcome}, {public[incident]} times", file=sys.stderr)
            twice += wrong
            lost += gone
            paged += outcome == "paged"
        missed += len(channel.there - channel.hit)
        print(f"{name}: {len(channel.hit)} of {len(channel.there)} lines", file=sys.stderr)
    return [
        Figure("incidents with a fault at a line of an adapter", count),
        Figure("seconds for 10,000 of them", round(took / count * 10_000)),
        Figure("lines of adapters not reached", missed),
        Figure("public posts that are there twice", twice, most=0),
        Figure("lost without a paged person", lost, most=0),
        Figure("given to a person", paged),
    ]
