"""Nobody answers the ticket: it is said on it twice, and then a person telephones."""

from pathlib import Path

import pytest

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Hold, plan
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Call, Verdict
from ninethirty.desk.actions.ask_platform import remind_support
from ninethirty.desk.actions.step import Work
from ninethirty.desk.outside.tickets.desks import help_desk
from ninethirty.desk.outside.tickets.port import Ticket
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.runner.book import LATE
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.services import service
from tests.desk.setting import RELEASE, Desk, happens, watched

RAISED = 63
ASKING = ("remind_support_1", "remind_support_2", "telephone_support")


def due_or_stuck(now: Instant) -> tuple[list[str], list[str]]:
    made = plan(LATE, Progress(facts_of(RELEASE)), now, lambda _: Hold.FREE)
    due = [one.step.name for one in made.due if one.step.name in ASKING]
    return due, [step.name for step in made.stuck if step.name in ASKING]


def ticket_raised() -> None:
    happens(Kind.LATE, at(61))
    happens(Kind.TICKET_RAISED, at(RAISED), message=1)
    happens(Kind.STEP_DONE, at(RAISED), step="raise_ticket", attempt=1)


def work(attempt: int) -> Work:
    release = Release.objects.get(id=RELEASE)
    key = f"{RELEASE}/remind_support_1"
    return Work(release, facts_of(RELEASE), key, attempt, Verdict(Call.LATE, HALF_PAST))


def done(step: str, when: Instant) -> None:
    happens(Kind.STEP_DONE, when, step=step, attempt=1)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_ticket_that_nobody_answers_is_reminded_of_twice_and_then_a_person_is_paged(
    desk: Desk,
) -> None:
    ticket_raised()
    quarter = at(RAISED + 900)
    assert due_or_stuck(at(RAISED + 899)) == ([], [])
    assert due_or_stuck(quarter) == (["remind_support_1"], [])
    done("remind_support_1", quarter)
    half = at(RAISED + 1800)
    assert due_or_stuck(half) == (["remind_support_2"], [])
    done("remind_support_2", half)
    assert due_or_stuck(at(RAISED + 2700)) == ([], [])
    assert due_or_stuck(at(RAISED + 2701)) == ([], ["telephone_support"])


@pytest.mark.parametrize("ends", [Kind.TICKET_ANSWERED, Kind.RECOVERED])
@pytest.mark.parametrize("database", ["sqlite"])
def test_nobody_is_reminded_once_there_is_an_answer_or_no_need(desk: Desk, ends: Kind) -> None:
    ticket_raised()
    happens(ends, at(300))
    assert due_or_stuck(at(RAISED + 4000)) == ([], [])


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_reminder_stands_once_on_the_ticket_however_often_it_is_tried(
    desk: Desk, tmp_path: Path
) -> None:
    with service("helpdesk", tmp_path) as moody:
        desk.told(helpdesk=moody.url)
        watched()
        ticket = help_desk(setup()).open(Ticket("LATE", "It is not there.", "key"))
        Release.objects.filter(id=RELEASE).update(ticket=ticket)
        ticket_raised()
        moody.moods = ["acts, then fails"]
        with pytest.raises(OutsideFailed):
            remind_support(work(1), 1)
        [told] = remind_support(work(2), 1)
        said = [one.body for one in help_desk(setup()).comments(ticket)]
    assert told.kind is Kind.REMINDED
    reminders = [body for body in said if body.startswith("Nobody has answered this since 09:31")]
    assert len(reminders) == 1
