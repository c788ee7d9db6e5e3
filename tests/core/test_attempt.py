"""One attempt at a step, driven by hand."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

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
    still_ours,
)
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.runbook import Due, Reach, Step
from tests.core.made import at, fact

TELL = Step("tell", Reach.PUBLIC, Kind.LATE)
RAISE = Step("raise", Reach.PUBLIC, Kind.LATE, keyed=True)
OPEN = Step("open", Reach.INTERNAL, Kind.LATE)


def claimed(step: Step = TELL, number: int = 1, runner: str = "one") -> Fact:
    return fact(Kind.STEP_CLAIMED, at(80), step=step.name, attempt=number, runner=runner)


def after(driven: Generator[Ask, Any, None], *answers: Any) -> Ask | None:
    """What it asks after these answers; None: it has ended."""
    try:
        asked = next(driven)
        for answer in answers:
            asked = driven.send(answer)
    except StopIteration:
        return None
    return asked


def test_a_step_is_claimed_read_again_done_and_written_down() -> None:
    told = Happened(Kind.USERS_TOLD, at(99), "told/late/x", {"channel": "x"})
    driven = attempt(Due(TELL, 1), "one")
    claim = Happened(
        Kind.STEP_CLAIMED, None, "tell/claim/1", {"step": "tell", "attempt": 1, "runner": "one"}
    )
    assert next(driven) == Write((claim,))
    assert driven.send(True) == Read()
    assert driven.send([claimed()]) == Act([claimed()])
    done = Happened(Kind.STEP_DONE, None, "tell/done", {"step": "tell", "attempt": 1})
    assert driven.send(Came([told])) == Write((told, done))
    assert after(attempt(Due(TELL, 1), "one"), True, [claimed()], Came(), False) is None


def test_a_step_that_somebody_else_claimed_is_left_to_them() -> None:
    assert after(attempt(Due(TELL, 1), "one"), False, [claimed(runner="two")]) is None


def test_a_claim_whose_answer_was_lost_is_ours_all_the_same() -> None:
    """Asked again after the connection broke, the record says that the key is there."""
    assert after(attempt(Due(TELL, 1), "one"), False, [claimed()]) == Act([claimed()])


def test_a_step_taken_over_while_we_slept_is_not_done() -> None:
    taken = [claimed(), claimed(number=2, runner="two")]
    assert after(attempt(Due(TELL, 1), "one"), True, taken) is None


@pytest.mark.parametrize("step", [TELL, RAISE, OPEN], ids=lambda step: step.name)
@pytest.mark.parametrize("unsure", [True, False])
def test_what_the_dead_may_have_on_its_way_is_waited_for_if_it_could_be_doubled(
    step: Step, unsure: bool
) -> None:
    ours = [claimed(step), claimed(step, 2, "two")]
    asked = after(attempt(Due(step, 2, unsure=unsure), "two"), True, ours)
    assert asked == (LetSettle() if unsure and step is TELL else Act(ours))


def test_after_that_wait_it_reads_again() -> None:
    ours = [claimed(), claimed(TELL, 2, "two")]
    unsure = Due(TELL, 2, unsure=True)
    assert after(attempt(unsure, "two"), True, ours, None) == Read()
    assert after(attempt(unsure, "two"), True, ours, None, ours) == Act(ours)
    taken = [*ours, claimed(TELL, 3, "three")]
    assert after(attempt(unsure, "two"), True, ours, None, taken) is None


@pytest.mark.parametrize(
    ("failed", "more"),
    [
        (Failed(retry=True), {"retry": True}),
        (Failed(retry=False), {"retry": False}),
        (Failed(retry=True, perhaps=True), {"retry": True, "perhaps": True}),
        (Failed(retry=True, lacks="no gate"), {"retry": True, "lacks": "no gate"}),
        (Failed(retry=True, wait_s=90), {"retry": True, "wait_s": 90}),
        (Failed(retry=False, absent=True), {"retry": False, "absent": True}),
    ],
)
def test_a_failure_is_written_down_with_what_is_known_of_it(
    failed: Failed, more: dict[str, Any]
) -> None:
    driven = attempt(Due(TELL, 3), "one")
    asked = after(driven, True, [claimed(number=3)], failed)
    told = {"step": "tell", "attempt": 3, **more}
    assert asked == Write((Happened(Kind.STEP_FAILED, None, "tell/failed/3", told),))
    with pytest.raises(StopIteration):
        driven.send(True)


def test_a_step_is_ours_only_while_the_latest_claim_is() -> None:
    ours = Due(TELL, 2)
    first, second = claimed(runner="two"), claimed(number=2)
    other = claimed(RAISE, 9, "two")
    paged = fact(Kind.PAGED, at(90), step="tell")
    stale = fact(Kind.STEP_FAILED, at(90), step="tell", attempt=1, retry=True)
    assert still_ours([first, second], ours, "one")
    assert still_ours([first, second, other, paged, stale], ours, "one")
    assert not still_ours([first], ours, "one")
    assert not still_ours([first, second], ours, "two")
    assert not still_ours([first, second], Due(TELL, 1), "two")
    assert not still_ours([], ours, "one")
    not_said = fact(Kind.NOT_SAID, at(300), step="tell")
    assert not still_ours([first, second, not_said], ours, "one")


def test_a_step_that_a_person_has_done_meanwhile_is_not_done_again() -> None:
    by_hand = fact(Kind.STEP_DONE, at(90), step="tell")
    assert not still_ours([claimed(), by_hand], Due(TELL, 1), "one")
    assert not still_ours([by_hand, claimed()], Due(TELL, 1), "one")


def test_what_was_done_for_one_promise_is_done_anew_for_the_next() -> None:
    done_before = [claimed(OPEN), fact(Kind.STEP_DONE, at(30), step="open")]
    moved = [*done_before, fact(Kind.RESCHEDULED, at(40)), claimed(OPEN, 2)]
    due = Due(OPEN, 2)
    assert not still_ours([*done_before, claimed(OPEN, 2)], due, "one")
    assert still_ours(moved, due, "one")
    assert not still_ours([*moved, fact(Kind.STEP_DONE, at(50), step="open")], due, "one")
    written = after(attempt(due, "one"), True, moved, Came([Happened(Kind.CHECKED, None, "ready")]))
    assert isinstance(written, Write)
    assert [one.key for one in written.facts] == ["ready/2", "open/done/2"]


@pytest.mark.parametrize("step", [TELL, OPEN], ids=lambda step: step.name)
def test_a_veto_that_came_after_the_claim_is_heard_before_the_effect(step: Step) -> None:
    facts = [claimed(step), fact(Kind.VETOED, at(85), n=2)]
    asked = after(attempt(Due(step, 1), "one"), True, facts)
    if step is OPEN:
        assert asked == Act(facts)
        return
    lacks = "a person stopped the public steps"
    told = {"step": "tell", "attempt": 1, "retry": True, "lacks": lacks}
    assert asked == Write((Happened(Kind.STEP_FAILED, None, "tell/failed/1", told),))
    lifted = [*facts, fact(Kind.VETO_LIFTED, at(86), n=3)]
    assert after(attempt(Due(step, 1), "one"), True, lifted) == Act(lifted)


def test_a_step_claimed_before_its_time_by_a_clock_set_back_is_left_for_later() -> None:
    doubt, late = fact(Kind.LATE_PROVISIONAL, at(22)), fact(Kind.LATE, at(62))

    def asked_if_claimed_at(when: float) -> Ask | None:
        facts = [doubt, late, replace(claimed(), recorded=at(when))]
        return after(attempt(Due(TELL, 1), "one"), True, facts)

    assert isinstance(asked_if_claimed_at(82), Act)
    moot = replace(RAISE, moot_after=Kind.RECOVERED)
    early = replace(claimed(RAISE), recorded=at(81.9))
    over = [doubt, late, early, fact(Kind.RECOVERED, at(81.95))]
    assert isinstance(after(attempt(Due(moot, 1), "one"), True, over), Write)
    too_soon = asked_if_claimed_at(81.9)
    assert isinstance(too_soon, Write)
    assert too_soon.facts[0].details == {
        "step": "tell",
        "attempt": 1,
        "retry": True,
        "lacks": "by the clock as it is now set, its time has not come",
    }


@pytest.mark.parametrize("step", [TELL, RAISE, OPEN], ids=lambda step: step.name)
@pytest.mark.parametrize("vetoed", [True, False])
def test_what_is_moot_by_now_is_only_looked_for_unless_it_may_be_done_twice(
    step: Step, vetoed: bool
) -> None:
    facts = [claimed(step), fact(Kind.RECOVERED, at(85))]
    if vetoed and step is TELL:
        facts.append(fact(Kind.VETOED, at(86)))  # To look is no public step.
    moot = replace(step, moot_after=Kind.RECOVERED)
    asked = after(attempt(Due(moot, 1), "one"), True, facts)
    assert asked == Act(facts, only_look=step is TELL)


@pytest.mark.parametrize("step", [TELL, RAISE], ids=lambda step: step.name)
def test_what_may_have_been_said_before_the_veto_is_only_looked_for(step: Step) -> None:
    again = claimed(step, 2)
    vetoed = [claimed(step), fact(Kind.VETOED, at(85)), again]
    looked = after(attempt(Due(step, 2), "one"), True, vetoed)
    if step is TELL:
        assert looked == Act(vetoed, only_look=True)
    else:
        assert isinstance(looked, Write)  # Its service refuses the key: it ends as it began.
    if step is TELL:
        absent = Failed(retry=False, absent=True)
        written = after(attempt(Due(step, 2), "one"), True, vetoed, absent)
        assert isinstance(written, Write)
        assert written.facts[0].details["retry"]  # It is said once the veto is lifted.
    # Nobody has sent anything: there is nothing to look for.
    failed = fact(Kind.STEP_FAILED, at(82), step=step.name, attempt=1, retry=True)
    surely = [claimed(step), failed, fact(Kind.VETOED, at(85)), again]
    assert isinstance(after(attempt(Due(step, 2), "one"), True, surely), Write)
    lifted = [*vetoed, fact(Kind.VETO_LIFTED, at(86))]
    assert after(attempt(Due(step, 2), "one"), True, lifted) == Act(lifted)
