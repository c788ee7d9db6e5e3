"""The contract of a help desk, against the adapters; a printed ticket is never answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ninethirty.core.errors import OutsideFailed
from ninethirty.desk.outside import web
from ninethirty.desk.outside.tickets.port import HelpDesk, Ticket
from ninethirty.desk.outside.tickets.printed import Printed
from ninethirty.desk.outside.tickets.zendesk import Zendesk
from ninethirty.desk.setup import Service
from ninethirty.standin.ticket import ACKNOWLEDGED
from tests.core.made import at
from tests.desk.services import Moody, service

TICKET = Ticket("LATE: GDP", "It is not there.", "release/gdp/raise_ticket")


@contextmanager
def zendesk(folder: Path) -> Iterator[tuple[Zendesk, Moody]]:
    with service("helpdesk", folder) as moody:
        yield Zendesk(moody.service), moody


@contextmanager
def help_desk(name: str, folder: Path) -> Iterator[HelpDesk]:
    if name == "printed":
        yield Printed()
    else:
        with zendesk(folder) as (desk, _):
            yield desk


EVERY = pytest.mark.parametrize("name", ["zendesk", "printed"])


@EVERY
def test_the_same_key_is_the_same_ticket(name: str, tmp_path: Path) -> None:
    with help_desk(name, tmp_path) as desk:
        first, again = desk.open(TICKET), desk.open(TICKET)
        other = desk.open(Ticket(TICKET.subject, TICKET.body, "release/cpi/raise_ticket"))
    assert first == again != other


@EVERY
def test_words_can_be_added_and_comments_asked_for(name: str, tmp_path: Path) -> None:
    with help_desk(name, tmp_path) as desk:
        ticket = desk.open(TICKET)
        desk.add(ticket, "It has recovered.")
        assert [one for one in desk.comments(ticket) if not one.by_us] == []


def test_comments_come_oldest_first_and_say_whose_they_are(tmp_path: Path) -> None:
    with zendesk(tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        moody.clock.show(at(5 * 60))
        desk.add(ticket, "Still not there.")
        said = desk.comments(ticket)
    assert [(one.body, one.by_us) for one in said] == [
        (TICKET.body, True),
        (ACKNOWLEDGED, False),
        ("Still not there.", True),
    ]
    assert [one.at for one in said] == [at(0), at(4 * 60), at(5 * 60)]
    assert len({one.id for one in said}) == 3


def test_adding_the_same_words_twice_leaves_one_comment(tmp_path: Path) -> None:
    with zendesk(tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        desk.add(ticket, "It has recovered.")
        desk.add(ticket, "It has recovered.")
    assert len(moody.truth("comment")) == 1


@pytest.mark.parametrize(
    "mood", ["acts, then says nothing", "acts, then fails", "acts, then talks nonsense"]
)
def test_a_ticket_that_was_opened_although_we_were_not_told_is_the_same_one(
    mood: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (1.0, 0.3))
    with zendesk(tmp_path) as (desk, moody):
        moody.moods = [mood]
        with pytest.raises(OutsideFailed) as failed:
            desk.open(TICKET)
        assert failed.value.retry
        assert failed.value.happened_perhaps
        ticket = desk.open(TICKET)
    [truth] = moody.truth("ticket")
    assert ticket == str(truth["id"])


def test_words_that_were_added_although_we_were_not_told_are_not_added_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (1.0, 0.3))
    with zendesk(tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        moody.moods = ["acts, then says nothing"]
        with pytest.raises(OutsideFailed):
            desk.add(ticket, "It has recovered.")
        desk.add(ticket, "It has recovered.")
    assert len(moody.truth("comment")) == 1


@pytest.mark.parametrize(("status", "retry"), [(429, True), (500, True), (400, False)])
def test_what_a_refusal_means_for_another_try(status: int, retry: bool, tmp_path: Path) -> None:
    with zendesk(tmp_path) as (desk, moody):
        moody.moods = [status]
        with pytest.raises(OutsideFailed) as failed:
            desk.open(TICKET)
    assert failed.value.retry is retry
    assert moody.truth("ticket") == []


def test_a_wrong_token_is_not_tried_again(tmp_path: Path) -> None:
    with zendesk(tmp_path) as (_, moody), pytest.raises(OutsideFailed, match="401") as failed:
        Zendesk(Service(moody.url, "expired")).open(TICKET)
    assert not failed.value.retry


def test_comments_that_cannot_be_read_are_not_taken_for_none(tmp_path: Path) -> None:
    with zendesk(tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        moody.reads = ["acts, then talks nonsense"]
        with pytest.raises(OutsideFailed, match="cannot read"):
            desk.comments(ticket)
