from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import RunbookBroken
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Claim, Progress
from ninethirty.core.runbook import (
    GO_AHEAD,
    LONGEST_PAUSE,
    ONE_WITNESS,
    VETO_WINDOW,
    Due,
    Hold,
    Plan,
    Reach,
    Step,
    check,
    plan,
    to_be_found,
)
from ninethirty.core.runbook import may_start as core_may_start
from ninethirty.core.times import Instant, Interval
from tests.core.made import HALF_PAST, at, fact, instants_near, seconds

OPEN = Step("open incident", Reach.INTERNAL, Kind.LATE_PROVISIONAL)
VERIFY = Step("verify alternate", Reach.INTERNAL, Kind.LATE_PROVISIONAL, needs=("open incident",))
TELL = Step("tell users", Reach.PUBLIC, Kind.LATE, needs=("verify alternate",))
SIGN = Step("sign the report", Reach.JUDGEMENT, Kind.RECOVERED)
BOOK = (OPEN, VERIFY, TELL, SIGN)

PROVISIONAL = fact(Kind.LATE_PROVISIONAL, at(21))
LATE = fact(Kind.LATE, at(61))
ALIVE = ("one",)


def numbered(facts: Iterable[Fact]) -> list[Fact]:
    """Facts in order of n, tries with the number of their attempt unless told otherwise."""
    claims: Counter[str] = Counter()
    found = []
    for n, one in enumerate(facts, start=1):
        details = dict(one.details)
        claims[details.get("step", "")] += one.kind is Kind.STEP_CLAIMED
        if one.kind in (Kind.STEP_CLAIMED, Kind.STEP_FAILED):
            details.setdefault("attempt", claims[details["step"]])
        found.append(replace(one, n=n, details=details))
    return found


def planned(
    steps: Iterable[Step],
    facts: Iterable[Fact],
    now: Instant,
    alive: Collection[str] = ALIVE,
    lapsed: Collection[str] = (),
) -> Plan:
    """The plan, if these runners live, and these of them have been silent for too long."""

    def hold(claim: Claim) -> Hold:
        if claim.runner not in alive:
            return Hold.FREE
        return Hold.LAPSED if claim.runner in lapsed else Hold.HELD

    return plan(steps, Progress(numbered(facts), opens=HALF_PAST), now, hold)


def due(
    steps: Iterable[Step],
    facts: Iterable[Fact],
    now: Instant,
    alive: Collection[str],
    lapsed: Collection[str] = (),
) -> list[Due]:
    return planned(steps, facts, now, alive, lapsed).due


def stuck(
    steps: Iterable[Step],
    facts: Iterable[Fact],
    now: Instant,
    alive: Collection[str] = ALIVE,
    lapsed: Collection[str] = (),
) -> list[Step]:
    return planned(steps, facts, now, alive, lapsed).stuck


def may_start(step: Step, facts: Iterable[Fact]) -> Instant | None:
    return core_may_start(step, Progress(numbered(facts), opens=HALF_PAST))


def claimed(step: Step, when: float, runner: str = "one") -> Fact:
    return fact(Kind.STEP_CLAIMED, at(when), step=step.name, runner=runner)


def failed(step: Step, when: float, *, retry: bool = True) -> Fact:
    return fact(Kind.STEP_FAILED, at(when), step=step.name, retry=retry)


def done(step: Step, when: float) -> Fact:
    return fact(Kind.STEP_DONE, at(when), step=step.name)


def names(facts: list[Fact], now: float, alive: Collection[str] = ALIVE) -> list[str]:
    return [one.step.name for one in due(BOOK, facts, at(now), alive)]


# what a book may look like


def test_a_book_whose_steps_can_all_be_reached_is_taken() -> None:
    check(BOOK)
    check(BOOK[::-1])
    check(())


def test_a_book_with_a_step_twice_is_refused() -> None:
    with pytest.raises(RunbookBroken, match="step open incident is there twice"):
        check((OPEN, OPEN))


def test_a_book_with_a_need_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RunbookBroken, match="step tell users needs verify alternate"):
        check((OPEN, TELL))


def test_a_book_whose_steps_wait_for_each_other_is_refused() -> None:
    circle = (OPEN, replace(VERIFY, needs=("tell users",)), TELL)
    with pytest.raises(
        RunbookBroken, match=r"each other: verify alternate, tell users; take out one"
    ):
        check(circle)
    with pytest.raises(RunbookBroken, match="wait for each other"):
        check((replace(OPEN, needs=("open incident",)),))


