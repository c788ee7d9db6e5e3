"""One attempt at a step, as questions to whoever drives it: the runner, or a simulation of one.

Whatever it needs of the world it asks for, one question at a time, so that a test can end it
between any two of them.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ninethirty.core.document import Json
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Due, Reach, may_start, moot_since
from ninethirty.core.times import When


@dataclass(frozen=True)
class Happened:
    """A fact to be written with the step's outcome. key: once in the life of the release. at: None
    for the moment of writing."""

    kind: Kind
    at: When | None
    key: str
    details: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Write:
    """All or none. Answered by whether they were written: not, if a key among them was there."""

    facts: tuple[Happened, ...]


@dataclass(frozen=True)
class LetSettle:
    """Wait until a request that somebody before us may have sent can no longer be on its way."""


@dataclass(frozen=True)
class Read:
    """Answered by the facts of the release as they are now."""


@dataclass(frozen=True)
class Act:
    """Do it. Answered by what came of it: Came or Failed. only_look: it is moot, or stopped by a
    person; find what an earlier attempt did, and do nothing."""

    facts: Sequence[Fact]
    only_look: bool = False


@dataclass(frozen=True)
class Came:
    facts: Sequence[Happened] = ()


@dataclass(frozen=True)
class Failed:
    """retry: it may be tried again. perhaps: it may have happened all the same. lacks: what is not
    so yet, in our own words. wait_s: seconds that the service asked us to leave it alone for.
    absent: no attempt so far has done it, as was found out."""

    retry: bool
    perhaps: bool = False
    lacks: str = ""
    wait_s: int = 0
    absent: bool = False


Ask = Write | LetSettle | Read | Act


def attempt(due: Due, runner: str) -> Generator[Ask, Any, None]:
    """Claim it, make sure of it, act, and write down what came of it."""
    step = due.step.name
    told: Json = {"step": step, "attempt": due.attempt}
    claim = Happened(
        Kind.STEP_CLAIMED, None, f"{step}/claim/{due.attempt}", told | {"runner": runner}
    )
    # Of two that try, the unique key lets one through. What the answer is does not matter: it may
    # have been lost on its way, so whose the step is is read back.
    yield Write((claim,))
    facts: Sequence[Fact] = yield Read()
    if not still_ours(facts, due, runner):
        return
    if due.unsure and due.step.reach is Reach.PUBLIC and not due.step.keyed:
        # Whoever died may have sent a request that the service has not acted on yet: read back too
        # soon, it would not be found, and be sent again.
        yield LetSettle()
        facts = yield Read()
        if not still_ours(facts, due, runner):
            return
    came: Came | Failed | None = None
    only_look = False
    if due.step.reach is Reach.PUBLIC:
        progress = Progress(facts)
        only_look = _is_only_looked_for(progress, due)
        came = None if only_look else _stopped(progress, facts, due)
    if came is None:
        came = yield Act(facts, only_look)
    if isinstance(came, Failed):
        # What was looked for and is not there is done, should it be due again.
        told |= {"retry": came.retry or (only_look and came.absent)}
        if came.perhaps:
            told |= {"perhaps": True}
        if came.lacks:
            told |= {"lacks": came.lacks}
        if came.wait_s:
            told |= {"wait_s": came.wait_s}
        if came.absent:
            told |= {"absent": True}
        yield Write((Happened(Kind.STEP_FAILED, None, f"{step}/failed/{due.attempt}", told),))
        return
    # Refused if somebody else wrote it: two attempts, one effect.
    done = Happened(Kind.STEP_DONE, None, f"{step}/done", told)
    yield Write(tuple(replace(one, key=one.key + again(facts)) for one in (*came.facts, done)))


def _is_only_looked_for(progress: Progress, due: Due) -> bool:
    """Whether nobody is to be told, or not now, though somebody may have been."""
    if due.step.repeatable:
        return False
    if moot_since(due.step, progress):
        return True
    # An attempt before this one; if there was none, there is nothing to look for.
    return progress.vetoed and progress.tries[due.step.name].in_doubt


def _stopped(progress: Progress, facts: Sequence[Fact], due: Due) -> Failed | None:
    """What keeps a public step from acting, though it is ours. It is tried again."""
    if progress.vetoed:
        # Said between our claim and now.
        return Failed(retry=True, lacks="a person stopped the public steps")
    # Also of a step that has become moot since, if its service refuses a key: it ends as it began.
    at = may_start(replace(due.step, moot_after=None), progress)
    claimed = max(
        (
            fact
            for fact in facts
            if fact.kind is Kind.STEP_CLAIMED and fact.details["step"] == due.step.name
        ),
        key=lambda fact: fact.details["attempt"],
    )
    if at and claimed.recorded < at:
        # Our clock was set back between deciding and claiming. People have their time to stop it.
        return Failed(retry=True, lacks="by the clock as it is now set, its time has not come")
    return None


def again(facts: Iterable[Fact]) -> str:
    """What the keys of a step's outcome end with: what was done for one promise is done anew for
    the next."""
    promises = sum(fact.kind is Kind.RESCHEDULED for fact in facts)
    return f"/{promises + 1}" if promises else ""


def still_ours(facts: Sequence[Fact], due: Due, runner: str) -> bool:
    """Read just before the effect: while we slept somebody may have taken it over or done it, or
    found that it was not done, and relied on that."""
    latest, done = None, False
    for fact in facts:
        if fact.kind is Kind.RESCHEDULED:
            done = False
        if fact.details.get("step") != due.step.name:
            continue
        if fact.kind is Kind.STEP_DONE:
            done = True
        if fact.kind is Kind.STEP_CLAIMED:
            latest = fact.details
        if fact.kind is Kind.NOT_SAID:
            latest = None
    return not done and latest == {"step": due.step.name, "attempt": due.attempt, "runner": runner}
