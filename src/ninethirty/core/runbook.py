"""steps + facts + instant -> due, stuck, and when to ask again.

A runner asks what is due, claims it, acts, and writes what came of it. A crash anywhere is survived
by asking again: nothing is remembered but facts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import attrgetter

from ninethirty.core.errors import RunbookBroken
from ninethirty.core.facts import Kind
from ninethirty.core.progress import Claim, Progress, Tries
from ninethirty.core.times import Instant, latest

VETO_WINDOW = timedelta(seconds=60)
"""From the provisional verdict on a person may stop public steps; they wait at least that long."""

GO_AHEAD = "go_ahead"
"""The step by which a person lets public steps go on, where one witness alone is not to be trusted
with them."""

ONE_WITNESS = "waits_for", "a person"
"""The detail of a verdict that public steps wait for that."""

CORRECTION = "of", "a correction"
"""The detail of a verdict on a release that corrects another."""

LONGEST_PAUSE = timedelta(minutes=1)
"""Between two attempts. A service that is down must not be asked ever more rarely."""

MOMENT = timedelta(microseconds=1)


class Reach(StrEnum):
    """What a step can do to the world."""

    INTERNAL = "A"
    """Internal: automatic."""
    PUBLIC = "B"
    """Public and correctable: automatic once lateness is confirmed and nobody vetoed."""
    JUDGEMENT = "C"
    """Irreversible or a judgement: people, who confirm that it is done."""


Start = Kind | tuple[Kind, ...] | timedelta | Instant
"""A kind of fact, the first of several kinds, an offset from T, or an instant."""


@dataclass(frozen=True)
class Step:
    """One thing to do.

    starts: what sets it off. given: a detail that the fact must have. after: how long to wait
    then. needs: names of steps that must be done first. deadline: how long after it may start it
    should be done; past that it is stuck, and a person is paged; None: nobody waits for it.
    moot_after: the kind of fact, the first of several, or the offset from T, after which there is
    no sense in it.
    attempts, again: how often it is tried, and how long to wait after the first failure; the pause
    doubles up to LONGEST_PAUSE. limit: how long an attempt may last, in real time. keyed: its
    service refuses a key that it has seen, so to act twice is to act once. manual: a person does it
    and confirms it; a judgement always is. does: for people.
    """

    name: str
    reach: Reach
    starts: Start
    needs: tuple[str, ...] = ()
    given: tuple[str, str] | None = None
    after: timedelta = timedelta(0)
    deadline: timedelta | None = timedelta(minutes=2)
    moot_after: Kind | tuple[Kind, ...] | timedelta | None = None
    again: timedelta = timedelta(seconds=5)
    attempts: int = 20
    limit: timedelta = timedelta(seconds=30)
    keyed: bool = False
    manual: bool = False
    does: str = field(default="", compare=False)

    @property
    def by_hand(self) -> bool:
        return self.manual or self.reach is Reach.JUDGEMENT

    @cached_property
    def start_kinds(self) -> tuple[Kind, ...]:
        return _kinds(self.starts)

    @cached_property
    def moot_kinds(self) -> tuple[Kind, ...]:
        return _kinds(self.moot_after)

    @cached_property
    def repeatable(self) -> bool:
        """Two may do it at once without harm to anybody outside."""
        return self.keyed or self.reach is Reach.INTERNAL

    def pause(self, failures: int) -> timedelta:
        """How long to wait after the latest of so many failures."""
        # The exponent is bounded: twenty doublings are a week already.
        doubled: timedelta = self.again * 2 ** min(failures - 1, 20)
        return min(doubled, max(self.again, LONGEST_PAUSE))


def _kinds(told: Start | None) -> tuple[Kind, ...]:
    if isinstance(told, Kind):
        return (told,)
    return told if isinstance(told, tuple) else ()


@dataclass(frozen=True)
class Due:
    """unsure: the attempt before it ended nobody knows how, or not yet, so it may have acted."""

    step: Step
    attempt: int
    unsure: bool = False


class Hold(StrEnum):
    """What is known of a runner that has claimed a step and not said what came of it."""

    HELD = "held"
    """It has its lock, and its time is not over."""
    LAPSED = "lapsed"
    """It has its lock, and its time is over: stopped, or cut off. It will act when it wakes."""
    FREE = "free"
    """Its lock is free: it is dead."""


@dataclass
class Plan:
    """wake: when to ask again, if no fact comes before."""

    due: list[Due] = field(default_factory=list)
    stuck: list[Step] = field(default_factory=list)
    wake: Instant | None = None

    def wake_at(self, instant: Instant) -> None:
        if self.wake is None or instant < self.wake:
            self.wake = instant


def check(steps: Sequence[Step]) -> None:
    """Raises RunbookBroken: a step twice, a need that does not exist, needs in a circle, or a step
    that could never be done."""
    names = [step.name for step in steps]
    for step in steps:
        if names.count(step.name) > 1:
            raise RunbookBroken(f"step {step.name} is there twice; rename one")
        for need in step.needs:
            if need not in names:
                raise RunbookBroken(
                    f"step {step.name} needs {need}, which is not there; add it, or drop the need"
                )
        if step.attempts < 1 or step.again < timedelta(0) or step.limit <= timedelta(0):
            raise RunbookBroken(
                f"step {step.name} could never be done: expected attempts of 1 or more, a pause of "
                f"0 s or more and a limit above it; found {step.attempts}, {step.again}, "
                f"{step.limit}"
            )
    done: set[str] = set()
    left = list(steps)
    while left:
        ready = [step for step in left if done.issuperset(step.needs)]
        if not ready:
            waiting = ", ".join(step.name for step in left)
            raise RunbookBroken(
                f"these wait for each other: {waiting}; take out one of their needs"
            )
        done.update(step.name for step in ready)
        left = [step for step in left if step.name not in done]


def may_start(step: Step, progress: Progress) -> Instant | None:
    """From when on this step may run, as far as the facts tell; None: not yet, or no more."""
    # The cheapest question first: this is asked of every step, at every turn.
    for need in step.needs:
        if need not in progress.done:
            return None
    found = _start(step, progress)
    if found is None:
        return None
    at, told = found
    for need in step.needs:
        at = max(at, progress.done[need])
    if moot_since(step, progress):
        return None
    if step.reach is Reach.PUBLIC:
        if progress.vetoed:
            return None
        if progress.first(Kind.LATE, ONE_WITNESS):
            if GO_AHEAD not in progress.done:
                return None
            at = max(at, progress.done[GO_AHEAD])
        # A person can stop it only once told: the window runs from the record, not the event.
        doubt = progress.first(Kind.LATE_PROVISIONAL)
        at = max(at, (doubt.recorded if doubt else told) + VETO_WINDOW)
        lifted = progress.last(Kind.VETO_LIFTED)
        at = max(at, lifted.recorded) if lifted else at
    return at


def moot_since(step: Step, progress: Progress) -> Instant | None:
    """When it was first recorded that there is no sense in it any more."""
    if not step.moot_kinds:
        return None
    ends = [fact.recorded for kind in step.moot_kinds if (fact := progress.first(kind))]
    return min(ends, default=None)


def to_be_found(step: Step, progress: Progress) -> Instant | None:
    """Since when a step that is moot, or that a person has stopped, is only looked for: an attempt
    may have acted, and what was said to the public must be on the timeline, or be answered by
    nothing. None: it is not.
    """
    tries = progress.tries.get(step.name)
    if tries is None or step.repeatable or not tries.perhaps:
        return None
    return moot_since(step, progress) or _stopped_since(step, progress)


def _stopped_since(step: Step, progress: Progress) -> Instant | None:
    veto = progress.last(Kind.VETOED) if progress.vetoed else None
    return veto.recorded if veto and step.reach is Reach.PUBLIC else None


def plan(
    steps: Iterable[Step], progress: Progress, now: Instant, hold: Callable[[Claim], Hold]
) -> Plan:
    """What to claim now, what is stuck, and when that may change by time alone.

    `hold` says how a claim stands. Of a dead runner it is taken over at once, as the next attempt.
    Of one that has its lock but not its time, only what may be repeated is taken over; anything
    else is stuck, and goes to a person. What may have acted, and is moot or stopped by a person, is
    due to be looked for.
    """
    made = Plan()
    for step in steps:
        if step.name in progress.done:
            continue
        # Most are set off by what never happens.
        if step.start_kinds and progress.of.keys().isdisjoint(step.start_kinds):
            continue
        lost = to_be_found(step, progress)
        at = lost or may_start(step, progress)
        if at is None or is_moot(step, progress, now):
            continue
        if at > now:
            made.wake_at(at)
            continue
        given_up = _try(step, progress.tries.get(step.name), now, hold, made, looks=bool(lost))
        if given_up:
            made.stuck.append(step)
        elif step.deadline is not None:
            overdue = at + (step.deadline + MOMENT)
            if now >= overdue:
                made.stuck.append(step)
            else:
                made.wake_at(overdue)
    return made


def _try(
    step: Step,
    tries: Tries | None,
    now: Instant,
    hold: Callable[[Claim], Hold],
    made: Plan,
    *,
    looks: bool,
) -> bool:
    """Put it among what is due, if it is; whether nobody will try it again. looks: it is only to be
    looked for, which may be done whatever became of it."""
    if step.by_hand:
        return False
    if tries is None:
        made.due.append(Due(step, 1))
        return False
    if tries.failed:
        refused = not tries.failed.details["retry"] and not looks
        if refused or tries.claims >= step.attempts:
            return True
        asked = timedelta(seconds=tries.failed.details.get("wait_s", 0))
        again = latest(tries.failed.at) + max(step.pause(tries.failures), asked)
        if again > now:
            made.wake_at(again)
            return False
    if tries.unfinished:
        standing = hold(tries.unfinished)
        if standing is Hold.HELD:
            return False
        if tries.claims >= step.attempts or (standing is Hold.LAPSED and not step.repeatable):
            return True
    # Neither failed nor under way, and in doubt: it was under way when another time was promised.
    unsure = tries.unfinished is not None or (tries.in_doubt and tries.failed is None)
    made.due.append(Due(step, tries.claims + 1, unsure=unsure))
    return False


def _start(step: Step, progress: Progress) -> tuple[Instant, Instant] | None:
    """When what sets it off happened, and when people could know."""
    starts = step.starts
    if isinstance(starts, Instant):
        return starts + step.after, starts
    if isinstance(starts, timedelta):
        if progress.opens is None:
            return None
        at = _from(progress.opens, starts)
        if progress.promised and at < progress.promised:
            return None  # Its time had come before the promise was made: it was never missed.
        return at + step.after, at
    found = [fact for kind in step.start_kinds if (fact := progress.first(kind, step.given))]
    if not found:
        return None
    first = min(found, key=attrgetter("n"))
    at = latest(first.at)
    # Most wait for nothing, and to add nothing costs as much as the rest.
    return (at + step.after if step.after else at), first.recorded


@lru_cache(maxsize=1024)
def _from(opens: Instant, offset: timedelta) -> Instant:
    return opens + offset


def is_moot(step: Step, progress: Progress, now: Instant) -> bool:
    """Whether the clock has gone past the sense in it."""
    return (
        isinstance(step.moot_after, timedelta)
        and progress.opens is not None
        and now >= _from(progress.opens, step.moot_after)
    )