@pytest.mark.parametrize(
    "harm", [{"attempts": 0}, {"again": seconds(-1)}, {"limit": seconds(0)}], ids=str
)
def test_a_book_with_a_step_that_could_never_be_done_is_refused(harm: dict[str, Any]) -> None:
    with pytest.raises(RunbookBroken, match="step open incident could never be done: expected"):
        check((replace(OPEN, **harm),))


# when a step may start


def test_nothing_is_due_before_something_has_happened() -> None:
    assert names([], 0) == []
    assert may_start(OPEN, []) is None


def test_a_step_is_due_from_the_fact_that_starts_it() -> None:
    assert names([PROVISIONAL], 20.999_999) == []
    assert names([PROVISIONAL], 21) == ["open incident"]
    assert may_start(OPEN, [PROVISIONAL]) == at(21)


def test_the_first_fact_of_its_kind_starts_a_step() -> None:
    again = fact(Kind.LATE_PROVISIONAL, at(99))
    assert may_start(OPEN, [PROVISIONAL, again]) == at(21)


def test_a_fact_that_is_an_interval_starts_a_step_at_its_end() -> None:
    sometime = fact(Kind.LATE_PROVISIONAL, Interval(at(1), at(30)))
    assert may_start(OPEN, [sometime]) == at(30)


def test_a_step_waits_for_what_it_needs() -> None:
    assert names([PROVISIONAL, claimed(OPEN, 22)], 23) == []
    facts = [PROVISIONAL, claimed(OPEN, 22), done(OPEN, 24)]
    assert may_start(VERIFY, facts) == at(24)
    assert names(facts, 23.9) == []
    assert names(facts, 24) == ["verify alternate"]


def test_a_step_that_is_done_is_not_due_again() -> None:
    assert names([PROVISIONAL, done(OPEN, 22), done(VERIFY, 23)], 600) == []


def test_a_judgement_is_never_due_by_itself() -> None:
    assert names([fact(Kind.RECOVERED, at(600))], 10_000) == []


def test_what_a_person_does_by_hand_is_never_due_by_itself_and_stuck_if_nobody_does_it() -> None:
    by_hand = replace(OPEN, manual=True)
    assert planned([by_hand], [PROVISIONAL], at(100)).due == []
    assert stuck([by_hand], [PROVISIONAL], at(142)) == [by_hand]
    assert stuck([by_hand], [PROVISIONAL, done(by_hand, 100)], at(142)) == []
    assert SIGN.by_hand
    assert by_hand.by_hand
    assert not OPEN.by_hand


def test_a_judgement_in_the_middle_of_a_book_does_not_hide_what_follows() -> None:
    after = Step("note it", Reach.INTERNAL, Kind.RECOVERED)
    facts = [fact(Kind.RECOVERED, at(600))]
    assert [one.step for one in due((SIGN, after), facts, at(601), ALIVE)] == [after]


# public steps


READY = [PROVISIONAL, done(OPEN, 22), done(VERIFY, 23), LATE]


def test_a_public_step_waits_until_the_veto_window_is_over() -> None:
    assert names(READY, 21 + 59.999_999) == []
    assert names(READY, 21 + 60) == ["tell users"]
    assert seconds(60) == VETO_WINDOW


def test_a_public_step_waits_for_confirmation_however_long_the_window_is_over() -> None:
    late = fact(Kind.LATE, at(300))
    assert names([*READY[:-1], late], 299) == []
    assert names([*READY[:-1], late], 300) == ["tell users"]


def test_the_veto_window_runs_from_when_people_could_know() -> None:
    found_out_late = fact(Kind.LATE_PROVISIONAL, at(21), recorded=at(70))
    assert may_start(TELL, [found_out_late, *READY[1:]]) == at(130)


def test_there_is_a_veto_window_even_if_lateness_was_never_provisional() -> None:
    assert may_start(TELL, [done(OPEN, 22), done(VERIFY, 23), LATE]) == at(121)


def test_internal_steps_do_not_wait_for_the_veto_window() -> None:
    ask = Step("ask the platform", Reach.INTERNAL, Kind.LATE)
    assert may_start(ask, READY) == at(61)


def test_nothing_public_is_done_after_a_veto() -> None:
    vetoed = [*READY, fact(Kind.VETOED, at(70))]
    assert names(vetoed, 10_000) == []
    assert may_start(TELL, vetoed) is None


