"""A release day on a virtual clock: the real decisions and attempts, and everything else made up.

Runners that are killed, stopped and cut off; a record whose answers get lost; services that refuse,
time out before and after they act; people who answer or do not. All of it follows from a seed.
"""

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import cache
from random import Random
from typing import Any

from ninethirty.core.attempt import (
    Act,
    Ask,
    Came,
    Failed,
    Happened,
    LetSettle,
    Read,
    Write,
    attempt,
)
from ninethirty.core.decide import decide
from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.escalation import Page
from ninethirty.core.facts import Kind
from ninethirty.core.progress import Claim, Progress
from ninethirty.core.runbook import Due, Hold, Reach, Step, may_start
from ninethirty.core.times import Instant
from ninethirty.desk.record.facts import New
from ninethirty.desk.runner.book import ALARMS, BOOK, STEPS
from tests.simulation.memory import Memory

T = Instant(2026, 12, 1, 9, 30, tzinfo=UTC)
RELEASE = "release/simulated"
REQUEST = 8.0
"""The longest a request can be on its way; as in desk/outside/web.py."""

CALM = 7200.0
"""Seconds after T from which nothing breaks any more, so that a day can end."""

NETWORK = 0.02
AFTER_SILENCE = 1.0
"""Until the fall-back poll, when a wake-up got lost."""

DAYS = [
    ("on time", 30),
    ("late", 40),
    ("soon there", 5),
    ("in part", 7),
    ("wrong", 5),
    ("early", 4),
    ("blind", 9),
]


@cache
def at(milliseconds: int) -> Instant:
    return T + timedelta(milliseconds=milliseconds)


@dataclass(eq=False)
class Runner:
    """A process. It ends by being killed; stopped and cut off it comes back."""

    name: str
    progress: Progress
    born: float
    dead: bool = False
    lock_free: bool = False
    stopped_until: float = 0.0
    cut_until: float = 0.0
    wakes: float = float("inf")
    running: dict[tuple[str, int], float] = field(default_factory=dict)
    first_seen: dict[Claim, float] = field(default_factory=dict)


Told = tuple[Runner, Due, Page | None, Generator[Ask, Any, None]]
"""Of an attempt: whose, at what, the page it is if it is one, and how far it has come."""


@dataclass
class Post:
    at: float
    sent: float
    by: str


