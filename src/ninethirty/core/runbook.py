"""steps + facts + instant -> due, stuck.

A runner asks what is due, claims it, acts, and writes what came of it. A crash anywhere is survived
by asking again: nothing is remembered but facts.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ninethirty.core.errors import RunbookBroken
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, latest

VETO_WINDOW = timedelta(seconds=60)
"""From the provisional verdict on a person may stop public steps; they wait at least that long."""


class Reach(StrEnum):
    """What a step can do to the world."""

    INTERNAL = "A"
    """Internal: automatic."""
    PUBLIC = "B"
    """Public and correctable: automatic once lateness is confirmed and nobody vetoed."""
    JUDGEMENT = "C"
    """Irreversible or a judgement: people."""


@dataclass(frozen=True)
class Step:
    """One thing to do.

    starts: the kind of fact that sets it off. needs: names of steps that must be done first.
    deadline: how long after it may start it should be done; past that it is stuck, and a person
    is paged. again: how long to wait before trying anew after a failure. moot_after: the kind of
    fact after which there is no sense in it any more.
    """

    name: str
    reach: Reach
    starts: Kind
    needs: tuple[str, ...] = ()
    deadline: timedelta = timedelta(minutes=2)
    again: timedelta = timedelta(seconds=5)
    attempts: int = 20
    moot_after: Kind | None = None


@dataclass(frozen=True)
class Due:
    step: Step
    attempt: int


def check(steps: Sequence[Step]) -> None:
    """Raises RunbookBroken: a step twice, a need that does not exist, or needs in a circle."""
    names = [step.name for step in steps]
    for name in names:
        if names.count(name) > 1:
            raise RunbookBroken(f"step {name} is there twice")
    done: set[str] = set()
    left = list(steps)
    for step in left:
        for need in step.needs:
            if need not in names:
                raise RunbookBroken(f"step {step.name} needs {need}, which is not there")
    while left:
        ready = [step for step in left if done.issuperset(step.needs)]
        if not ready:
            raise RunbookBroken(f"these wait for each other: {', '.join(s.name for s in left)}")
        done.update(step.name for step in ready)
        left = [step for step in left if step.name not in done]


def may_start(step: Step, facts: Sequence[Fact]) -> Instant | None:
    """From when on this step may run, as far as the facts tell; None: not yet."""
    done = _done(facts)
    start = _first(facts, step.starts)
    if start is None or any(need not in done for need in step.needs):
        return None
    if step.moot_after and _first(facts, step.moot_after):
        return None
    at = max([latest(start.at), *(done[need] for need in step.needs)])
    if step.reach is Reach.PUBLIC:
        if _first(facts, Kind.VETOED):
            return None
        # A person can stop it only once told: the window runs from the record, not the event.
        told = _first(facts, Kind.LATE_PROVISIONAL) or start
        at = max(at, told.recorded + VETO_WINDOW)
    return at


def due(
    steps: Iterable[Step], facts: Sequence[Fact], now: Instant, alive: Collection[str]
) -> list[Due]:
    """What to claim now. `alive` names the runners that live: a claim of theirs stands, that of
    a dead one is taken over at once, as the next attempt."""
    found: list[Due] = []
    done = _done(facts)
    for step in steps:
        at = may_start(step, facts)
        if step.reach is Reach.JUDGEMENT or step.name in done or at is None or at > now:
            continue
        tries = _tries(facts, step)
        claims = sum(1 for fact in tries if fact.kind is Kind.STEP_CLAIMED)
        if claims >= step.attempts or (tries and not _again(step, tries[-1], now, alive)):
            continue
        found.append(Due(step, claims + 1))
    return found


def _again(step: Step, last: Fact, now: Instant, alive: Collection[str]) -> bool:
    """Whether to try anew, by the last thing that happened to the step: the attempts before it
    may have ended in a crash, which writes nothing."""
    if last.kind is Kind.STEP_CLAIMED:
        return last.details["runner"] not in alive
    return bool(last.details["retry"]) and latest(last.at) + step.again <= now


def stuck(steps: Iterable[Step], facts: Sequence[Fact], now: Instant) -> list[Step]:
    """Steps that should have been done by now, or that nobody will try again."""
    found: list[Step] = []
    done = _done(facts)
    for step in steps:
        at = may_start(step, facts)
        if step.name in done or at is None:
            continue
        tries = _tries(facts, step)
        claims = sum(1 for fact in tries if fact.kind is Kind.STEP_CLAIMED)
        gave_up = (
            bool(tries)
            and tries[-1].kind is Kind.STEP_FAILED
            and (not tries[-1].details["retry"] or claims >= step.attempts)
        )
        if gave_up or now > at + step.deadline:
            found.append(step)
    return found


def _first(facts: Iterable[Fact], kind: Kind) -> Fact | None:
    return next((fact for fact in facts if fact.kind is kind), None)


def _tries(facts: Iterable[Fact], step: Step) -> list[Fact]:
    """Claims and failures of a step, in order."""
    kinds = (Kind.STEP_CLAIMED, Kind.STEP_FAILED)
    return [fact for fact in facts if fact.kind in kinds and fact.details["step"] == step.name]


def _done(facts: Iterable[Fact]) -> dict[str, Instant]:
    return {fact.details["step"]: latest(fact.at) for fact in facts if fact.kind is Kind.STEP_DONE}