def test_a_veto_that_is_lifted_lets_public_steps_go_on_from_then() -> None:
    lifted = [*READY, fact(Kind.VETOED, at(70)), fact(Kind.VETO_LIFTED, at(500))]
    assert may_start(TELL, lifted) == at(500)
    assert TELL not in stuck(BOOK, lifted, at(501))
    early = [*READY, fact(Kind.VETOED, at(62)), fact(Kind.VETO_LIFTED, at(63))]
    assert may_start(TELL, early) == at(81)
    assert may_start(TELL, [*lifted, fact(Kind.VETOED, at(510))]) is None


@pytest.mark.parametrize("promise", [Kind.ANNOUNCED, Kind.RESCHEDULED])
def test_what_was_to_be_done_before_the_promise_was_made_was_not_missed(promise: Kind) -> None:
    look = Step("look", Reach.INTERNAL, -timedelta(hours=1))
    assert may_start(look, [fact(promise, at(-3600))]) == at(-3600)
    assert may_start(look, [fact(promise, at(-3599))]) is None
    assert stuck([look], [fact(promise, at(-3599))], at(0)) == []
    later = [fact(Kind.ANNOUNCED, at(-9000)), fact(promise, at(-3599))]
    assert may_start(look, later) is None


def test_users_are_not_told_that_it_is_late_once_it_has_recovered() -> None:
    book = [OPEN, VERIFY, replace(TELL, moot_after=Kind.RECOVERED)]
    facts = [PROVISIONAL, done(OPEN, 22), done(VERIFY, 25), LATE]
    assert [d.step.name for d in due(book, facts, at(90), ALIVE)] == ["tell users"]
    facts.append(fact(Kind.RECOVERED, at(80)))
    assert due(book, facts, at(90), ALIVE) == []
    assert stuck(book, facts, at(9000)) == []


MOOT = replace(TELL, moot_after=Kind.RECOVERED)
OVER = fact(Kind.RECOVERED, at(100))


def test_what_a_dead_runner_may_have_said_before_it_became_moot_is_looked_for() -> None:
    """Else it is on no timeline, and nobody says on that channel that it works again."""
    dead = [*READY, claimed(MOOT, 90, "dead"), OVER]
    assert due([MOOT], dead, at(101), ALIVE) == [Due(MOOT, 2, unsure=True)]
    assert due([MOOT], [*dead, fact(Kind.VETOED, at(101))], at(102), ALIVE)
    assert due([MOOT], [*READY, claimed(MOOT, 90), OVER], at(101), ALIVE) == []
    assert due([MOOT], [*dead, done(MOOT, 102)], at(103), ALIVE) == []
    keyed = replace(MOOT, keyed=True)
    assert due([keyed], dead, at(101), ALIVE) == []


def test_what_timed_out_before_it_became_moot_is_looked_for_until_it_is_known() -> None:
    def came(when: float, *, retry: bool = True, **more: bool) -> Fact:
        one = failed(MOOT, when, retry=retry)
        return replace(one, details=one.details | more)

    tried = [*READY, claimed(MOOT, 90)]
    assert due([MOOT], [*tried, came(95), OVER], at(101), ALIVE) == []
    unsure = [*tried, came(95, perhaps=True), OVER]
    assert due([MOOT], unsure, at(101), ALIVE) == [Due(MOOT, 2)]
    # Its own posts could not be read, for good as it seems: to look once more does no harm.
    blind = [*unsure, claimed(MOOT, 101), came(102, retry=False)]
    assert due([MOOT], blind, at(112), ALIVE) == [Due(MOOT, 3)]
    assert (
        planned(
            [MOOT], [*unsure, claimed(MOOT, 101), came(102, retry=False, absent=True)], at(9000)
        )
        == Plan()
    )


def test_what_may_have_been_said_before_a_veto_is_looked_for_and_said_once_it_is_lifted() -> None:
    """A person stops what is to come; what has gone out must be known."""
    timed_out = failed(TELL, 92, retry=True)
    timed_out = replace(timed_out, details=timed_out.details | {"perhaps": True})
    veto = fact(Kind.VETOED, at(100))
    unsure = [*READY, claimed(TELL, 90), timed_out, veto]
    assert due([TELL], unsure, at(101), ALIVE) == [Due(TELL, 2)]
    assert stuck([TELL], unsure, at(220.1)) == [TELL]
    dead = [*READY, claimed(TELL, 90, "dead"), veto]
    assert due([TELL], dead, at(101), ALIVE) == [Due(TELL, 2, unsure=True)]
    known = [*READY, claimed(TELL, 90), failed(TELL, 92, retry=True), veto]
    assert planned([TELL], known, at(9000)) == Plan()
    absent = failed(TELL, 102, retry=True)
    absent = replace(absent, details=absent.details | {"absent": True})
    nothing = [*unsure, claimed(TELL, 101), absent]
    assert planned([TELL], nothing, at(9000)) == Plan()
    lifted = [*nothing, fact(Kind.VETO_LIFTED, at(200))]
    assert due([TELL], lifted, at(201), ALIVE) == [Due(TELL, 3)]
    keyed = replace(TELL, keyed=True)
    assert due([keyed], unsure, at(101), ALIVE) == []
    internal = replace(TELL, reach=Reach.INTERNAL)
    assert may_start(internal, unsure) is not None


