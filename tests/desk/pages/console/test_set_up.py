"""Set-up: what there is, how it stands, a test of it, and what can be added."""

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ninethirty.core.facts import Kind
from ninethirty.core.release import OF_PEOPLE, Role
from ninethirty.desk.actions.prove_routes import SET_UP
from ninethirty.desk.actions.whose import OWN, producers_of
from ninethirty.desk.pages.console.set_up import SEES, TESTS
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Producer, Series
from tests.core.made import at
from tests.desk.pages.console.staff import client_of, somebody
from tests.desk.services import service
from tests.desk.setting import HEAD, TOKEN, Desk, work_here

As = Callable[..., Client]


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def tried(client: Client, what: str) -> str:
    return text(client.post("/set-up/test", {"what": what}, follow=True))


def test_a_channel_is_proven_and_nothing_is_said_there(
    desk: Desk, as_role: As, tmp_path: Path
) -> None:
    client = as_role(Role.OPERATOR)
    with service("mastodon", tmp_path) as there:
        desk.told(mastodon=there.url)
        assert "mastodon lets us in." in tried(client, "mastodon")
        there.reads.append(401)
        assert "mastodon lets us in." not in tried(client, "mastodon")
        assert there.truth() == []
    assert "mastodon lets us in." not in tried(client, "mastodon"), "it is gone"
    assert "desk.toml names no such service" in tried(client, "nowhere")


def test_a_pager_is_sent_a_message_that_says_it_is_a_test(
    desk: Desk, as_role: As, tmp_path: Path
) -> None:
    with service("pagerduty", tmp_path) as there:
        desk.more = f'[[pagers]]\nkind = "pagerduty"\nurl = "{there.url}"\ntoken = "{TOKEN}"\n'
        desk.told()
        client = as_role(Role.OPERATOR)
        assert 'value="pagers.0"' in text(client.get("/set-up"))
        assert "pagers.0 took a test message." in tried(client, "pagers.0")
        desk.show(at(-3500))
        assert "pagers.0 took a test message." in tried(client, "pagers.0"), "and again"
        assert [one["text"] for one in there.truth()] == ["test: nothing is wrong"] * 2
        assert "desk.toml has no such table" in tried(client, "pagers.1")
        there.moods.append(403)
        assert "took a test message" not in tried(client, "pagers.0")
    assert [fact.kind for fact in facts_of(SET_UP)] == [Kind.ROUTE_PROVEN] * 2


def test_what_is_missing_says_what_fills_it_and_secrets_are_not_shown(
    desk: Desk, as_role: As
) -> None:
    shown = text(as_role(Role.OPERATOR).get("/set-up"))
    for table in ("[[pagers]]", "[[on_call]]"):
        assert table in shown
    for says in (
        "A head of profession adds one",
        "has not answered yet",
        "looks from north",
        "files are not scanned",
        "at 09:30 in Europe/London, promised 28 days ahead",
        "Available at another address",
    ):
        assert says in shown
    assert TOKEN not in shown
    assert "token-of-a" not in shown


def test_the_rota_names_who_does_not_work_here(desk: Desk, as_role: As) -> None:
    desk.more = (
        '[[on_call]]\nwho = "operator-1"\ndeputy = "nobody-9"\n'
        "since = 2026-11-01T00:00:00Z\nuntil = 2027-01-01T00:00:00Z\n"
    )
    desk.told()
    shown = text(as_role(Role.OPERATOR, "operator-1").get("/set-up"))
    assert "nobody-9 does not work here" in shown
    assert "operator-1 does not work here" not in shown


def test_a_producer_a_series_and_a_leave_are_added_by_form(desk: Desk, as_role: As) -> None:
    work_here()
    head = as_role(Role.HEAD_OF_PROFESSION, HEAD)
    assert "a head of profession adds it first" in text(head.get("/set-up/add/series"))
    producer = {"id": "north", "name": "The north", "contact_email": "north@office.example"}
    assert head.post("/set-up/add/producer", producer).status_code == 302
    assert producers_of(HEAD) == {OWN, "north"}
    told = {"id": "fuel", "title": "Fuel", "producer": "north", "rhythm": "monthly"}
    assert head.post("/set-up/add/series", told).status_code == 302
    assert Series.objects.get(id="fuel").rhythm == "monthly"
    leave = {"producer": "north", "reference": "ART 2027/1", "at": "07:00", "since": "2027-01-01"}
    assert head.post("/set-up/add/leave", leave).status_code == 302
    shown = text(head.get("/set-up"))
    assert "ART 2027/1: 07:00:00, 2027-01-01" in shown
    assert "Fuel (fuel), monthly" in shown
    assert Producer.objects.get(id="north").contact["email"] == "north@office.example"


@pytest.mark.parametrize(
    ("kind", "told", "status", "says"),
    [
        ("producer", {"id": "The North"}, 403, "an id has small letters"),
        ("producer", {"name": ""}, 400, "This field is required"),
        ("producer", {"like": "nowhere"}, 400, "Select a valid choice"),
    ],
)
def test_what_cannot_be_added_says_why_and_keeps_what_was_typed(
    desk: Desk, as_role: As, kind: str, told: dict[str, str], status: int, says: str
) -> None:
    work_here()
    typed = {"id": "north", "name": "The north", "url": "https://north.example/"} | told
    answer = as_role(Role.HEAD_OF_PROFESSION, HEAD).post(f"/set-up/add/{kind}", typed)
    assert answer.status_code == status
    assert says in text(answer)
    assert 'value="https://north.example/"' in text(answer)
    assert not Producer.objects.exists()


def test_a_series_of_another_producer_is_neither_shown_nor_added_to(
    desk: Desk, as_role: As
) -> None:
    Producer.objects.create(id="north", name="The north")
    Series.objects.create(id="fuel", producer="north", title="Fuel of the north")
    client = as_role(Role.HEAD_OF_PROFESSION, HEAD, producers=("south",))
    assert "north" not in text(client.get("/set-up")).replace("looks from north", "")
    told = {"id": "x", "title": "X", "producer": "north"}
    assert client.post("/set-up/add/series", told).status_code == 400
    assert Series.objects.count() == 1


@pytest.mark.parametrize("role", OF_PEOPLE)
def test_each_role_sees_tests_and_adds_what_is_its_own(desk: Desk, role: Role) -> None:
    client = client_of(somebody(role, "person-3"))
    shown = client.get("/set-up")
    assert shown.status_code == (200 if role in SEES else 403)
    assert ('action="/set-up/test"' in text(shown)) == (role in TESTS)
    if role not in TESTS:
        assert client.post("/set-up/test", {"what": "feed"}).status_code == 403
    if role is not Role.HEAD_OF_PROFESSION:
        sent = {"id": "north", "name": "The north"}
        assert client.post("/set-up/add/producer", sent).status_code == 403
    assert not Producer.objects.exists()
