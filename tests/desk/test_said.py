"""Users may have been told, nobody knows, and a person looks: it was said, or it was not."""

from functools import partial

import pytest
from click.testing import CliRunner

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Hold, plan
from ninethirty.core.sentence import told_users
from ninethirty.desk.actions.confirm import confirm_told
from ninethirty.desk.actions.not_said import not_said
from ninethirty.desk.actions.tell_users import (
    Word,
    tell_corrected,
    tell_late,
    tell_recovered,
    tell_update,
)
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message
from ninethirty.desk.runner.book import BOOK, STEPS, WORDS
from ninethirty.desk.said_command import said
from ninethirty.desk.setup import setup
from tests.core.made import at
from tests.desk.setting import OFFICER, RELEASE, Desk, happens, kinds, watched, work_here

TELL, WORD = STEPS["tell_x"], WORDS["tell_x"]
POST = "https://x.example/producer/status/1"


def newest() -> Fact:
    return facts_of(RELEASE)[-1]


def in_doubt(desk: Desk, *, row: bool = True) -> None:
    """A runner died while it posted, and then the release was there after all."""
    desk.show(at(300))
    work_here()
    watched()
    happens(Kind.LATE_PROVISIONAL, at(21))
    happens(Kind.LATE, at(61))
    happens(Kind.STEP_DONE, at(70), step="check_alternate", attempt=1)
    happens(Kind.STEP_CLAIMED, at(81), step=TELL.name, attempt=1, runner="runner-a")
    if row:
        Message.objects.create(
            key=f"{RELEASE}/{TELL.name}", subject=RELEASE, channel="x", about="late", at=at(82)
        )
    happens(Kind.RECOVERED, at(99))


def pages_for() -> list[str]:
    now, progress = setup().clock().now(), Progress(facts_of(RELEASE))
    return [step.name for step in plan([TELL], progress, now, lambda _: Hold.LAPSED).stuck]


def test_a_person_finds_that_users_were_not_told_and_the_pages_end(desk: Desk) -> None:
    in_doubt(desk)
    assert pages_for() == [TELL.name]
    not_said(RELEASE, TELL, by=OFFICER)
    assert (newest().kind, newest().actor) == (Kind.NOT_SAID, OFFICER)
    assert newest().details == {"step": TELL.name}
    assert pages_for() == []
    # No row is left that the next notice would take into the feed.
    assert not Message.objects.exists()
    with pytest.raises(NotAllowed, match="tell_x is not looked for"):
        not_said(RELEASE, TELL, by=OFFICER)
    with pytest.raises(NotAllowed, match="not to be done now"):
        confirm_told(RELEASE, TELL, WORD, POST, by=OFFICER)
    assert not Message.objects.exists()


def test_nobody_says_that_it_was_not_said_while_it_may_be_on_its_way(desk: Desk) -> None:
    in_doubt(desk)
    desk.show(at(125))
    with pytest.raises(NotAllowed, match=r"may still be at tell_x; look again after .*09:32:06"):
        not_said(RELEASE, TELL, by=OFFICER)
    desk.show(at(126))
    not_said(RELEASE, TELL, by=OFFICER)


def test_nobody_says_that_what_is_known_was_not_said(desk: Desk) -> None:
    in_doubt(desk)
    Message.objects.update(service_id="7")
    with pytest.raises(NotAllowed, match="is known, by its address or number"):
        not_said(RELEASE, TELL, by=OFFICER)
    assert newest().kind is Kind.RECOVERED


@pytest.mark.parametrize("row", [True, False])
def test_what_a_person_found_or_said_by_hand_counts_as_told_with_its_address(
    desk: Desk, row: bool
) -> None:
    in_doubt(desk, row=row)
    confirm_told(RELEASE, TELL, WORD, POST, by=OFFICER)
    told, done = facts_of(RELEASE)[-2:]
    message = Message.objects.get()
    assert told_users(facts_of(RELEASE), "late") == [told]
    assert told.actor == done.actor == OFFICER
    assert told.details == {"channel": "x", "about": "late", "message": message.id}
    assert told.key == f"{RELEASE}/told/late/x"
    assert (done.kind, done.details["step"]) == (Kind.STEP_DONE, TELL.name)
    assert (message.url, message.about, message.is_out) == (POST, "late", True)
    assert pages_for() == []


def test_what_a_channel_shows_nowhere_is_told_without_an_address(desk: Desk) -> None:
    in_doubt(desk)
    confirm_told(RELEASE, TELL, WORD, "", by=OFFICER)
    assert kinds(facts_of(RELEASE))[-2:] == [Kind.USERS_TOLD, Kind.STEP_DONE]


@pytest.mark.parametrize("address", ["x.example", "javascript:alert(1)", "https://" + "x" * 500])
def test_what_is_no_address_is_refused_and_nothing_is_written(desk: Desk, address: str) -> None:
    in_doubt(desk, row=False)
    with pytest.raises(NotAllowed, match="give the address of what was said"):
        confirm_told(RELEASE, TELL, WORD, address, by=OFFICER)
    with pytest.raises(NotAllowed, match="nothing in that language here"):
        confirm_told(RELEASE, STEPS["tell_x_cy"], WORDS["tell_x_cy"], POST, by=OFFICER)
    with pytest.raises(NotAllowed):
        confirm_told(RELEASE, TELL, WORD, POST, by="a passer-by")
    with pytest.raises(NotAllowed):
        not_said(RELEASE, TELL, by="a passer-by")
    assert (newest().kind, Message.objects.count()) == (Kind.RECOVERED, 0)


def test_every_step_that_tells_users_on_a_channel_has_its_word() -> None:
    about = {
        tell_late: "late",
        tell_update: "update",
        tell_recovered: "recovered",
        tell_corrected: "corrected",
    }
    found = {
        step.name: Word(act.keywords["channel"], about[act.func], act.keywords["language"])
        for step, act in BOOK.items()
        if isinstance(act, partial) and act.func in about
    }
    assert found == WORDS


def test_it_is_said_from_the_command_line_too(desk: Desk) -> None:
    in_doubt(desk)
    told = [RELEASE, "--home", str(desk.home), "--by", OFFICER]

    def answer(*more: str) -> str:
        return CliRunner().invoke(said, [*told, *more]).output

    assert "'tell_z' tells users nothing; known: tell_x" in answer("tell_z")
    assert "was it said, or not?" in answer("tell_x", "--not", "--at", POST)
    assert answer("tell_x", "--not") == f"{RELEASE}: tell_x: users were not told there\n"
    assert newest().kind is Kind.NOT_SAID


def test_where_it_was_said_is_given_on_the_command_line(desk: Desk) -> None:
    in_doubt(desk)
    told = [RELEASE, "tell_x", "--home", str(desk.home), "--by", OFFICER, "--at", POST]
    assert CliRunner().invoke(said, told).output == f"{RELEASE}: tell_x: users were told\n"
    assert Message.objects.get().url == POST