def test_what_a_person_looked_for_in_vain_is_not_looked_for_again_and_nobody_is_paged() -> None:
    looked = fact(Kind.NOT_SAID, at(300), step=MOOT.name)
    assert planned([MOOT], [*READY, claimed(MOOT, 90), OVER, looked], at(9000)) == Plan()
    veto = fact(Kind.VETOED, at(100))
    refused = replace(failed(TELL, 92, retry=False))
    refused = replace(refused, details=refused.details | {"perhaps": True})
    looked = fact(Kind.NOT_SAID, at(300), step=TELL.name)
    stopped = [*READY, claimed(TELL, 90), refused, veto, looked]
    assert planned([TELL], stopped, at(9000)) == Plan()
    lifted = [*stopped, fact(Kind.VETO_LIFTED, at(400))]
    assert due([TELL], lifted, at(401), ALIVE) == [Due(TELL, 2)]


def test_what_was_under_way_when_another_time_was_promised_is_looked_for() -> None:
    moved = fact(Kind.RESCHEDULED, at(200))
    tried = [*READY, claimed(MOOT, 90), OVER, moved]
    # It may still be on its way.
    assert due([MOOT], tried, at(201), ALIVE) == [Due(MOOT, 2, unsure=True)]
    known = [*READY, claimed(MOOT, 90), failed(MOOT, 92, retry=True), OVER, moved]
    assert planned([MOOT], known, at(9000)) == Plan()


def test_what_is_looked_for_in_vain_for_too_long_is_stuck() -> None:
    held = [*READY, claimed(MOOT, 90), OVER]
    assert stuck([MOOT], held, at(220)) == []
    assert stuck([MOOT], held, at(220.1)) == [MOOT]
    assert stuck([MOOT], held, at(101), lapsed=ALIVE) == [MOOT]


ALONE = fact(Kind.LATE, at(61), waits_for="a person")
ASKED = Step(GO_AHEAD, Reach.INTERNAL, Kind.LATE, given=ONE_WITNESS, manual=True)


def test_what_one_witness_alone_says_is_told_to_nobody_until_a_person_lets_it() -> None:
    alone = [*READY[:-1], ALONE]
    assert may_start(TELL, alone) is None
    assert may_start(ASKED, alone) == at(61)
    assert may_start(TELL, [*alone, done(ASKED, 300)]) == at(300)
    # Early consent does not shorten the time in which it can be taken back.
    assert may_start(TELL, [*alone, done(ASKED, 62)]) == at(81)
    assert may_start(TELL, [*alone, done(ASKED, 62), fact(Kind.VETOED, at(70))]) is None


def test_what_several_witnesses_say_waits_for_nobody() -> None:
    assert may_start(ASKED, READY) is None
    assert may_start(TELL, READY) == at(81)


def test_a_veto_does_not_stop_what_is_not_public() -> None:
    assert names([PROVISIONAL, fact(Kind.VETOED, at(22))], 30) == ["open incident"]


# attempts


def test_a_step_claimed_by_a_live_runner_is_not_due() -> None:
    assert names([PROVISIONAL, claimed(OPEN, 22)], 600) == []


def test_a_step_left_unfinished_by_a_dead_runner_is_tried_again_at_once() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22, "two")]
    assert due(BOOK, facts, at(22), ALIVE) == [Due(OPEN, 2, unsure=True)]


def test_a_failed_step_is_tried_again_after_a_while() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23)]
    assert due(BOOK, facts, at(27.999_999), ALIVE) == []
    assert due(BOOK, facts, at(28), ALIVE) == [Due(OPEN, 2)]


def test_a_step_that_must_not_be_asked_again_is_not() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23, retry=False)]
    assert names(facts, 10_000) == []


def test_a_failure_after_a_crash_is_tried_again_like_any_other() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22, "two"), claimed(OPEN, 23), failed(OPEN, 24)]
    assert due(BOOK, facts, at(28), ALIVE) == []
    assert due(BOOK, facts, at(29), ALIVE) == [Due(OPEN, 3)]


