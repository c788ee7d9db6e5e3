"""How the steps of an incident are shown to people."""

from dataclasses import replace

import pytest

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.runbook import Reach, Step
from ninethirty.desk.pages.console.fold import Fold
from ninethirty.desk.pages.console.steps import Row, State, rows
from tests.core.made import at, fact

TELL = Step("tell_x", Reach.PUBLIC, Kind.LATE, moot_after=Kind.RECOVERED)
CLAIMED = fact(Kind.STEP_CLAIMED, at(81), step="tell_x", attempt=1, runner="one")
TIMED_OUT = fact(Kind.STEP_FAILED, at(89), step="tell_x", attempt=1, retry=True, perhaps=True)
FIRST = [fact(Kind.LATE_PROVISIONAL, at(21)), fact(Kind.LATE, at(61)), CLAIMED]


def shown(facts: list[Fact], when: float, step: Step = TELL) -> Row | None:
    fold = Fold()
    for n, one in enumerate(facts, start=1):
        fold.add(replace(one, n=n), "")
    return next(iter(rows([step], fold, at(when))), None)


@pytest.mark.parametrize("stop", [Kind.RECOVERED, Kind.VETOED])
@pytest.mark.parametrize("failed", [[], [TIMED_OUT]], ids=["under way", "timed out"])
def test_what_may_have_been_said_is_shown_as_looked_for_and_then_as_overdue(
    stop: Kind, failed: list[Fact]
) -> None:
    facts = [*FIRST, *failed, fact(stop, at(95))]
    looking = shown(facts, 100)
    assert looking
    assert (looking.state, looking.at, looking.due) == (State.LOOKING, at(95), at(215))
    assert looking.open_to_people
    overdue = shown(facts, 216)
    assert overdue
    assert overdue.state is State.OVERDUE
    assert overdue.open_to_people


def test_what_was_surely_not_said_is_shown_as_stopped_or_not_at_all() -> None:
    surely = [*FIRST, replace(TIMED_OUT, details=TIMED_OUT.details | {"perhaps": False})]
    assert shown([*surely, fact(Kind.RECOVERED, at(95))], 100) is None
    stopped = shown([*surely, fact(Kind.VETOED, at(95))], 100)
    assert stopped
    assert stopped.state is State.STOPPED
    assert not stopped.open_to_people


def test_a_public_step_that_failed_may_be_done_by_a_person() -> None:
    failed = shown([*FIRST, TIMED_OUT], 100)
    assert failed
    assert failed.state is State.FAILED
    assert failed.open_to_people
    running = shown(FIRST, 100)
    assert running
    assert not running.open_to_people
