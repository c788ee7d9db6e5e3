"""A day on a virtual clock with one release or several: the real decisions, conclusions, attempts
and tellings, and everything else made up.

Runners that are killed, stopped and cut off, and whose clocks are set; a record whose answers get
lost, and which goes away; services that refuse, cannot be reached, time out before and after they
act; people who answer or do not. All of it follows from a seed.
"""

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from ninethirty.core import decide as deciding
from ninethirty.core.attempt import Act, Ask, Came, Failed, LetSettle, Read, Write, attempt
from ninethirty.core.concluded import concluded
from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.escalation import Page
from ninethirty.core.facts import Kind
from ninethirty.core.progress import Claim, Progress
from ninethirty.core.runbook import Due, Hold
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Verdict
from ninethirty.core.watch import ANNOUNCED
from ninethirty.desk.actions.page_person import paged
from ninethirty.desk.outside import web
from ninethirty.desk.record.facts import New
from ninethirty.desk.runner.book import ALARMS, STEPS
from tests.simulation.edition import Edition, T, at, made
from tests.simulation.memory import Memory
from tests.simulation.people import People
from tests.simulation.services import BOOK, Services

CALM = 7200.0
"""Seconds after T from which nothing breaks any more, so that a day can end."""

NETWORK = 0.02
AFTER_SILENCE = 1.0
"""Until the fall-back poll, when a wake-up got lost."""

CLOCKS = (-2.0, -0.3, 0.0, 0.3, 2.0)
"""By how much a runner's clock may be off, in seconds; it is set while the runner works."""

EDITIONS = {1: 75, 2: 18, 3: 7}
"""How often so many releases are promised for one T."""


@dataclass(eq=False)
class Runner:
    """A process. It ends by being killed; stopped and cut off it comes back."""

    name: str
    progress: dict[str, Progress]
    dead: bool = False
    lock_free: bool = False
    stopped_until: float = 0.0
    cut_until: float = 0.0
    alone_until: float = 0.0
    """Cut off from every service, while it has the record."""
    clock: float = 0.0
    """Seconds by which its clock is ahead."""
    wakes: float = float("inf")
    looks_at: dict[str, float] = field(default_factory=dict)
    """When it looks at each release again, if there is no news."""
    judged: dict[str, Verdict] = field(default_factory=dict)
    running: dict[tuple[str, str, int], float] = field(default_factory=dict)
    first_seen: dict[tuple[str, Claim], float] = field(default_factory=dict)


class Told(NamedTuple):
    """An attempt: whose, at what, the page it is if it is one, and how far it has come."""

    runner: Runner
    edition: Edition
    due: Due
    page: Page | None
    driven: Generator[Ask, Any, None]