def test_a_step_that_goes_on_failing_is_tried_ever_more_rarely_up_to_once_a_minute() -> None:
    pauses = [OPEN.pause(n).total_seconds() for n in (1, 2, 3, 4, 5, 50, 5000)]
    assert pauses == [5, 10, 20, 40, 60, 60, 60]
    assert seconds(60) == LONGEST_PAUSE
    assert replace(OPEN, again=seconds(300)).pause(9) == seconds(300)
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23), claimed(OPEN, 28), failed(OPEN, 29)]
    assert due(BOOK, facts, at(38.9), ALIVE) == []
    assert due(BOOK, facts, at(39), ALIVE) == [Due(OPEN, 3)]


def test_an_attempt_that_ends_after_it_was_taken_over_does_not_end_the_one_under_way() -> None:
    late_word = fact(Kind.STEP_FAILED, at(25), step=OPEN.name, retry=True, attempt=1)
    facts = [PROVISIONAL, claimed(OPEN, 22, "two"), claimed(OPEN, 23), late_word]
    assert due(BOOK, facts, at(100), ALIVE) == []
    assert due(BOOK, facts, at(100), ()) == [Due(OPEN, 3, unsure=True)]


# runners that are stopped or cut off, and will act when they wake


def test_an_internal_step_whose_runner_is_silent_for_too_long_is_taken_over() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22)]
    assert due(BOOK, facts, at(80), ALIVE, lapsed=ALIVE) == [Due(OPEN, 2, unsure=True)]
    assert stuck(BOOK, facts, at(80), lapsed=ALIVE) == []


def test_a_public_step_whose_runner_is_silent_goes_to_a_person_at_once() -> None:
    facts = [*READY, claimed(TELL, 81)]
    assert due(BOOK, facts, at(82), ALIVE, lapsed=ALIVE) == []
    assert stuck(BOOK, facts, at(82), lapsed=ALIVE) == [TELL]
    assert stuck(BOOK, facts, at(82)) == []


def test_a_public_step_whose_service_refuses_a_repeated_key_is_taken_over_too() -> None:
    keyed = replace(TELL, keyed=True)
    facts = [*READY, claimed(TELL, 81)]
    assert due([OPEN, VERIFY, keyed], facts, at(82), ALIVE, ALIVE) == [Due(keyed, 2, unsure=True)]
    assert not TELL.repeatable
    assert keyed.repeatable
    assert OPEN.repeatable


def test_a_public_step_whose_runner_is_dead_is_taken_over_and_known_to_be_unsure() -> None:
    facts = [*READY, claimed(TELL, 81)]
    assert due(BOOK, facts, at(82), ()) == [Due(TELL, 2, unsure=True)]


def test_a_silent_runner_s_last_attempt_is_not_followed_by_another() -> None:
    once = replace(OPEN, attempts=1)
    facts = [PROVISIONAL, claimed(OPEN, 22)]
    assert due([once], facts, at(80), ALIVE, lapsed=ALIVE) == []
    assert stuck([once], facts, at(80), lapsed=ALIVE) == [once]


# steps that the clock sets off


DAY_BEFORE = Step(
    "check a day before", Reach.INTERNAL, timedelta(hours=-24), moot_after=timedelta(hours=-1)
)


def test_a_step_may_be_set_off_by_the_clock_before_t() -> None:
    before = at(-24 * 3600)
    assert due([DAY_BEFORE], [], before - seconds(0.000001), ALIVE) == []
    assert due([DAY_BEFORE], [], before, ALIVE) == [Due(DAY_BEFORE, 1)]
    assert stuck([DAY_BEFORE], [], before + seconds(121)) == [DAY_BEFORE]


def test_what_the_clock_has_passed_is_neither_due_nor_stuck() -> None:
    assert due([DAY_BEFORE], [], at(-3601), ALIVE) == [Due(DAY_BEFORE, 1)]
    assert planned([DAY_BEFORE], [], at(-3600)) == Plan()


def test_without_a_promise_nothing_is_due_by_the_clock() -> None:
    assert plan([DAY_BEFORE], Progress(), at(-3600), lambda _: Hold.HELD) == Plan()
    asked = replace(DAY_BEFORE, starts=Kind.STAGED)
    made = plan([asked], Progress([fact(Kind.STAGED, at(5))]), at(9), lambda _: Hold.HELD)
    assert made.due == [Due(asked, 1)]


def test_a_step_may_be_set_off_by_an_instant() -> None:
    step = Step("page", Reach.INTERNAL, at(7))
    assert due([step], [], at(6), ALIVE) == []
    assert due([step], [], at(7), ALIVE) == [Due(step, 1)]


