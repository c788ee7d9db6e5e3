"""The incident room: what a newcomer reads in it, and what each of its buttons does and refuses."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.sighting import View
from ninethirty.core.watch import UPLOADED, read_order
from ninethirty.desk.actions.second import agree, ask_second
from ninethirty.desk.record.facts import New, append_all, facts_of
from ninethirty.desk.record.models import Message, Person, Release
from ninethirty.desk.record.sightings import store
from ninethirty.desk.runner.book import STEPS
from ninethirty.desk.setup import setup
from tests.core.made import ABSENT, RIGHT, at, look
from tests.desk.pages.console.staff import client_of, somebody
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

ROOM = f"/incidents/{RELEASE}"
AUDITOR = "person-8"
COPY = "https://elsewhere.example/gdp"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Here pages ask the record in SQL."""
    kind: str = request.param
    return kind


def signed_in(person: str) -> Client:
    return client_of(somebody(Role(Person.objects.get(id=person).role), person))


@pytest.fixture
def late(desk: Desk) -> Desk:
    """A hundred seconds after T: late at its announced address, whole at the second one."""
    desk.show(at(100))
    work_here()
    Person.objects.create(id=AUDITOR, name="Name of the auditor", role=Role.AUDITOR)
    watched()
    store(looks(-400, -390, ABSENT))
    store(looks(0, 98, ABSENT))
    past = [look(one, 90, ABSENT, view=View.BUSTED) for one in ("a", "b", "c")]
    store(replace(seen, release=RELEASE) for seen in past)
    happens(Kind.LATE_PROVISIONAL, at(21))
    happens(Kind.INCIDENT_OPENED, at(22))
    done("open_incident", 22)
    happens(Kind.PAGED, at(23), alarm="late_provisional", to="lead", person=OFFICER)
    happens(Kind.FIRST_SEEN, at(1), channel="alternate")
    happens(Kind.ALTERNATE_VERIFIED, at(30), channel="alternate")
    done("check_alternate", 30)
    happens(Kind.LATE, at(61))
    return desk


def done(step: str, offset: float) -> Fact:
    return happens(Kind.STEP_DONE, at(offset), actor="runner-1", step=step, attempt=1)


def page(client: Client, path: str = ROOM, **told: str) -> str:
    answer = client.get(path, told)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def press(person: str, path: str, **sent: str) -> Any:
    return signed_in(person).post(f"{ROOM}/{path}", sent)


def newest() -> Fact:
    return facts_of(RELEASE)[-1]


def test_a_newcomer_reads_how_it_stands_before_anything_else(late: Desk) -> None:
    shown = page(signed_in(STATISTICIAN))
    first = shown.index("It is late at its announced address. It can be read at the second address")
    assert first < shown.index("What each witness sees now") < shown.index("Timeline")
    assert shown.count("Not right</strong>: not found") == 3 * 3  # witnesses, views and parts
    assert "the platform has not published it" in shown
    assert f"Name of {OFFICER}: paged" in shown
    assert "I can give you no figure that is not on that page." in shown


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_witness_whose_clock_is_ahead_pushes_out_no_other_s_looks(late: Desk) -> None:
    before = page(signed_in(STATISTICIAN)).count("Not right</strong>: not found")
    store(looks(5000, 5600, RIGHT))
    assert page(signed_in(STATISTICIAN)).count("Not right</strong>: not found") == before == 9


def test_every_step_says_how_it_stands_who_and_by_when(late: Desk) -> None:
    shown = " ".join(page(signed_in(STATISTICIAN)).split())
    assert "check alternate" in shown
    assert "<strong>done</strong>" in shown
    assert "runner-1" in shown
    assert "overdue" not in shown  # what was to be done before T has no sense any more
    upload = shown[shown.index("upload elsewhere <span") :]
    assert "waits for a person" in upload[: upload.index("</tr>")]


