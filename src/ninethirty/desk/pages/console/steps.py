"""The steps of an incident as people see them: who, when, by when, and how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import (
    GO_AHEAD,
    ONE_WITNESS,
    Reach,
    Step,
    is_moot,
    may_start,
    to_be_found,
)
from ninethirty.core.times import Instant, latest
from ninethirty.desk.pages.console.fold import Fold


class State(StrEnum):
    """In the order in which they are shown."""

    OVERDUE = "overdue"
    FOR_YOU = "waits for a person"
    SECOND = "waits for a second person"
    FAILED = "failed"
    DUE = "due: a runner takes it"
    RUNNING = "under way"
    LOOKING = "looked for: it may have been said"
    STOPPED = "stopped by a person"
    WAITS = "waits"
    DONE = "done"


@dataclass(frozen=True)
class Row:
    """at: since when it stands so, or from when it may run. by: who did it, or is at it."""

    step: Step
    state: State
    at: Instant | None = None
    due: Instant | None = None
    by: str = ""
    why: str = ""

    @property
    def open_to_people(self) -> bool:
        if self.step.reach is Reach.PUBLIC:
            # What a runner cannot say, or cannot find again, a person may have said or found.
            return self.state in (State.OVERDUE, State.FAILED, State.LOOKING)
        return self.step.by_hand and self.state in (State.OVERDUE, State.FOR_YOU, State.SECOND)


def rows(steps: Iterable[Step], fold: Fold, now: Instant) -> list[Row]:
    """Those that have begun or can come; biggest first."""
    found = [row for step in steps if (row := _row(step, fold, now))]
    order = list(State)
    return sorted(found, key=lambda row: order.index(row.state))


def _row(step: Step, fold: Fold, now: Instant) -> Row | None:
    progress, last = fold.progress, fold.last.get(step.name)
    if step.name in progress.done and last:
        second = last.details.get("with", "")
        by = f"{last.actor}, {second}" if second else last.actor
        return Row(step, State.DONE, latest(last.at), by=by)
    if is_moot(step, progress, now):
        return None
    lost = to_be_found(step, progress)
    at = lost or may_start(step, progress)
    if at is None:
        return _waiting(step, progress)
    due = at + step.deadline if step.deadline is not None else None
    if at > now:
        return Row(step, State.WAITS, at, due, why="from then on")
    state, by, why = _standing(step, progress, last)
    if lost:
        state, why = State.LOOKING, ""
    if due and now > due:
        state = State.OVERDUE
    return Row(step, state, at, due, by, why)


def _standing(step: Step, progress: Progress, last: Fact | None) -> tuple[State, str, str]:
    if step.by_hand:
        asked = [
            fact
            for fact in progress.of.get(Kind.SECOND_ASKED, ())
            if fact.details["step"] == step.name
        ]
        if asked:
            return State.SECOND, asked[-1].actor, f"{asked[-1].actor} says that it is done"
        return State.FOR_YOU, "", ""
    if last and last.kind is Kind.STEP_FAILED:
        again = "is tried again" if last.details["retry"] else "nobody tries it again"
        lacks = last.details.get("lacks", "")
        return State.FAILED, last.actor, f"{lacks}; {again}" if lacks else again
    if last and last.kind is Kind.STEP_CLAIMED:
        return State.RUNNING, last.actor, ""
    return State.DUE, "", ""


def _waiting(step: Step, progress: Progress) -> Row | None:
    """Set off, and kept back; None: not set off, or no sense in it any more."""
    bare = replace(step, needs=(), reach=Reach.INTERNAL)
    if may_start(bare, progress) is None:
        return None
    if step.reach is Reach.PUBLIC and progress.vetoed:
        return Row(step, State.STOPPED)
    lacking = [need for need in step.needs if need not in progress.done]
    one_witness = progress.first(Kind.LATE, ONE_WITNESS) and GO_AHEAD not in progress.done
    if step.reach is Reach.PUBLIC and one_witness:
        lacking.append(GO_AHEAD)
    return Row(step, State.WAITS, why="for " + ", ".join(map(plain, lacking)))


def plain(name: str) -> str:
    """check_alternate -> check alternate."""
    return name.replace("_", " ")