def test_a_step_may_wait_for_a_while_after_what_sets_it_off() -> None:
    step = replace(OPEN, after=seconds(30))
    assert may_start(step, [PROVISIONAL]) == at(51)


def test_a_step_may_be_set_off_by_the_first_of_several_kinds() -> None:
    step = replace(OPEN, starts=(Kind.LATE, Kind.EARLY))
    assert may_start(step, [fact(Kind.EARLY, at(-50)), LATE]) == at(-50)
    assert may_start(step, [LATE, fact(Kind.EARLY, at(-50))]) == at(61)
    assert may_start(step, [PROVISIONAL]) is None


def test_a_step_may_ask_for_a_detail_of_the_fact_that_sets_it_off() -> None:
    step = replace(OPEN, starts=Kind.CAUSE_INFERRED, given=("cause", "outage"))
    cached = fact(Kind.CAUSE_INFERRED, at(61), cause="cached")
    outage = fact(Kind.CAUSE_INFERRED, at(90), cause="outage")
    assert may_start(step, [cached]) is None
    assert may_start(step, [cached, outage]) == at(90)


def test_a_step_nobody_waits_for_is_never_stuck() -> None:
    assert planned([replace(SIGN, deadline=None)], [fact(Kind.RECOVERED)], at(10**6)) == Plan()


# when to ask again


def test_a_plan_says_when_time_alone_will_change_it() -> None:
    assert planned(BOOK, [], at(0)).wake is None
    assert planned(BOOK, [PROVISIONAL], at(20)).wake == at(21)
    assert planned(BOOK, [PROVISIONAL], at(21)).wake == at(21 + 120.000_001)
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23)]
    assert planned(BOOK, facts, at(24)).wake == at(28)
    assert planned(BOOK, READY, at(70)).wake == at(81)


@given(st.data())
def test_asked_when_it_says_a_plan_misses_nothing(data: Any) -> None:
    """Between two wakes the plan does not change."""
    facts = data.draw(happenings)
    now = data.draw(instants_near(at(81), timedelta(minutes=1)))
    made = planned(BOOK, facts, now)
    end = made.wake or at(100_000)
    assert end > now
    between = now + (end - now) * data.draw(st.floats(0, 0.999_999))
    later = planned(BOOK, facts, min(between, end - seconds(0.000001)))
    assert (later.due, later.stuck) == (made.due, made.stuck)


def test_a_refusal_after_a_crash_is_still_a_refusal() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22, "two"), claimed(OPEN, 23)]
    facts += [failed(OPEN, 24, retry=False)]
    assert names(facts, 600, alive=()) == []


def test_a_claim_after_a_failure_stands() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23), claimed(OPEN, 28)]
    assert names(facts, 600) == []
    assert due(BOOK, facts, at(28), ()) == [Due(OPEN, 3, unsure=True)]


def test_what_happens_to_one_step_is_nothing_to_another() -> None:
    facts = [PROVISIONAL, done(OPEN, 22), claimed(OPEN, 22), failed(OPEN, 22, retry=False)]
    assert names(facts, 30) == ["verify alternate"]


def test_a_step_that_is_taken_does_not_hold_up_another() -> None:
    other = Step("page someone", Reach.INTERNAL, Kind.LATE_PROVISIONAL)
    facts = [PROVISIONAL, claimed(OPEN, 22)]
    assert due((OPEN, other), facts, at(23), ALIVE) == [Due(other, 1)]


def test_a_step_is_given_up_after_as_many_attempts_as_it_has() -> None:
    once = replace(OPEN, attempts=2)
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23)]
    assert due([once], facts, at(100), ALIVE) == [Due(once, 2)]
    facts += [claimed(OPEN, 100), failed(OPEN, 101)]
    assert due([once], facts, at(10_000), ALIVE) == []
    assert stuck([once], facts, at(102)) == [once]


def test_attempts_that_crashed_count_too() -> None:
    once = replace(OPEN, attempts=2)
    facts = [PROVISIONAL, claimed(OPEN, 22, "two"), claimed(OPEN, 23, "two")]
    assert due([once], facts, at(24), ALIVE) == []
    assert stuck([once], facts, at(24)) == [once]


def test_unless_told_otherwise_a_step_has_twenty_attempts_five_seconds_apart_in_two_minutes() -> (
    None
):
    assert (OPEN.attempts, OPEN.again, OPEN.deadline) == (20, seconds(5), timedelta(minutes=2))


# stuck


def test_a_step_is_stuck_when_its_deadline_is_over() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22)]
    assert stuck(BOOK, facts, at(21 + 120)) == []
    assert stuck(BOOK, facts, at(21 + 120.000_001)) == [OPEN]