def test_notices_are_there_to_read_before_they_are_sent(late: Desk) -> None:
    shown = page(signed_in(STATISTICIAN))
    assert "Gross domestic product can be read here: http://statistics.example/gdp" in shown
    assert shown.count("ready, not sent") == 12
    key = f"{RELEASE}/tell_x"
    Message.objects.create(
        key=key, subject=RELEASE, channel="x", about="late", at=at(70), text="As it went out",
        service_id="1",
    )  # fmt: skip
    happens(Kind.USERS_TOLD, at(70), channel="x", about="late", message=1)
    shown = page(signed_in(STATISTICIAN))
    assert "As it went out" in shown
    assert shown.count("ready, not sent") == 11


def test_the_ticket_reads_as_a_thread(late: Desk) -> None:
    for n, (channel, text) in enumerate([("ticket", "Please publish it"), ("answer", "We <are>")]):
        Message.objects.create(key=str(n), subject=RELEASE, channel=channel, at=at(90), text=text)
    shown = page(signed_in(STATISTICIAN))
    assert shown.index("Please publish it") < shown.index("We &lt;are&gt;")


def test_the_live_part_says_only_what_is_new(late: Desk) -> None:
    client = signed_in(STATISTICIAN)
    shown = page(client)
    since = shown.partition("?since=")[2].partition('"')[0]
    assert client.get(f"{ROOM}/live", {"since": since}).status_code == 204
    fact = happens(Kind.BLIND, at(100))
    new = page(client, f"{ROOM}/live", since=since)
    assert f'id="fact-{fact.n}"' in new
    assert 'id="fact-1"' not in new
    again = new.partition("?since=")[2].partition('"')[0]
    assert client.get(f"{ROOM}/live", {"since": again}).status_code == 204
    store(looks(99, 100, RIGHT))
    assert "Right</strong>" in page(client, f"{ROOM}/live", since=again)


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_rendered_once_for_all_has_only_the_buttons_of_who_asks(late: Desk) -> None:
    seen = {who: page(signed_in(who)) for who in (OFFICER, AUDITOR, STATISTICIAN, OFFICER, AUDITOR)}
    since = seen[OFFICER].partition("?since=")[2].partition('"')[0]
    happens(Kind.BLIND, at(100))
    for who, buttons in ((AUDITOR, 0), (OFFICER, 2), (STATISTICIAN, 1)):
        for shown in (seen[who], page(signed_in(who), f"{ROOM}/live", since=since)):
            assert shown.count("/do/acknowledge") + shown.count("/do/veto") == buttons, who


@pytest.mark.parametrize("since", ["", "x.1.2", "9" * 12])
@pytest.mark.parametrize("database", ["sqlite"])
def test_the_live_part_refuses_what_no_page_was_told(late: Desk, since: str) -> None:
    assert signed_in(OFFICER).get(f"{ROOM}/live", {"since": since}).status_code == 400


def test_ten_thousand_facts_take_as_many_queries_as_ten(late: Desk) -> None:
    client = signed_in(STATISTICIAN)
    happens(Kind.BLIND, at(99))
    with CaptureQueriesContext(connection) as few:
        client.get(ROOM)
    append_all([New(RELEASE, Kind.BLIND, at(99))] * 10_000, actor="x", recorded=at(99))
    with CaptureQueriesContext(connection) as many:
        shown = page(client)
    assert len(many) <= len(few)
    assert shown.count('<li id="fact-') == 200
    older = shown.partition("/before/")[2].partition('"')[0]
    assert page(client, f"{ROOM}/before/{older}").count('<li id="fact-') == 200


def test_who_is_at_it_is_said_in_one_click(late: Desk) -> None:
    answer = press(STATISTICIAN, "do/acknowledge")
    assert (answer.status_code, answer["Location"]) == (302, ROOM)
    assert (newest().kind, newest().actor) == (Kind.ACKNOWLEDGED, STATISTICIAN)
    assert f"Name of {STATISTICIAN}: at it since" in page(signed_in(OFFICER))


def test_the_public_steps_are_stopped_and_go_on(late: Desk) -> None:
    assert "until somebody lets it go on" in page(signed_in(OFFICER), f"{ROOM}/do/veto")
    assert press(OFFICER, "do/veto", text="Our seal is wrong").status_code == 302
    assert newest().kind is Kind.VETOED
    shown = page(signed_in(OFFICER))
    assert "Our seal is wrong" in shown
    assert "stopped by a person" in shown
    assert press(OFFICER, "do/lift", text="It was right").status_code == 302
    assert newest().kind is Kind.VETO_LIFTED


