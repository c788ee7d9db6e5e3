"""Names and words can be erased, and the record still verifies."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.retention import DAYS, Kept
from ninethirty.desk.actions.draft_report import redraft
from ninethirty.desk.actions.erase import erase_message, erase_past, erase_person
from ninethirty.desk.command import check, erase
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.models import Message, Person, Release, SightingRow
from ninethirty.desk.record.sightings import store
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, RIGHT, at
from tests.desk.setting import (
    HEAD,
    OFFICER,
    RELEASE,
    STATISTICIAN,
    Desk,
    happens,
    looks,
    watched,
    work_here,
)
from tests.desk.way import armed

SECRET = "Written by somebody with a name."
YEARS = 86400 * 366


def answered(*, closed: bool = True) -> Message:
    """A release over which the platform's support wrote something."""
    work_here()
    watched()
    for kind in (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
        happens(kind, at(-3000))
    return asked(closed=closed)


def asked(*, closed: bool) -> Message:
    message = Message.objects.create(
        subject=RELEASE,
        channel="answer",
        at=at(60),
        key=f"{RELEASE}/answer/1",
        title="Re: late",
        text=SECRET,
        link="http://a.example",
        url="http://b.example",
    )
    happens(Kind.LATE_PROVISIONAL, at(20), reason="late")
    happens(Kind.TICKET_ANSWERED, at(60), message=message.id)
    happens(Kind.CAUSE_STATED, at(60), message=message.id)
    happens(Kind.RECOVERED, at(120))
    if closed:
        happens(Kind.CLOSED, at(300))
    return message


def everything_stored() -> str:
    """Every text of every table of ours."""
    found = []
    with connection.cursor() as cursor:
        for table in ("facts", "record_message", "record_person", "record_release"):
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_words_of_a_message_are_erased_and_every_chain_still_verifies(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    message = asked(closed=True)
    assert SECRET in everything_stored()
    before = facts_of(RELEASE)
    fact = erase_message(message.id, by=HEAD)
    assert SECRET not in everything_stored()
    assert (fact.kind, fact.actor) == (Kind.ERASED, HEAD)
    assert fact.details == {"row": "message", "id": message.id, "why": "on request"}
    assert facts_of(RELEASE) == [*before, fact]
    assert check_chain(RELEASE) == len(before) + 1
    assert CliRunner().invoke(check, ["--home", str(desk.home)]).exit_code == 0


def test_what_was_erased_stays_known_to_have_been_said(desk: Desk) -> None:
    message = answered()
    erase_message(message.id, by=HEAD)
    row = Message.objects.get(key=message.key)
    assert (row.id, row.text, row.title, row.link, row.url) == (message.id, "", "", "", "")


def test_a_report_drafted_with_the_words_is_drafted_without_them(desk: Desk) -> None:
    message = answered()
    redraft(Release.objects.get(id=RELEASE), facts_of(RELEASE))
    papers = list(setup().papers.iterdir())
    assert any(SECRET in paper.read_text() for paper in papers)
    erase_message(message.id, by=HEAD)
    assert not any(SECRET in paper.read_text() for paper in setup().papers.iterdir())


def test_words_that_steps_may_still_need_are_not_erased(desk: Desk) -> None:
    message = answered(closed=False)
    with pytest.raises(NotAllowed, match="is not over; close it first"):
        erase_message(message.id, by=HEAD)
    assert SECRET in everything_stored()


def test_a_name_is_erased_after_its_person_has_left_and_the_id_stays(desk: Desk) -> None:
    work_here()
    with pytest.raises(NotAllowed, match="works here"):
        erase_person(STATISTICIAN, by=HEAD)
    Person.objects.filter(id=STATISTICIAN).update(left=at(0))
    fact = erase_person(STATISTICIAN, by=HEAD)
    assert f"Name of {STATISTICIAN}" not in everything_stored()
    row = Person.objects.get(id=STATISTICIAN)
    assert (row.name, row.role) == ("", "statistician")
    assert fact.details == {"row": "person", "id": STATISTICIAN, "why": "on request"}
    assert check_chain("people") == 1


@pytest.mark.parametrize("by", [OFFICER, STATISTICIAN, "person-9"])
def test_erasing_takes_its_role(desk: Desk, by: str) -> None:
    message = answered()
    Person.objects.filter(id=STATISTICIAN).update(left=at(0))
    with pytest.raises(NotAllowed):
        erase_message(message.id, by=by)
    with pytest.raises(NotAllowed):
        erase_person(STATISTICIAN, by=by)
    with pytest.raises(NotAllowed):
        erase_past(by=by)
    assert SECRET in everything_stored()


def test_nothing_is_erased_twice_and_nothing_unknown(desk: Desk) -> None:
    message = answered()
    erase_message(message.id, by=HEAD)
    for known_no_more in (message.id, 999):
        with pytest.raises(NotAllowed, match="no words to erase"):
            erase_message(known_no_more, by=HEAD)
    with pytest.raises(NotAllowed, match="no name to erase"):
        erase_person("person-9", by=HEAD)


def test_what_is_past_its_time_is_erased_and_what_is_not_is_kept(desk: Desk) -> None:
    answered()
    store(looks(1, 9, RIGHT))
    Person.objects.filter(id=STATISTICIAN).update(left=at(0))
    ends = HALF_PAST + timedelta(days=DAYS[Kept.SIGHTINGS])
    desk.show(ends - timedelta(microseconds=1))
    assert erase_past(by=HEAD) == []
    desk.show(ends)
    assert [fact.details["row"] for fact in erase_past(by=HEAD)] == ["sightings"]
    assert not SightingRow.objects.exists()
    desk.show(at(60) + timedelta(days=DAYS[Kept.MESSAGE]))
    facts = erase_past(by=HEAD)
    assert [fact.details["row"] for fact in facts] == ["person", "message"]
    assert {fact.details["why"] for fact in facts} == {"its time is over"}
    assert erase_past(by=HEAD) == []
    assert SECRET not in everything_stored()
    assert check_chain(RELEASE) == len(facts_of(RELEASE))


def test_a_release_that_is_not_over_keeps_everything(desk: Desk) -> None:
    answered(closed=False)
    store(looks(1, 9, RIGHT))
    desk.show(at(10 * YEARS))
    assert erase_past(by=HEAD) == []


def test_the_command_says_what_was_erased(desk: Desk) -> None:
    message = answered()
    told = ["--home", str(desk.home), "--by", HEAD]
    erased = CliRunner().invoke(erase, [*told, "--message", str(message.id)])
    assert erased.output == f"{RELEASE}: message {message.id} erased, on request\n"
    assert CliRunner().invoke(erase, [*told, "--past"]).output == "nothing is past its time\n"
    assert CliRunner().invoke(erase, told).exit_code == 2