def test_a_step_that_must_not_be_asked_again_is_stuck_at_once() -> None:
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23, retry=False)]
    assert stuck(BOOK, facts, at(24)) == [OPEN]


def test_a_step_that_will_be_tried_again_is_not_stuck_yet() -> None:
    assert stuck(BOOK, [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23)], at(24)) == []
    assert stuck(BOOK, [PROVISIONAL, claimed(OPEN, 22)], at(24)) == []
    assert stuck(BOOK, [PROVISIONAL], at(24)) == []


def test_a_step_with_an_attempt_left_is_not_given_up() -> None:
    once = replace(OPEN, attempts=2)
    assert stuck([once], [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23)], at(24)) == []


def test_a_step_whose_last_attempt_failed_after_a_crash_is_given_up_at_once() -> None:
    once = replace(OPEN, attempts=2)
    facts = [PROVISIONAL, claimed(OPEN, 22, "two"), claimed(OPEN, 23), failed(OPEN, 24)]
    assert stuck([once], facts, at(25)) == [once]


def test_the_last_attempt_is_not_given_up_while_it_runs() -> None:
    once = replace(OPEN, attempts=2)
    facts = [PROVISIONAL, claimed(OPEN, 22), failed(OPEN, 23), claimed(OPEN, 28)]
    assert stuck([once], facts, at(29)) == []


def test_a_judgement_nobody_made_in_time_is_stuck() -> None:
    assert stuck(BOOK, [fact(Kind.RECOVERED, at(600))], at(1000)) == [SIGN]


def test_a_step_that_is_done_or_may_not_start_is_not_stuck() -> None:
    assert stuck(BOOK, [PROVISIONAL, done(OPEN, 22), done(VERIFY, 23)], at(10_000)) == []
    assert stuck(BOOK, [PROVISIONAL, claimed(OPEN, 22)], at(10_000)) == [OPEN]


def test_a_step_done_does_not_hide_one_that_is_stuck() -> None:
    facts = [PROVISIONAL, done(OPEN, 22), fact(Kind.RECOVERED, at(600))]
    assert stuck(BOOK, facts, at(10_000)) == [VERIFY, SIGN]


# properties


def books() -> Any:
    """Up to six steps, each needing some of those before it."""

    def build(rows: list[tuple[Reach, Kind, list[int]]]) -> tuple[Step, ...]:
        return tuple(
            Step(
                f"step {n}",
                reach,
                starts,
                needs=tuple(f"step {need}" for need in sorted(set(needs)) if need < n),
                attempts=50,
            )
            for n, (reach, starts, needs) in enumerate(rows)
        )

    row = st.tuples(
        st.sampled_from([Reach.INTERNAL, Reach.PUBLIC]),
        st.sampled_from([Kind.LATE_PROVISIONAL, Kind.LATE]),
        st.lists(st.integers(0, 5), max_size=3),
    )
    return st.lists(row, min_size=1, max_size=6).map(build)


@dataclass
class Desk:
    """Runners that ask, claim, act, and now and then die; a record that takes each key once."""

    facts: list[Fact]
    now: Instant
    runners: int = 1
    dead: set[str] = field(default_factory=set)
    effects: dict[str, int] = field(default_factory=dict)

    def alive(self) -> list[str]:
        return [f"{n}" for n in range(self.runners) if f"{n}" not in self.dead]

    def write(self, kind: Kind, **details: Any) -> None:
        self.facts.append(fact(kind, self.now, n=len(self.facts) + 1, **details))


