"""The contract of a help desk, against the adapters; a printed ticket is never answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.desk.outside import web
from ninethirty.desk.outside.smtp import Account, Server
from ninethirty.desk.outside.tickets.github import GitHub
from ninethirty.desk.outside.tickets.jira import Jira
from ninethirty.desk.outside.tickets.mail import Inbox, Thread
from ninethirty.desk.outside.tickets.port import HelpDesk, Ticket
from ninethirty.desk.outside.tickets.printed import Printed
from ninethirty.desk.outside.tickets.zendesk import Zendesk
from ninethirty.desk.service import Service
from ninethirty.standin.github import REPOSITORY
from ninethirty.standin.imap import Imap, listening
from ninethirty.standin.ticket import ACKNOWLEDGED
from tests.core.made import HALF_PAST, at
from tests.desk.mailbox import Mailbox, mailbox
from tests.desk.services import LATER_S, Moody, service
from tests.desk.setting import TOKEN
from tests.standin.drill import Hands

TICKET = Ticket("LATE: GDP", "It is not there.", "release/gdp/raise_ticket")


@contextmanager
def zendesk(folder: Path) -> Iterator[tuple[Zendesk, Moody]]:
    with service("helpdesk", folder) as moody:
        yield Zendesk(moody.service), moody


OVER_HTTP: dict[str, tuple[str, Callable[[Service], HelpDesk]]] = {
    "zendesk": ("helpdesk", Zendesk),
    "jira": ("jira", lambda service: Jira(replace(service, account="OPS:desk@office.example"))),
    "github": ("github", lambda service: GitHub(replace(service, account=REPOSITORY))),
}


@contextmanager
def over_http(name: str, folder: Path) -> Iterator[tuple[HelpDesk, Moody]]:
    stand_in, adapter = OVER_HTTP[name]
    with service(stand_in, folder) as moody:
        yield adapter(moody.service), moody


@contextmanager
def by_mail() -> Iterator[tuple[Thread, Mailbox, Imap]]:
    """A thread of mail, the server it is handed in to, and the inbox that answers come in to."""
    with mailbox() as box:
        answers = Imap("desk", TOKEN)
        with listening(answers) as port:
            thread = Thread(
                Account(Server.parse(box.url)),
                Inbox.parse(f"imap://127.0.0.1:{port}", "desk", TOKEN),
                sender="desk@office.example",
                to="support@platform.example",
                clock=Hands(HALF_PAST),
            )
            yield thread, box, answers


@contextmanager
def help_desk(name: str, folder: Path) -> Iterator[HelpDesk]:
    if name == "printed":
        yield Printed()
    elif name == "mail":
        with by_mail() as (thread, _, _):
            yield thread
    else:
        with over_http(name, folder) as (desk, _):
            yield desk


EVERY = pytest.mark.parametrize("name", [*OVER_HTTP, "mail", "printed"])
HTTP = pytest.mark.parametrize("name", OVER_HTTP)


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


@HTTP
def test_adding_the_same_words_twice_leaves_one_comment(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        desk.add(ticket, "It has recovered.")
        desk.add(ticket, "It has recovered.")
    assert len(moody.truth("comment")) == 1


@HTTP
@pytest.mark.parametrize(
    "mood", ["acts, then says nothing", "acts, then fails", "acts, then talks nonsense"]
)
def test_a_ticket_that_was_opened_although_we_were_not_told_is_the_same_one(
    name: str, mood: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (1.0, 0.3))
    with over_http(name, tmp_path) as (desk, moody):
        moody.moods = [mood]
        with pytest.raises(OutsideFailed) as failed:
            desk.open(TICKET)
        assert failed.value.retry
        assert failed.value.happened_perhaps
        ticket = desk.open(TICKET)
    [truth] = moody.truth("ticket")
    assert ticket.removeprefix("OPS-") == str(truth["id"])


@HTTP
def test_words_that_were_added_although_we_were_not_told_are_not_added_again(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (1.0, 0.3))
    with over_http(name, tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        moody.moods = ["acts, then says nothing"]
        with pytest.raises(OutsideFailed):
            desk.add(ticket, "It has recovered.")
        desk.add(ticket, "It has recovered.")
    assert len(moody.truth("comment")) == 1


@HTTP
@pytest.mark.parametrize(("status", "retry"), [(429, True), (500, True), (400, False)])
def test_what_a_refusal_means_for_another_try(
    name: str, status: int, retry: bool, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (desk, moody):
        moody.moods = [status]
        with pytest.raises(OutsideFailed) as failed:
            desk.open(TICKET)
    assert failed.value.retry is retry
    assert failed.value.wait_s == (LATER_S if status == 429 else 0)
    assert moody.truth("ticket") == []


@HTTP
def test_a_wrong_token_is_not_tried_again(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (_, moody):
        desk = OVER_HTTP[name][1](Service(moody.url, "expired"))
        for act in (lambda: desk.open(TICKET), desk.check):
            with pytest.raises(OutsideFailed, match="401") as failed:
                act()
            assert not failed.value.retry


@HTTP
def test_comments_that_cannot_be_read_are_not_taken_for_none(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        moody.reads = ["acts, then talks nonsense"]
        with pytest.raises(OutsideFailed, match="cannot read"):
            desk.comments(ticket)


@pytest.mark.parametrize("name", ["jira", "github"])
def test_a_tracker_shows_what_we_added_and_what_was_answered(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (desk, moody):
        ticket = desk.open(TICKET)
        moody.clock.show(at(5 * 60))
        desk.add(ticket, "Still not there.")
        said = desk.comments(ticket)
    assert [(one.body, one.by_us, one.at) for one in said] == [
        (ACKNOWLEDGED, False, at(4 * 60)),
        ("Still not there.", True, at(5 * 60)),
    ]


def answer(to: str, **changed: str) -> bytes:
    """A mail from the platform's support, in a thread of ours."""
    message = EmailMessage()
    told = {
        "From": "Support <support@platform.example>",
        "References": to,
        "Message-ID": "<answer-1@platform.example>",
        "Date": "Tue, 01 Dec 2026 13:49:00 +0000",
        "text": "A cache kept the page.\n\n> It is not there.\n> Since 09:30.\n",
    }
    told |= changed
    message.set_content(told.pop("text"))
    for name, value in told.items():
        message[name] = value
    return message.as_bytes()


