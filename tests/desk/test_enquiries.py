"""Somebody telephones or writes, and it is noted."""

import pytest
from click.testing import CliRunner

from ninethirty.cli import commands
from ninethirty.core.errors import Malformed, NotAllowed, OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.desk.actions import note_enquiry as module
from ninethirty.desk.actions.erase import erase_message
from ninethirty.desk.actions.note_enquiry import CHANNEL, LONGEST, How, note_enquiry
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Release
from tests.core.made import at
from tests.desk.setting import COLLEAGUE, HEAD, RELEASE, Desk, kinds
from tests.desk.test_letters import Ear
from tests.desk.way import promised


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> tuple[Ear, Ear]:
    first, second = Ear(), Ear()
    monkeypatch.setattr(module, "first_route", lambda *_: first)
    monkeypatch.setattr(module, "second_route", lambda _: second)
    return first, second


@pytest.mark.parametrize("how", How)
def test_an_enquiry_is_a_fact_and_its_words_are_in_a_row_that_can_be_erased(
    desk: Desk, ears: tuple[Ear, Ear], how: How
) -> None:
    promised()
    desk.show(at(240))
    fact = note_enquiry(RELEASE, how, "A reader cannot find table 2.", by=COLLEAGUE)
    assert (fact.kind, fact.at, fact.actor) == (Kind.ENQUIRY_NOTED, at(240), COLLEAGUE)
    message = Message.objects.get(id=fact.details["message"])
    assert (message.channel, message.about, message.text) == (
        CHANNEL,
        how,
        "A reader cannot find table 2.",
    )
    assert "table 2" not in str(fact)
    Release.objects.update(closed=True)
    erase_message(message.id, by=HEAD)
    assert Message.objects.get(id=message.id).text == ""


def test_whoever_is_on_call_is_paged_of_each_once_the_release_should_be_public(
    desk: Desk, ears: tuple[Ear, Ear]
) -> None:
    promised()
    desk.show(at(-1))
    note_enquiry(RELEASE, "mail", by=COLLEAGUE)
    assert ears[0].heard == []
    desk.show(at(0))
    note_enquiry(RELEASE, "mail", by=COLLEAGUE)
    note_enquiry(RELEASE, "telephone", "Where is it?", by=COLLEAGUE)
    assert [alert.reason for alert in ears[0].heard] == 2 * [
        f"{RELEASE}: somebody asked by telephone or mail"
    ]
    assert len({alert.key for alert in ears[0].heard}) == 2
    assert ears[1].heard == []


def test_the_second_route_is_taken_when_the_first_fails_and_then_a_telephone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised()
    desk.show(at(1))
    second = Ear()
    monkeypatch.setattr(module, "first_route", lambda *_: Ear(fails=1))
    monkeypatch.setattr(module, "second_route", lambda _: second)
    note_enquiry(RELEASE, "mail", by=COLLEAGUE)
    assert len(second.heard) == 1
    monkeypatch.setattr(module, "second_route", lambda _: Ear(fails=1))
    with pytest.raises(OutsideFailed, match=r"noted, but no pager took it .* telephone whoever"):
        note_enquiry(RELEASE, "mail", by=COLLEAGUE)
    assert kinds(facts_of(RELEASE)).count(Kind.ENQUIRY_NOTED) == 2


def test_what_cannot_be_noted_leaves_nothing(desk: Desk, ears: tuple[Ear, Ear]) -> None:
    promised()
    for release, how, words, by, wrong in (
        (RELEASE, "pigeon", "", COLLEAGUE, Malformed),
        (RELEASE, "mail", "a" * (LONGEST + 1), COLLEAGUE, Malformed),
        (RELEASE, "mail", "", "person-9", NotAllowed),
        ("no-release", "mail", "", COLLEAGUE, NotAllowed),
    ):
        with pytest.raises(wrong):
            note_enquiry(release, how, words, by=by)
    assert kinds(facts_of(RELEASE)) == [Kind.ANNOUNCED]
    assert not facts_of("no-release")
    assert not Message.objects.filter(channel=CHANNEL).exists()


def test_it_is_noted_at_the_terminal_too(desk: Desk) -> None:
    promised()
    told = ["enquiry", RELEASE, "--mail", "--by", COLLEAGUE, "--home", str(desk.home)]
    came = CliRunner().invoke(commands, told)
    assert (came.exit_code, came.exception) == (0, None)
    assert f"{RELEASE}: somebody asked by telephone or mail; noted at" in came.output
    assert kinds(facts_of(RELEASE))[-1] is Kind.ENQUIRY_NOTED