class Day:
    def __init__(self, seed: int, *, storm: float | None = None) -> None:
        """storm: how likely each thing is to go wrong, each time."""
        self.seed = seed
        self.rng = Random(seed)
        count = self.rng.choices([*EDITIONS], [*EDITIONS.values()])[0]
        self.editions = [made(f"release/{n}", self.rng) for n in range(count)]
        self.record = Memory()
        drawn = self.rng.choice((0.0, 0.004, 0.02, 0.06))
        self.storm = drawn if storm is None else storm
        self.now = -26 * 3600.0
        self.events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self.count = 0
        self.runners: list[Runner] = []
        self.names = 0
        self.gone_until = -float("inf")
        """The record cannot be reached by anybody."""
        self.trouble: list[str] = []
        self.services = Services(self)
        self.people = People(self)

    def run(self) -> "Day":
        # Announced and armed before; what people do there has tests of its own.
        for edition in self.editions:
            for kind in (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
                self.append([New(edition.id, kind, self.instant())], "person-1")
        for _ in range(self.rng.choice((1, 2, 2))):
            self._start_runner()
        steps = 0
        while self.events and not all(edition.closed for edition in self.editions):
            self.now, _, act, told = heapq.heappop(self.events)
            act(*told)
            steps += 1
            if steps > 400_000:
                self.trouble.append("the day does not end")
                break
        return self

    # time

    def instant(self, ahead: float = 0.0) -> Instant:
        """Now, by a clock that is ahead by so much."""
        return at(int((self.now + ahead) * 1000))

    def after(self, delay: float, act: Callable[..., None], *told: Any) -> None:
        self.count += 1
        heapq.heappush(self.events, (self.now + delay, self.count, act, told))

    def goes_wrong(self, share: float = 1.0) -> bool:
        return self.now < CALM and self.storm > 0 and self.rng.random() < self.storm * share

    # the record

    def append(self, news: list[New], actor: str, ahead: float = 0.0) -> bool:
        try:
            self.record.append_all(news, actor=actor, recorded=self.instant(ahead))
        except AlreadyHappened:
            return False
        for runner in self.runners:
            lost = self.goes_wrong(4)
            again = self.goes_wrong(4)
            self._wake(runner, AFTER_SILENCE if lost else self.rng.random() * NETWORK)
            if again:
                self.after(self.rng.random(), self._round, runner)
        return True

    def _go_away(self) -> None:
        """The record, for everybody: each runner's connection breaks, and with it its lock."""
        self.gone_until = self.now + self.rng.choice((1.0, 60.0))
        for runner in self.runners:
            runner.cut_until = max(runner.cut_until, self.gone_until)
            runner.lock_free = True

    # runners

    def _start_runner(self) -> None:
        self.names += 1
        name = f"runner-{self.names}"
        runner = Runner(name, {one.id: Progress(opens=T) for one in self.editions})
        runner.clock = self.rng.choice(CLOCKS) if self.storm else 0.0
        runner.cut_until = self.gone_until
        self.runners.append(runner)
        self._wake(runner, 0.0)
        for edition in self.editions:
            for when, _ in edition.verdicts:
                if when > self.now:
                    self.after(when - self.now + self.rng.random() * 0.5, self._round, runner)

    def kill(self, runner: Runner) -> None:
        if runner.dead:
            return
        runner.dead = runner.lock_free = True
        if runner not in self.runners:
            return
        self.runners.remove(runner)
        for other in self.runners:
            self._wake(other, self.rng.random() * 0.2)
        self.after(self.rng.uniform(1, 10), self._start_runner)

    def stop(self, runner: Runner) -> None:
        runner.stopped_until = self.now + self.rng.choice((2.0, 50.0, 400.0))

    def _cut(self, runner: Runner) -> None:
        """Without the record; its lock is freed at once, or when the server notices."""
        runner.cut_until = self.now + self.rng.choice((0.5, 20.0, 60.0))
        self.after(self.rng.choice((0.0, 5.0)), self._free, runner)

    def _harm(self, runner: Runner) -> None:
        match self.rng.randrange(8):
            case 0 | 1:
                self.kill(runner)
            case 2 | 3:
                self.stop(runner)
            case 4 | 5:
                self._cut(runner)
            case 6:
                runner.alone_until = self.now + self.rng.choice((5.0, 100.0))
            case _ if self.rng.random() < 0.3:
                self._go_away()
            case _:
                runner.clock = self.rng.choice(CLOCKS)
                runner.looks_at = dict.fromkeys(runner.looks_at, -float("inf"))

    def _free(self, runner: Runner) -> None:
        if runner.lock_free:
            return
        runner.lock_free = True
        for other in self.runners:
            if other is not runner:
                self._wake(other, self.rng.random() * 0.2)

    def _back(self, runner: Runner) -> None:
        """Under another name, with nothing remembered; what is under way goes on as it can."""
        if runner not in self.runners:
            return
        self.runners.remove(runner)
        self._free(runner)
        self._start_runner()

    def _wake(self, runner: Runner, delay: float) -> None:
        when = self.now + delay
        if when < runner.wakes - 1e-6:
            runner.wakes = when
            self.after(delay, self._round, runner)

    def _round(self, runner: Runner) -> None:
        if runner.dead or runner not in self.runners:
            return
        if runner.wakes <= self.now + 1e-6:
            runner.wakes = float("inf")
        if runner.stopped_until > self.now:
            self._wake(runner, runner.stopped_until - self.now)
            return
        if runner.cut_until > self.now:
            self.after(runner.cut_until - self.now + 0.01, self._back, runner)
            runner.wakes = -float("inf")
            return
        if runner.lock_free:
            self._back(runner)
            return
        if self.goes_wrong(0.3):
            self._harm(runner)
            self._wake(runner, 0.001)
            return
        for edition in self.editions:
            if not edition.closed:
                self._look_at(runner, edition)
                if runner.dead:
                    return
        still = [one.id for one in self.editions if not one.closed]
        wake = min((runner.looks_at[id] for id in still), default=float("inf"))
        if wake < 6 * 86_400:
            self._wake(runner, max(0.001, wake - self.now))

    def _look_at(self, runner: Runner, edition: Edition) -> None:
        progress = runner.progress[edition.id]
        self._conclude(runner, edition)
        news = self.record.facts_of(edition.id, after=progress.n)
        for fact in news:
            progress.add(fact)
        if not news and self.now < runner.looks_at.get(edition.id, 0.0):
            # The death of another brings no news.
            claims = (tries.unfinished for tries in progress.tries.values())
            if not any(claim and claim.runner != runner.name for claim in claims):
                return
        runner.looks_at[edition.id] = float("inf")
        now = self.instant(runner.clock)
        made = deciding.decide(BOOK, ALARMS, progress, now, self._holds(runner, edition))
        for due in made.due:
            this = (edition.id, due.step.name, due.attempt)
            if this not in runner.running:
                runner.running[this] = self.now
                page = made.pages.get(due.step.name)
                told = Told(runner, edition, due, page, attempt(due, runner.name))
                self.proceed(told, None)
                if runner.dead:
                    return
        for step, page in made.second_route:
            self.people.paged(edition, page, step)
            happened = paged(page, step=step.name)
            key = f"{edition.id}/{happened.key}"
            new = New(edition.id, happened.kind, now, key, happened.details)
            self.append([new], runner.name, runner.clock)
        if made.wake:
            wake = (made.wake - T).total_seconds() - runner.clock + 0.001
            runner.looks_at[edition.id] = min(wake, runner.looks_at[edition.id])

    def _conclude(self, runner: Runner, edition: Edition) -> None:
        verdict = edition.verdict(self.now)
        if verdict is None or verdict is runner.judged.get(edition.id):
            return
        runner.judged[edition.id] = verdict
        for one in concluded(ANNOUNCED, verdict):
            at = one.at or self.instant(runner.clock)
            new = New(edition.id, one.kind, at, f"{edition.id}/{one.key}", one.details)
            self.append([new], "witnesses", runner.clock)

    def _holds(self, runner: Runner, edition: Edition) -> Callable[[Claim], Hold]:
        alive = {one.name for one in self.runners if not one.lock_free}

        def hold(claim: Claim) -> Hold:
            if claim.runner == runner.name:
                since = runner.running.get((edition.id, claim.step, claim.attempt))
                if since is None:
                    return Hold.FREE
            elif claim.runner not in alive:
                return Hold.FREE
            else:
                since = runner.first_seen.setdefault((edition.id, claim), self.now)
            limit = STEPS[claim.step].limit.total_seconds() if claim.step in STEPS else 30.0
            if self.now - since > limit:
                return Hold.LAPSED
            again = since + limit + 0.001
            runner.looks_at[edition.id] = min(again, runner.looks_at[edition.id])
            return Hold.HELD

        return hold

    # attempts

    def proceed(self, told: Told, answer: Any) -> None:
        """Give an attempt the answer it waits for, as soon as its runner can take it."""
        runner = told.runner
        if runner.dead:
            return
        if runner.stopped_until > self.now:
            self.after(runner.stopped_until - self.now, self.proceed, told, answer)
            return
        try:
            ask = told.driven.send(answer)
        except StopIteration:
            # The round after the next fact finds out; as the real one, it forgets first.
            self.after(0.0, self._ended, told)
            return
        self._answer(told, ask)

    def _ended(self, told: Told) -> None:
        runner, edition, due = told.runner, told.edition, told.due
        runner.running.pop((edition.id, due.step.name, due.attempt), None)
        runner.looks_at[edition.id] = -float("inf")
        self._wake(runner, 0.001)

    def _answer(self, told: Told, ask: Ask) -> None:
        runner = told.runner
        if runner.dead:
            return
        if isinstance(ask, Write | Read) and runner.cut_until > self.now:
            # The real driver asks again until the record can be reached.
            self.after(runner.cut_until - self.now + 0.5, self._answer, told, ask)
            return
        if self.goes_wrong(0.5) and runner in self.runners:  # before
            self._harm(runner)
            if runner.stopped_until > self.now:
                # Between reading that the step is ours, and acting: the worst of moments.
                self.after(runner.stopped_until - self.now, self._answer, told, ask)
                return
            if runner.dead or runner.cut_until > self.now:
                self._answer(told, ask)
                return
        match ask:
            case Write():
                self._write(told, ask)
            case Read():
                self.after(0.002, self._read, told)
            case LetSettle():
                self.after(web.SETTLES, self.proceed, told, None)
            case Act():
                self.services.act(told, ask)

    def _read(self, told: Told) -> None:
        self.proceed(told, list(self.record.facts_of(told.edition.id)))

    def _write(self, told: Told, ask: Write) -> None:
        runner, edition = told.runner, told.edition
        now = self.instant(runner.clock)
        news = [
            New(edition.id, one.kind, one.at or now, f"{edition.id}/{one.key}", one.details)
            for one in ask.facts
        ]
        written = self.append(news, runner.name, runner.clock)
        if written and any(one.kind is Kind.CLOSED for one in ask.facts):
            edition.closed = True
        if self.goes_wrong(0.5):  # after
            if self.rng.random() < 0.5:
                self.kill(runner)
                return
            written = False  # the answer was lost, and the driver asked again
        self.after(0.002, self.proceed, told, written)

    def came(self, told: Told, delay: float, came: Came | Failed) -> None:
        self.after(delay, self.proceed, told, came)
