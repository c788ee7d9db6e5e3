"""The link in a page, by which whoever is paged says that they are at it."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.test import Client

from ninethirty.core.escalation import Page
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.page_link import PATH
from ninethirty.desk.actions.acknowledge import link_for
from ninethirty.desk.actions.hear_replies import hear_replies
from ninethirty.desk.actions.page_person import alert
from ninethirty.desk.outside.smtp import message_id
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Person, Release
from ninethirty.desk.setup import setup
from ninethirty.standin.imap import Imap, listening
from tests.core.made import HALF_PAST, at
from tests.desk.pages.console.staff import visitor
from tests.desk.setting import OFFICER, RELEASE, Desk, happens
from tests.desk.test_by_hand import an_incident

AT = "https://desk.example"


@pytest.fixture
def client(desk: Desk) -> Client:
    an_incident(desk)
    desk.more = f'[console]\naddress = "{AT}"\n'
    desk.told()
    return visitor(checks_forms=True)


def link() -> str:
    told = alert(RELEASE, Page("late", "lead", 1, HALF_PAST), "late", OFFICER)
    assert told.link.startswith(AT + PATH)
    return told.link.removeprefix(AT)


def acknowledged() -> list[Fact]:
    return [fact for fact in facts_of(RELEASE) if fact.kind is Kind.ACKNOWLEDGED]


def test_whoever_presses_the_button_is_at_it_and_need_not_sign_in(client: Client) -> None:
    address = link()
    shown = client.get(address)
    assert shown.status_code == 200
    assert "I am at it" in shown.content.decode()
    assert client.post(address).status_code == 200
    [fact] = acknowledged()
    assert (fact.actor, fact.at) == (OFFICER, at(100))


def test_a_link_that_is_only_looked_at_does_nothing(client: Client) -> None:
    """Mail is looked into by machines, which follow links."""
    address = link()
    client.get(address)
    client.head(address)
    assert client.put(address).status_code == 405
    assert acknowledged() == []


def refused(client: Client, address: str) -> str:
    assert client.get(address).status_code == 403
    answer = client.post(address)
    assert answer.status_code == 403
    assert acknowledged() == []
    return answer.content.decode()


def test_a_wrong_link_is_refused(client: Client) -> None:
    assert "not a link out of a page" in refused(client, f"{PATH}{'A' * 90}")


def test_an_old_link_is_refused(client: Client, desk: Desk) -> None:
    address = link()
    desk.show(at(90_000))
    setup.cache_clear()
    assert "more than a day old" in refused(client, address)


def test_whoever_has_left_is_not_at_it(client: Client) -> None:
    address = link()
    Person.objects.filter(id=OFFICER).update(left=at(50))
    assert client.post(address).status_code == 403
    assert acknowledged() == []


def test_the_link_to_a_closed_release_is_refused(client: Client) -> None:
    address = link()
    Release.objects.update(closed=True)
    assert "is closed" in refused(client, address)


def test_a_desk_that_is_not_told_where_it_is_reached_sends_no_link(desk: Desk) -> None:
    an_incident(desk)
    assert link_for(RELEASE, OFFICER) == ""


def test_whoever_is_not_named_gets_no_link(client: Client) -> None:
    assert link_for(RELEASE, "") == ""


@pytest.fixture
def inbox(desk: Desk) -> Iterator[Imap]:
    """Where replies to pages come in, once one has gone out to OFFICER."""
    an_incident(desk)
    found = Imap("desk", "right")
    with listening(found) as port:
        desk.more = (
            f'[console]\naddress = "{AT}"\n'
            '[services.helpdesk]\nkind = "mail"\nurl = "smtps://mail.example:465"\n'
            f'inbox = "imap://127.0.0.1:{port}"\naccount = "desk"\ntoken = "right"\n'
            'sender = "desk@office.example"\nto = "support@platform.example"\n'
            '[[pagers]]\nkind = "mail"\nurl = "smtps://mail.example:465"\n'
            'sender = "desk@office.example"\nto = "on-call@office.example"\n'
        )
        desk.told()
        happens(Kind.PAGED, at(90), alarm="late", to="lead", person=OFFICER, about="late")
        yield found


def reply(text: str, page: str = f"{RELEASE}/late/1", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "somebody@office.example"
    mail["Message-ID"] = f"<{len(text)}.{len(headers)}@office.example>"
    mail["In-Reply-To"] = message_id(page, "desk@office.example")
    for name, told in headers.items():
        mail[name.replace("_", "-")] = told
    mail.set_content(text)
    return mail.as_bytes()


def test_whoever_answers_a_page_by_mail_is_at_it_once(inbox: Imap) -> None:
    inbox.mails = [reply(f"On it.\n\n> lead: late\n>\n> I am at it: {AT}{link()}\n")]
    for _ in range(2):
        hear_replies(RELEASE, by="runner-a")
    [fact] = acknowledged()
    assert fact.actor == OFFICER
    assert inbox.seen == set()


def test_what_is_no_answer_of_a_person_to_a_page_of_ours_is_nobody_at_it(inbox: Imap) -> None:
    quoted = f"> I am at it: {AT}{link()}\n"
    inbox.mails = [
        reply("On it."),
        reply(f"> I am at it: {AT}{PATH}{'A' * 90}\n"),
        reply(quoted, page=f"{RELEASE}/late/2"),
        reply(f"I am away.\n{quoted}", Auto_Submitted="auto-replied"),
        b"Content-Type: multipart/report; boundary=b\n" + reply(quoted),
    ]
    hear_replies(RELEASE, by="runner-a")
    assert acknowledged() == []


def test_a_desk_whose_help_desk_is_not_by_mail_reads_no_replies(desk: Desk) -> None:
    an_incident(desk)
    happens(Kind.PAGED, at(90), alarm="late", to="lead", about="late")
    hear_replies(RELEASE, by="runner-a")
    assert acknowledged() == []