class Day:
    def __init__(self, seed: int, *, hashed: bool = False) -> None:
        self.seed = seed
        self.rng = Random(seed)
        self.kind = self.rng.choices([k for k, _ in DAYS], [w for _, w in DAYS])[0]
        self.record = Memory(hashed=hashed)
        self.storm = self.rng.choice((0.0, 0.004, 0.02, 0.06))
        """How likely each thing is to go wrong, each time."""
        self.now = 0.0
        self.events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self.count = 0
        self.runners: list[Runner] = []
        self.names = 0
        self.posts: dict[str, list[Post]] = {}
        self.tickets: dict[str, int] = {}
        self.rows: dict[str, str | None] = {}
        """Message rows, by effect key: the post's id, once it is known."""
        self.pages: list[str] = []
        self.verdicts: list[tuple[float, Kind, dict[str, Any]]] = []
        self.trouble: list[str] = []
        self.handled: set[str] = set()
        self.closed = False
        self.alternate_from = 0.0

    def run(self) -> "Day":
        # Announced and armed before; what people do there has tests of its own.
        self.now = -26 * 3600.0
        for kind in (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
            self._append([New(RELEASE, kind, self._instant())], "person-1")
        self._make_verdicts()
        for _ in range(self.rng.choice((1, 2, 2))):
            self._start_runner()
        steps = 0
        while self.events and not self.closed:
            self.now, _, act, told = heapq.heappop(self.events)
            act(*told)
            steps += 1
            if steps > 200_000:
                self.trouble.append("the day does not end")
                break
        return self

    # what the witnesses come to say

    def _make_verdicts(self) -> None:
        rng, say = self.rng, self.verdicts.append
        back = rng.choice((rng.uniform(64, 90), rng.uniform(100, 5400)))
        if rng.random() < 0.1:
            self.alternate_from = rng.uniform(100, 400)
        match self.kind:
            case "on time":
                say((8.0, Kind.ON_TIME, {}))
            case "soon there":
                say((22.0, Kind.LATE_PROVISIONAL, {}))
                say((40.0, Kind.RECOVERED, {}))
            case "late":
                say((22.0, Kind.LATE_PROVISIONAL, {}))
                say((62.0, Kind.LATE, {}))
                cause = rng.choice(("cached", "not_published", "outage"))
                say((63.0, Kind.CAUSE_INFERRED, {"cause": cause}))
                say((back, Kind.RECOVERED, {}))
            case "in part":
                say((30.0, Kind.PARTIAL, {}))
                say((back, Kind.RECOVERED, {}))
            case "wrong":
                say((30.0, Kind.WRONG, {}))
                say((back, Kind.RECOVERED, {}))
            case "early":
                say((-rng.uniform(2, 3000), Kind.EARLY, {}))
            case _:
                say((92.0, Kind.BLIND, {}))
                say((back + 60, rng.choice((Kind.RECOVERED, Kind.LATE_PROVISIONAL)), {}))
                say((back + 900, Kind.RECOVERED, {}))

    def _conclude(self, runner: Runner) -> None:
        for when, kind, details in self.verdicts:
            if when <= self.now and not runner.progress.first(kind):
                new = New(RELEASE, kind, self._instant(when), f"{RELEASE}/{kind}", details)
                if self._append([new], "witnesses"):
                    self._heard(runner)

    # time

    def _instant(self, when: float | None = None) -> Instant:
        return at(int((self.now if when is None else when) * 1000))

    def after(self, delay: float, act: Callable[..., None], *told: Any) -> None:
        self.count += 1
        heapq.heappush(self.events, (self.now + delay, self.count, act, told))

    def _goes_wrong(self, share: float = 1.0) -> bool:
        return self.now < CALM and self.storm > 0 and self.rng.random() < self.storm * share

    # the record

    def _append(self, news: list[New], actor: str) -> bool:
        try:
            self.record.append_all(news, actor=actor, recorded=self._instant())
        except AlreadyHappened:
            return False
        for runner in self.runners:
            lost = self._goes_wrong(4)
            again = self._goes_wrong(4)
            self._wake(runner, AFTER_SILENCE if lost else self.rng.random() * NETWORK)
            if again:
                self.after(self.rng.random(), self._round, runner)
        return True

    def _heard(self, runner: Runner) -> None:
        for fact in self.record.facts_of(RELEASE, after=runner.progress.n):
            runner.progress.add(fact)

    # runners

    def _start_runner(self) -> None:
        self.names += 1
        runner = Runner(f"runner-{self.names}", Progress(opens=T), self.now)
        self.runners.append(runner)
        self._wake(runner, 0.0)
        for when, _, _ in self.verdicts:
            if when > self.now:
                self.after(when - self.now + self.rng.random() * 0.5, self._round, runner)

    def _kill(self, runner: Runner) -> None:
        if runner.dead:
            return
        runner.dead = runner.lock_free = True
        if runner not in self.runners:
            return
        self.runners.remove(runner)
        for other in self.runners:
            self._wake(other, self.rng.random() * 0.2)
        self.after(self.rng.uniform(1, 10), self._start_runner)

    def _stop(self, runner: Runner) -> None:
        runner.stopped_until = self.now + self.rng.choice((2.0, 50.0, 400.0))

    def _cut(self, runner: Runner) -> None:
        """Without the database; its lock is freed at once, or when the server notices."""
        runner.cut_until = self.now + self.rng.choice((0.5, 20.0, 60.0))
        self.after(self.rng.choice((0.0, 5.0)), self._free, runner)

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
            runner.wakes = -1.0
            return
        if runner.lock_free:
            self._back(runner)
            return
        if self._goes_wrong(0.3):
            self.rng.choice((self._kill, self._stop, self._cut))(runner)
            self._round(runner)
            return
        self._heard(runner)
        self._conclude(runner)
        alive = {one.name for one in self.runners if not one.lock_free}

        def hold(claim: Claim) -> Hold:
            if claim.runner == runner.name:
                since = runner.running.get((claim.step, claim.attempt))
                if since is None:
                    return Hold.FREE
            elif claim.runner not in alive:
                return Hold.FREE
            else:
                since = runner.first_seen.setdefault(claim, self.now)
            limit = STEPS[claim.step].limit.total_seconds() if claim.step in STEPS else 30.0
            if self.now - since > limit:
                return Hold.LAPSED
            self._wake(runner, since + limit - self.now + 0.001)
            return Hold.HELD

        made = decide(BOOK, ALARMS, runner.progress, self._instant(), hold)
        for due in made.due:
            if (due.step.name, due.attempt) not in runner.running:
                runner.running[due.step.name, due.attempt] = self.now
                driven = attempt(due, runner.name)
                self._proceed(runner, due, made.pages.get(due.step.name), driven, None)
                if runner.dead:
                    return
        for step, page in made.second_route:
            self._paged(page, step)
            told = {"step": step.name, "alarm": page.alarm, "to": page.to}
            key = f"{RELEASE}/page/{page.alarm}/{page.number}"
            self._append([New(RELEASE, Kind.PAGED, self._instant(), key, told)], runner.name)
        if made.wake:
            seconds = (made.wake - T).total_seconds() + 0.001
            if seconds < 6 * 86_400:
                self._wake(runner, max(0.001, seconds - self.now))

    # attempts

    def _proceed(
        self,
        runner: Runner,
        due: Due,
        page: Page | None,
        driven: Generator[Ask, Any, None],
        answer: Any,
    ) -> None:
        if runner.dead:
            return
        told = (runner, due, page, driven)
        if runner.stopped_until > self.now:
            self.after(runner.stopped_until - self.now, self._proceed, *told, answer)
            return
        try:
            ask = driven.send(answer)
        except StopIteration:
            # The round after the next fact finds out; as the real one, it forgets first.
            self.after(0.0, self._ended, runner, due)
            return
        self._answer(told, ask)

    def _ended(self, runner: Runner, due: Due) -> None:
        runner.running.pop((due.step.name, due.attempt), None)
        self._wake(runner, 0.001)

    def _answer(self, told: Told, ask: Ask) -> None:
        runner, due, page, _ = told
        if runner.dead:
            return
        if isinstance(ask, Write | Read) and runner.cut_until > self.now:
            # The real driver asks again until the record can be reached.
            self.after(runner.cut_until - self.now + 0.5, self._answer, told, ask)
            return
        if self._goes_wrong(0.5) and runner in self.runners:  # before
            self.rng.choice((self._kill, self._stop, self._cut))(runner)
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
                self.after(REQUEST, self._proceed, *told, None)
            case Act():
                self._act(told, due.step, page)

    def _read(self, told: Told) -> None:
        self._proceed(*told, self.record.facts_of(RELEASE))

    def _write(self, told: Told, ask: Write) -> None:
        runner = told[0]
        news = [
            New(RELEASE, one.kind, one.at or self._instant(), f"{RELEASE}/{one.key}", one.details)
            for one in ask.facts
        ]
        written = self._append(news, runner.name)
        if any(one.kind is Kind.CLOSED for one in ask.facts):
            self.closed = True
        if self._goes_wrong(0.5):  # after
            if self.rng.random() < 0.5:
                self._kill(runner)
                return
            written = False  # the answer was lost, and the driver asked again
        self.after(0.002, self._proceed, *told, written)

    # what steps do

    def _act(self, told: Told, step: Step, page: Page | None) -> None:
        name = step.name
        if page:
            if self._goes_wrong():
                self._came(told, 3.0, Failed(retry=True))
                return
            self._paged(page, None)
            details = {"alarm": page.alarm, "to": page.to}
            came = Happened(Kind.PAGED, None, f"page/{page.alarm}/{page.number}", details)
            self._came(told, 0.5, Came([came]))
        elif name.startswith("tell_"):
            self._tell(told, name)
        elif name == "raise_ticket":
            self.tickets.setdefault(name, 1)  # its service refuses a key that it has seen
            late = self._goes_wrong(3)
            ticket = Came([Happened(Kind.TICKET_RAISED, None, "ticket", {"message": 1})])
            self._came(
                told, REQUEST if late else 0.4, Failed(retry=True, perhaps=True) if late else ticket
            )
        elif name == "check_alternate" and self.now < self.alternate_from:
            self._came(told, 20.0, Failed(retry=True))
        elif name.startswith("check_") and self._goes_wrong(2):
            self._came(told, 1.0, Failed(retry=True, lacks="2 of 3 witnesses can see"))
        elif self._goes_wrong(0.2):
            self._came(told, 0.1, Failed(retry=False))
        else:
            self._came(told, 0.1, Came(_FACTS.get(name, lambda: ())()))

    def _came(self, told: Told, delay: float, came: Came | Failed) -> None:
        self.after(delay, self._proceed, *told, came)

    def _tell(self, told: Told, name: str) -> None:
        """As the action does it: a row before the call, a read-back before any later attempt."""
        runner: Runner = told[0]
        if runner.cut_until > self.now:
            self._came(told, 0.5, Failed(retry=True, perhaps=True))
            return
        first = name not in self.rows
        self.rows.setdefault(name, None)
        if self.rows[name]:
            self._told(told, name)
        elif first:
            self._post(told, name)
        elif self._goes_wrong(4):
            self._came(told, 0.3, Failed(retry=True))  # own posts cannot be read
        else:
            self.after(0.3, self._found, told, name)

    def _found(self, told: Told, name: str) -> None:
        runner: Runner = told[0]
        if runner.dead:
            return
        if runner.stopped_until > self.now:
            self.after(runner.stopped_until - self.now, self._found, told, name)
        elif any(post.at <= self.now for post in self.posts.get(name, ())):
            self._told(told, name)
        else:
            self._post(told, name)

    def _post(self, told: Told, name: str) -> None:
        runner: Runner = told[0]
        if runner.dead:
            return
        if runner in self.runners and self._goes_wrong():
            # All was read that could be read, and nothing was sent yet.
            self._stop(runner)
        if runner.stopped_until > self.now:
            self.after(runner.stopped_until - self.now, self._send, told, name)
        else:
            self._send(told, name)

    def _send(self, told: Told, name: str) -> None:
        if told[0].dead:
            return
        if self._goes_wrong(3):
            self._came(told, 0.3, Failed(retry=self.rng.random() < 0.8))
            return
        lands = self.now + self.rng.uniform(0.05, 1.0)
        if self._goes_wrong(6):
            # Acts, and its answer never comes.
            lands = self.now + self.rng.uniform(0.05, REQUEST - 0.1)
            self._sent(name, lands, told[0].name)
            self._came(told, REQUEST, Failed(retry=True, perhaps=True))
            return
        self._sent(name, lands, told[0].name)
        self.after(lands - self.now + 0.01, self._told, told, name)

    def _sent(self, name: str, lands: float, by: str) -> None:
        self.posts.setdefault(name, []).append(Post(lands, self.now, by))

    def _told(self, told: Told, name: str) -> None:
        runner: Runner = told[0]
        if runner.dead:
            return
        self.rows[name] = "id"
        about = "recovered" if name.endswith("recovered") else "late"
        channel = name.split("_")[1]
        details = {"channel": channel, "about": about, "message": 1}
        came = Happened(Kind.USERS_TOLD, None, f"told/{about}/{channel}", details)
        self._proceed(*told, Came([came]))

    # people

    def _paged(self, page: Page, stuck: Step | None) -> None:
        self.pages.append(page.alarm)
        if self.rng.random() < 0.6:
            self.after(self.rng.uniform(20, 300), self._answers, page.to, stuck)

    def _answers(self, person: str, stuck: Step | None) -> None:
        self._append([New(RELEASE, Kind.ACKNOWLEDGED, self._instant())], person)
        progress = Progress(self.record.facts_of(RELEASE), T)
        if (
            self.kind == "late"
            and self.now < 400
            and not progress.first(Kind.VETOED)
            and self.rng.random() < 0.1
        ):
            self._append([New(RELEASE, Kind.VETOED, self._instant())], person)
        for step in BOOK:
            if step.by_hand and step.name not in progress.done and may_start(step, progress):
                self.after(self.rng.uniform(10, 200), self._does, person, step)
        if stuck and stuck.name in STEPS and not stuck.by_hand:
            # First end whoever is stopped, who would act on waking; then see what is there.
            for runner in [one for one in self.runners if one.stopped_until > self.now]:
                self._kill(runner)
            self.after(REQUEST + self.rng.uniform(5, 60), self._does, person, stuck)

    def _does(self, person: str, step: Step) -> None:
        progress = Progress(self.record.facts_of(RELEASE), T)
        if step.name in progress.done or may_start(step, progress) is None:
            return
        if step.reach is Reach.PUBLIC:
            tries = progress.tries.get(step.name)
            if tries and tries.unfinished:
                live = {one.name for one in self.runners if not one.stopped_until > self.now}
                if tries.unfinished.runner in live:
                    return
            if not self.posts.get(step.name):
                self._sent(step.name, self.now, person)
        done = {"step": step.name, "attempt": 0}
        more = [
            New(RELEASE, one.kind, self._instant(), f"{RELEASE}/{one.key}", one.details)
            for one in _FACTS.get(step.name, lambda: ())()
        ]
        self._append(
            [
                *more,
                New(RELEASE, Kind.STEP_DONE, self._instant(), f"{RELEASE}/{step.name}/done", done),
            ],
            person,
        )


_FACTS: dict[str, Callable[[], tuple[Happened, ...]]] = {
    "open_incident": lambda: (Happened(Kind.INCIDENT_OPENED, None, "incident"),),
    "check_alternate": lambda: (
        Happened(Kind.ALTERNATE_VERIFIED, None, "alternate", {"channel": "alternate"}),
    ),
    "draft_report": lambda: (Happened(Kind.REPORT_DRAFTED, None, "report", {"facts": 1}),),
    "begin_watch": lambda: (Happened(Kind.WATCH_BEGUN, None, "watch/begun", {"cause": "cached"}),),
    "end_watch": lambda: (Happened(Kind.WATCH_ENDED, None, "watch/ended", {"again": []}),),
    "close": lambda: (Happened(Kind.CLOSED, None, "closed"),),
    "close_after_watch": lambda: (Happened(Kind.CLOSED, None, "closed"),),
}
