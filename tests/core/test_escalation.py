from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.escalation import LADDER, Alarm, Page, next_page, ringing, step_of
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Hold, plan
from ninethirty.core.times import Instant
from tests.core.made import at, fact, seconds

LATE = Alarm(Kind.LATE_PROVISIONAL, (Kind.ON_TIME, Kind.RECOVERED), settled_by="settle")
DOUBT = fact(Kind.LATE_PROVISIONAL, at(21))


def paged(when: float, alarm: str = "late") -> Fact:
    return fact(Kind.PAGED, at(when), alarm=alarm)


def acknowledged(when: float, by: str = "person-1") -> Fact:
    return fact(Kind.ACKNOWLEDGED, at(when), actor=by)


def page(*facts: Fact) -> tuple[str, Instant]:
    made = next_page("late", at(21), Progress(facts))
    return made.to, made.at


def test_an_alarm_is_on_from_what_starts_it_until_what_ends_it() -> None:
    assert ringing("late", LATE, Progress()) is None
    assert ringing("late", LATE, Progress([DOUBT])) == at(21)
    assert ringing("late", LATE, Progress([DOUBT, fact(Kind.LATE, at(61))])) == at(21)
    assert ringing("late", LATE, Progress([DOUBT, fact(Kind.RECOVERED, at(61))])) is None


def test_an_alarm_is_on_from_when_people_could_know() -> None:
    assert ringing("late", LATE, Progress([replace(DOUBT, recorded=at(70))])) == at(70)


def test_an_alarm_ends_when_people_have_settled_what_it_is_about() -> None:
    assert (
        ringing("late", LATE, Progress([DOUBT, fact(Kind.STEP_DONE, at(30), step="settle")]))
        is None
    )


def test_what_was_over_before_anybody_was_paged_is_paged_for_once_if_it_lasted() -> None:
    """Every runner stood still meanwhile, and people are to know of it all the same."""

    def rings(until: float, *facts: Fact) -> bool:
        over = fact(Kind.RECOVERED, at(until), recorded=at(5000))
        return ringing("late", LATE, Progress([DOUBT, *facts, over])) is not None

    assert not rings(141)
    assert rings(141.1)
    assert not rings(5000, paged(60))
    assert not rings(5000, fact(Kind.STEP_DONE, at(30), step="settle"))


def test_the_first_page_is_to_the_lead_at_once() -> None:
    assert next_page("late", at(21), Progress([DOUBT])) == Page("late", "lead", 1, at(21))


def test_every_two_minutes_the_next_on_the_ladder_is_paged_round_and_round() -> None:
    facts = [DOUBT]
    seen = []
    for number in range(6):
        to, when = page(*facts)
        assert when == at(21 + 120 * number)
        seen.append(to)
        facts.append(paged(21 + 120 * number))
    assert seen == [*LADDER, *LADDER[:2]]


def test_pages_of_another_alarm_do_not_count() -> None:
    assert page(DOUBT, paged(30, "early")) == ("lead", at(21))


def test_whoever_acknowledges_has_half_an_hour_then_the_ladder_begins_anew() -> None:
    facts = [DOUBT, paged(21), paged(141), acknowledged(150)]
    assert page(*facts) == ("lead", at(150 + 1800))
    assert page(*facts, paged(1950)) == ("deputy", at(1950 + 120))


def test_what_they_do_meanwhile_gives_them_half_an_hour_more() -> None:
    at_work = fact(Kind.VETOED, at(500), actor="person-1")
    assert page(DOUBT, paged(21), acknowledged(50), at_work) == ("lead", at(2300))
    of_others = replace(at_work, actor="person-2")
    assert page(DOUBT, paged(21), acknowledged(50), of_others) == ("lead", at(1850))


def test_another_alarm_does_not_wait_for_a_word_given_to_the_first() -> None:
    facts = [DOUBT, paged(21), acknowledged(50), fact(Kind.WRONG, at(300))]
    assert next_page("wrong", at(300), Progress(facts)) == Page("wrong", "lead", 1, at(300))
    facts.append(paged(300, "wrong"))
    assert next_page("wrong", at(300), Progress(facts)).at == at(420)


def test_a_word_given_before_the_alarm_is_not_an_answer_to_it() -> None:
    assert page(acknowledged(20), DOUBT, paged(21)) == ("deputy", at(141))


def test_a_page_is_a_step_that_is_due_when_it_says() -> None:
    step = step_of(Page("late", "deputy", 2, at(141)))
    assert (step.name, step.does, step.deadline) == ("page_late_2", "deputy", seconds(30))
    assert plan([step], Progress(), at(140), lambda _: Hold.HELD).due == []
    [due] = plan([step], Progress(), at(141), lambda _: Hold.HELD).due
    assert due.step is step


@given(st.lists(st.tuples(st.integers(1, 2000), st.sampled_from(["ack", "work", "page"]))))
def test_while_an_alarm_is_on_somebody_is_paged_within_half_an_hour_of_the_last_deed(
    deeds: list[tuple[int, str]],
) -> None:
    facts = [DOUBT]
    for second, deed in sorted(deeds):
        match deed:
            case "ack":
                facts.append(acknowledged(21 + second))
            case "work":
                facts.append(fact(Kind.VETOED, at(21 + second), actor="person-1"))
            case _:
                facts.append(paged(21 + second))
    to, when = page(*facts)
    assert to in LADDER
    assert when <= facts[-1].recorded + timedelta(minutes=30)
