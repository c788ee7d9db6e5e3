"""One fault of a platform that hit many producers: gathered, explained, watched, closed."""

from pathlib import Path

import pytest

from ninethirty.core.cause import Cause
from ninethirty.core.errors import NotAllowed, OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.problem import account
from ninethirty.desk.actions.problems.act import timeline_of
from ninethirty.desk.actions.problems.gather import gather, open_problem
from ninethirty.desk.actions.problems.tell import report_fix, state_cause
from ninethirty.desk.actions.problems.watch import begin_watch, close_problem, end_watch
from ninethirty.desk.outside.tickets.desks import help_desk
from ninethirty.desk.outside.tickets.port import Ticket
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Person, ProblemPart
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.reports.made import opened
from tests.desk.services import service
from tests.desk.setting import HEAD, RELEASE, Desk, kinds, watched

OPERATOR = "person-8"
ELSEWHERE = "release/elsewhere"


def problem(desk: Desk) -> str:
    opened(desk, release=RELEASE)
    watched()
    Person.objects.create(id=OPERATOR, name="x", role="operator")
    made = open_problem("platform.example", "Old pages stay in caches", by=OPERATOR)
    gather(made.id, RELEASE, hit=HALF_PAST, by=OPERATOR)
    gather(made.id, ELSEWHERE, hit=at(-86400), by=OPERATOR, producer="Another office")
    return made.id


def test_a_problem_gathers_releases_of_many_producers_once_each(desk: Desk) -> None:
    id = problem(desk)
    parts = ProblemPart.objects.order_by("release").values_list("release", "producer", "reference")
    assert list(parts) == [
        (ELSEWHERE, "Another office", ""),
        (RELEASE, "The office of examples", "br-2026-0001"),
    ]
    with pytest.raises(NotAllowed, match="is gathered under problem-2026-0001 already"):
        gather(id, RELEASE, hit=HALF_PAST, by=OPERATOR)
    with pytest.raises(NotAllowed, match="say whose release it is"):
        gather(id, "release/unknown", hit=HALF_PAST, by=OPERATOR)


def test_every_producer_hit_is_told_and_our_releases_have_it_on_their_timeline(desk: Desk) -> None:
    id = problem(desk)
    state_cause(id, Cause.OUTAGE, "A machine stopped.", by=OPERATOR)
    state_cause(id, Cause.CACHED, "It was a cache after all.", by=OPERATOR)
    found = account(facts_of(timeline_of(id)))
    assert [one.code for one in found.causes] == ["outage", "cached"]
    assert {one.producer for one in found.told} == {"The office of examples", "Another office"}
    answered = facts_of(RELEASE, kinds=[Kind.TICKET_ANSWERED, Kind.CAUSE_STATED])
    assert kinds(answered) == [Kind.TICKET_ANSWERED, Kind.CAUSE_STATED] * 2
    words = Message.objects.get(id=answered[-1].details["message"])
    assert (words.channel, words.text) == ("answer", "It was a cache after all.")
    assert facts_of(ELSEWHERE) == []


def test_an_answer_goes_into_the_ticket_of_each_once(desk: Desk, tmp_path: Path) -> None:
    id = problem(desk)
    with service("helpdesk", tmp_path) as moody:
        desk.told(helpdesk=moody.url)
        ticket = help_desk(setup()).open(Ticket("late", "It is not there.", "third"))
        gather(id, "release/third", hit=HALF_PAST, by=OPERATOR, producer="Third", ticket=ticket)
        moody.moods = ["acts, then says nothing"]
        with pytest.raises(OutsideFailed):
            report_fix(id, "The cache asks again.", by=OPERATOR)
        report_fix(id, "The cache asks again.", by=OPERATOR)
        said = [one.body for one in help_desk(setup()).comments(ticket) if one.by_us]
    assert said == ["It is not there.", "The cache asks again."]
    assert len(account(facts_of(timeline_of(id))).fixes) == 1


def test_a_problem_is_closed_after_a_watch_in_which_it_did_not_come_back(desk: Desk) -> None:
    id = problem(desk)
    with pytest.raises(NotAllowed, match="report the fix first"):
        begin_watch(id, by=OPERATOR)
    report_fix(id, "Done.", by=OPERATOR)
    with pytest.raises(NotAllowed, match="no watch has begun"):
        end_watch(id, by=OPERATOR)
    desk.show(at(86400))
    begin_watch(id, by=OPERATOR)
    gather(id, "release/again", hit=at(2 * 86400), by=OPERATOR, producer="Third")
    end_watch(id, by=OPERATOR)
    with pytest.raises(NotAllowed, match="came back during the watch, on 1 releases"):
        close_problem(id, by=OPERATOR)
    desk.show(at(3 * 86400))
    begin_watch(id, by=OPERATOR)
    end_watch(id, by=OPERATOR)
    close_problem(id, by=OPERATOR)
    assert not account(facts_of(timeline_of(id))).is_open
    with pytest.raises(NotAllowed, match="is closed; open another one"):
        report_fix(id, "x", by=OPERATOR)


def test_only_an_operator_works_on_a_problem(desk: Desk) -> None:
    id = problem(desk)
    with pytest.raises(NotAllowed, match="it takes an operator"):
        open_problem("platform.example", "x", by=HEAD)
    with pytest.raises(NotAllowed, match="it takes an operator"):
        report_fix(id, "x", by=HEAD)
    with pytest.raises(NotAllowed, match="no such problem"):
        report_fix("problem-1999-0001", "x", by=OPERATOR)
    with pytest.raises(NotAllowed, match="in words"):
        report_fix(id, " ", by=OPERATOR)