def test_what_was_typed_is_still_there_when_it_is_refused(late: Desk) -> None:
    answer = press(OFFICER, "do/lift", text="It was right")
    assert answer.status_code == 403
    assert "nothing is stopped" in answer.content.decode()
    assert "It was right</textarea>" in answer.content.decode()


def test_a_hand_over_note_stands_in_the_room(late: Desk) -> None:
    press(STATISTICIAN, "do/hand-over", text="They restart it\nat ten")
    assert newest().kind is Kind.HANDED_OVER
    assert "They restart it\nat ten" in page(signed_in(OFFICER))
    assert (
        "write what the next person must know"
        in press(STATISTICIAN, "do/hand-over", text=" ").content.decode()
    )


def test_a_manual_step_is_confirmed_by_one_person(late: Desk) -> None:
    happens(Kind.ACKNOWLEDGED, at(90), actor=OFFICER)
    assert press(OFFICER, "steps/call_the_platform").status_code == 302
    assert newest().details["step"] == "call_the_platform"
    assert press(OFFICER, "steps/call_the_platform").status_code == 403


def test_where_one_witness_stands_alone_users_wait_for_one_click(desk: Desk) -> None:
    desk.show(at(100))
    work_here()
    watched()
    happens(Kind.LATE_PROVISIONAL, at(21))
    happens(Kind.LATE, at(61), waits_for="a person")
    done("check_alternate", 30)
    shown = page(signed_in(OFFICER))
    assert "for go ahead" in shown
    assert f'href="{ROOM}/steps/go_ahead"' in shown
    assert "Let users be told now" in page(signed_in(OFFICER), f"{ROOM}/steps/go_ahead")
    assert press(OFFICER, "steps/go_ahead").status_code == 302
    assert "for go ahead" not in page(signed_in(OFFICER))


def test_what_may_have_been_said_is_settled_by_a_person_who_looked(late: Desk) -> None:
    happens(Kind.STEP_CLAIMED, at(40), step="tell_x", attempt=1, runner="runner-1")
    happens(Kind.STEP_CLAIMED, at(41), step="tell_news", attempt=1, runner="runner-1")
    happens(Kind.RECOVERED, at(99))
    shown = page(signed_in(OFFICER))
    assert f'href="{ROOM}/steps/tell_x"' in shown
    assert "Users were not told there" in page(signed_in(OFFICER), f"{ROOM}/steps/tell_x")
    assert press(OFFICER, "steps/tell_x", not_said="yes").status_code == 302
    assert (newest().kind, newest().actor) == (Kind.NOT_SAID, OFFICER)
    assert f'href="{ROOM}/steps/tell_x"' not in page(signed_in(OFFICER))
    refused = press(OFFICER, "steps/tell_news", address="news.example")
    assert "give the address of what was said" in refused.content.decode()
    assert press(OFFICER, "steps/tell_news", address=COPY).status_code == 302
    assert [fact.kind for fact in facts_of(RELEASE)[-2:]] == [Kind.USERS_TOLD, Kind.STEP_DONE]
    assert COPY in page(signed_in(OFFICER))


def test_an_upload_takes_two_people_and_then_witnesses_look_there(late: Desk) -> None:
    assert press(OFFICER, "steps/upload_elsewhere", address=COPY).status_code == 302
    assert newest().kind is Kind.SECOND_ASKED
    assert COPY not in str([fact.details for fact in facts_of(RELEASE)])
    # The same person again is no second one.
    press(OFFICER, "steps/upload_elsewhere", address=COPY)
    assert newest().kind is Kind.SECOND_ASKED
    shown = page(signed_in(HEAD), f"{ROOM}/steps/upload_elsewhere")
    assert COPY in shown
    asked = shown.partition('name="asked" value="')[2].partition('"')[0]
    assert press(HEAD, "steps/upload_elsewhere", asked=asked).status_code == 302
    assert (newest().kind, newest().actor) == (Kind.STEP_DONE, HEAD)
    assert newest().details["with"] == OFFICER
    order = read_order(bytes(Release.objects.get(id=RELEASE).order), setup().key().public)
    assert order.channel(UPLOADED).page.url == COPY