@given(books(), st.data())
def test_every_step_is_done_exactly_once_whatever_crashes(
    book: tuple[Step, ...], data: Any
) -> None:
    check(book)
    desk = Desk([PROVISIONAL, LATE], at(61))
    steps = {step.name: step for step in book}
    running: list[tuple[str, str]] = []  # (runner, step)
    for turn in range(400):
        ready = due(book, desk.facts, desk.now, desk.alive())
        claimed_now = {name for _, name in running}
        finished = {f.details["step"] for f in desk.facts if f.kind is Kind.STEP_DONE}
        for one in ready:
            assert one.step.name not in claimed_now
            assert one.step.name not in finished
            assert finished.issuperset(one.step.needs)
            if one.step.reach is Reach.PUBLIC:
                assert desk.now >= PROVISIONAL.recorded + VETO_WINDOW
        free = [name for name in desk.alive() if name not in {runner for runner, _ in running}]
        if ready and not free:
            desk.runners += 1
            free = [desk.alive()[-1]]
        if ready:
            attempt = ready[0]
            tries = [
                f
                for f in desk.facts
                if f.kind is Kind.STEP_CLAIMED and f.details["step"] == attempt.step.name
            ]
            assert attempt.attempt == len(tries) + 1
            desk.write(Kind.STEP_CLAIMED, step=attempt.step.name, runner=free[0])
            running.append((free[0], attempt.step.name))
        if running and not (ready and data.draw(st.booleans(), label="go on claiming")):
            # After a while the day grows calm, or nothing would ever have to end.
            endings = ["done", "failed", "crash"] if turn < 60 else ["done"]
            runner, name = running.pop(0)
            match data.draw(st.sampled_from(endings), label=f"{name} by {runner}"):
                case "done":
                    desk.effects[name] = desk.effects.get(name, 0) + 1
                    desk.write(Kind.STEP_DONE, step=name)
                case "failed":
                    desk.write(Kind.STEP_FAILED, step=name, retry=True)
                case _:
                    desk.dead.add(runner)
                    desk.runners += 1
        desk.now += seconds(3)
        if len(desk.effects) == len(book):
            break
    assert desk.effects == dict.fromkeys(steps, 1)
    assert stuck(book, desk.facts, at(10_000)) == []
    assert due(book, desk.facts, at(10_000), desk.alive()) == []


happenings = st.lists(
    st.one_of(
        st.sampled_from([PROVISIONAL, LATE, fact(Kind.VETOED, at(65))]),
        st.builds(
            claimed, st.sampled_from(BOOK), st.floats(0, 90), st.sampled_from(["one", "two"])
        ),
        st.builds(failed, st.sampled_from(BOOK), st.floats(0, 90), retry=st.booleans()),
        st.builds(done, st.sampled_from(BOOK), st.floats(0, 90)),
    ),
    max_size=12,
)


@given(happenings, instants_near(at(81)), st.sampled_from([(), ("one",), ("one", "two")]))
def test_whatever_has_happened_nothing_is_due_that_must_not_be(
    facts: list[Fact], now: Instant, alive: tuple[str, ...]
) -> None:
    finished = {f.details["step"] for f in facts if f.kind is Kind.STEP_DONE}
    for one in due(BOOK, facts, now, alive):
        assert one.step.name not in finished
        looked_for = to_be_found(one.step, Progress(numbered(facts)))
        assert looked_for or finished.issuperset(one.step.needs)
        assert one.step.reach is not Reach.JUDGEMENT
        ours = [
            f for f in facts if f.kind is Kind.STEP_CLAIMED and f.details["step"] == one.step.name
        ]
        assert one.attempt == len(ours) + 1
        last = [f for f in facts if f.details.get("step") == one.step.name][-1:]
        if last and last[0].kind is Kind.STEP_CLAIMED:
            assert last[0].details["runner"] not in alive
        vetoed = any(f.kind is Kind.VETOED for f in facts)
        if looked_for:
            assert ours
            assert vetoed
        elif one.step.reach is Reach.PUBLIC:
            assert LATE in facts
            assert not vetoed
            assert now >= at(21 + 60)


@given(happenings, instants_near(HALF_PAST, timedelta(minutes=3)))
def test_a_step_is_never_stuck_before_it_may_start(facts: list[Fact], now: Instant) -> None:
    for step in stuck(BOOK, facts, now):
        assert may_start(step, facts) or to_be_found(step, Progress(numbered(facts)))
        assert done(step, 0).details["step"] not in {
            f.details["step"] for f in facts if f.kind is Kind.STEP_DONE
        }


def test_a_service_that_asks_for_time_is_not_asked_before() -> None:
    asked = fact(Kind.STEP_FAILED, at(23), step=OPEN.name, retry=True, wait_s=90)
    facts = [PROVISIONAL, claimed(OPEN, 22), asked]
    before = planned(BOOK, facts, at(23 + 89))
    assert [due.step for due in before.due] == []
    assert [due.step for due in planned(BOOK, facts, at(23 + 90)).due] == [OPEN]


@pytest.mark.parametrize("ends", [Kind.RECOVERED, Kind.TICKET_ANSWERED])
def test_any_of_several_kinds_of_fact_can_take_the_sense_out_of_a_step(ends: Kind) -> None:
    both = (Kind.RECOVERED, Kind.TICKET_ANSWERED)
    step = replace(OPEN, moot_after=both)
    assert planned([step], [PROVISIONAL], at(30)).due
    assert not planned([step], [PROVISIONAL, fact(ends, at(25))], at(30)).due