def test_an_answer_by_mail_is_read_with_its_time_and_without_what_it_quotes() -> None:
    with by_mail() as (thread, _, inbox):
        ticket = thread.open(TICKET)
        inbox.mails += [answer("<another@office.example>"), answer(ticket)]
        [comment] = thread.comments(ticket)
    assert comment.body == "A cache kept the page."
    assert comment.at.text() == "2026-12-01T13:49:00.000000Z"
    assert not comment.by_us


def test_what_we_sent_ourselves_into_a_thread_is_known_as_ours() -> None:
    with by_mail() as (thread, box, inbox):
        ticket = thread.open(TICKET)
        thread.add(ticket, "Still not there.")
        inbox.mails.append(box.taken[-1].as_bytes())
        [comment] = thread.comments(ticket)
    assert comment.by_us
    assert comment.body == "Still not there."


def test_a_ticket_by_mail_sent_twice_is_one_mail_to_whoever_reads_it() -> None:
    with by_mail() as (thread, box, _):
        assert thread.open(TICKET) == thread.open(TICKET)
    assert len({str(mail["Message-ID"]) for mail in box.taken}) == 1
    assert box.taken[0]["To"] == "support@platform.example"
    assert TICKET.body in box.taken[0].get_content()


@pytest.mark.parametrize("changed", [{"Date": "yesterday"}, {"text": ""}, {"Message-ID": ""}])
def test_an_odd_answer_by_mail_is_still_an_answer(changed: dict[str, str]) -> None:
    with by_mail() as (thread, _, inbox):
        ticket = thread.open(TICKET)
        inbox.mails.append(answer(ticket, **changed))
        [comment] = thread.comments(ticket)
    assert comment.id
    assert not comment.by_us


def test_a_mailbox_that_does_not_let_us_in_is_found_by_the_check() -> None:
    with mailbox() as box, listening(Imap("desk", "another")) as port:
        thread = Thread(
            Account(Server.parse(box.url)),
            Inbox.parse(f"imap://127.0.0.1:{port}", "desk", TOKEN),
            sender="desk@office.example",
            to="support@platform.example",
            clock=Hands(HALF_PAST),
        )
        with pytest.raises(OutsideFailed, match="from the mailbox") as failed:
            thread.check()
    assert TOKEN not in str(failed.value)


def test_a_mailbox_is_named_by_its_address() -> None:
    for url in ("http://a.example", "imaps://a.example", "imaps://:993"):
        with pytest.raises(CannotStart, match="imaps://HOST:PORT"):
            Inbox.parse(url, "u", "p")