def test_an_upload_without_an_address_is_refused_at_the_field(late: Desk) -> None:
    answer = press(OFFICER, "steps/upload_elsewhere", address="elsewhere")
    assert answer.status_code == 403
    assert "give the address of the copy" in answer.content.decode()
    assert 'value="elsewhere"' in answer.content.decode()


@pytest.mark.parametrize("database", ["sqlite"])
def test_nobody_agrees_to_what_they_did_not_read_or_to_their_own_word(late: Desk) -> None:
    upload = STEPS["upload_elsewhere"]
    with pytest.raises(NotAllowed, match="nobody has said yet"):
        agree(RELEASE, upload, by=HEAD, asked=1)
    asked = ask_second(RELEASE, upload, by=OFFICER, address=COPY)
    with pytest.raises(NotAllowed, match="a second person must agree"):
        agree(RELEASE, upload, by=OFFICER, asked=asked.n)
    ask_second(RELEASE, upload, by=OFFICER, address=f"{COPY}-2")
    with pytest.raises(NotAllowed, match="says something else now"):
        agree(RELEASE, upload, by=HEAD, asked=asked.n)


@pytest.mark.parametrize(
    ("person", "path"),
    [
        (STATISTICIAN, "do/veto"),
        (STATISTICIAN, "do/lift"),
        (AUDITOR, "do/acknowledge"),
        (AUDITOR, "do/veto"),
        (AUDITOR, "do/hand-over"),
        (AUDITOR, "steps/upload_elsewhere"),
        (AUDITOR, "steps/go_ahead"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_forbidden_is_refused_by_address_and_has_no_button(
    late: Desk, person: str, path: str
) -> None:
    before = newest()
    assert press(person, path, text="x", address=COPY).status_code == 403
    assert newest() == before
    assert signed_in(person).get(f"{ROOM}/{path}").status_code == 403
    assert f"{ROOM}/{path}" not in page(signed_in(person))


@pytest.mark.parametrize("path", ["do/nothing", "steps/raise_ticket", "steps/none"])
@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_no_button_is_not_there(late: Desk, path: str) -> None:
    assert press(OFFICER, path).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"])
def test_an_incident_of_another_producer_is_not_there(late: Desk) -> None:
    Release.objects.filter(id=RELEASE).update(series="of-others")
    client = signed_in(OFFICER)
    for path in ("", "/live?since=1.1.1", "/before/9", "/do/veto", "/steps/go_ahead"):
        assert client.get(ROOM + path).status_code == 404, path
    assert "Gross domestic product" not in page(client, "/incidents")


def test_the_list_names_what_is_in_doubt_and_how_it_stands(late: Desk) -> None:
    shown = page(signed_in(STATISTICIAN), "/incidents")
    assert "It is late at its announced address." in shown
    happens(Kind.RECOVERED, at(100))
    happens(Kind.CLOSED, at(100))
    assert "Nothing is in doubt." in page(signed_in(STATISTICIAN), "/incidents")


@pytest.mark.parametrize("how", ["telephone", "mail"])
def test_an_enquiry_is_noted_in_two_clicks(late: Desk, how: str) -> None:
    at_room = f"{ROOM}/do/{how}"
    assert at_room in page(signed_in(OFFICER))
    assert "whoever is on call is paged" in page(signed_in(OFFICER), at_room)
    answer = press(OFFICER, f"do/{how}", text="Where is it?")
    noted = newest()
    assert (noted.kind, noted.details["how"]) == (Kind.ENQUIRY_NOTED, how)
    assert Message.objects.get(id=noted.details["message"]).text == "Where is it?"
    assert answer.status_code == 302
    assert press(AUDITOR, f"do/{how}").status_code == 403
    assert newest() == noted
