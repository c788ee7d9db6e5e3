from ninethirty.core.decide import decide
from ninethirty.core.escalation import Alarm, Page
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Hold, Reach, Step
from tests.core.made import at, fact

OPEN = Step("open", Reach.INTERNAL, Kind.LATE_PROVISIONAL)
ALARMS = {"late": Alarm(Kind.LATE_PROVISIONAL, (Kind.RECOVERED,))}
DOUBT = fact(Kind.LATE_PROVISIONAL, at(21))


def decided(facts: list[Fact], now: float) -> tuple[list[str], list[tuple[str, str]], float | None]:
    """Names of what is due, who is paged by the second route for which step, seconds to wake at."""
    made = decide([OPEN], ALARMS, Progress(facts), at(now), lambda _: Hold.HELD)
    woken = (made.wake - at(0)).total_seconds() if made.wake else None
    paged = [(step.name, page.to) for step, page in made.second_route]
    return [due.step.name for due in made.due], paged, woken


def done(step: str, when: float) -> Fact:
    return fact(Kind.STEP_DONE, at(when), step=step)


def paged(alarm: str, when: float) -> Fact:
    return fact(Kind.PAGED, at(when), alarm=alarm)


def test_nothing_happened_nothing_is_decided() -> None:
    assert decided([], 0) == ([], [], None)


def test_an_alarm_is_paged_for_beside_the_steps_of_the_book() -> None:
    due, second, _ = decided([DOUBT], 21)
    assert due == ["open", "page_late_1"]
    assert second == []


def test_it_says_which_page_a_step_is() -> None:
    made = decide([OPEN], ALARMS, Progress([DOUBT]), at(21), lambda _: Hold.HELD)
    assert made.pages == {"page_late_1": Page("late", "lead", 1, at(21))}


def test_the_next_page_wakes_the_runner() -> None:
    facts = [DOUBT, done("open", 22), paged("late", 22), done("page_late_1", 22)]
    assert decided(facts, 30) == ([], [], 142)
    assert decided(facts, 142)[0] == ["page_late_2"]


def test_a_stuck_step_is_paged_for_by_the_second_route_every_two_minutes() -> None:
    calm = [DOUBT, fact(Kind.RECOVERED, at(30))]
    claimed = fact(Kind.STEP_CLAIMED, at(22), step="open", attempt=1, runner="one")
    facts = [*calm, claimed]
    assert decided(facts, 200) == ([], [("open", "lead")], 320)
    facts.append(paged("stuck/open", 200))
    assert decided(facts, 300) == ([], [], 320)
    assert decided(facts, 320)[1] == [("open", "deputy")]


def test_a_page_that_cannot_be_sent_is_stuck_and_goes_by_the_second_route() -> None:
    failed = [
        fact(Kind.STEP_CLAIMED, at(22), step="page_late_1", attempt=1, runner="one"),
        fact(Kind.STEP_FAILED, at(23), step="page_late_1", attempt=1, retry=False),
    ]
    assert decided([DOUBT, done("open", 22), *failed], 24)[1] == [("page_late_1", "lead")]
