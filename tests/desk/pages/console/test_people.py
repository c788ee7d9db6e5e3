"""People at the console: let in, changed, reset and out, by an operator alone."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from ninethirty.core.release import OF_PEOPLE, Role
from ninethirty.desk.actions.whose import producers_of
from ninethirty.desk.record.models import Account, Person, Producer
from tests.desk.pages.console.staff import PASSWORD, code_now, somebody, visitor
from tests.desk.setting import Desk

As = Callable[..., Client]
NEW = {"id": "person-7", "name": "Somebody New", "role": "approver", "producers": ["north"]}


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def operator(desk: Desk, as_role: As) -> Client:
    Producer.objects.create(id="north", name="The north")
    return as_role(Role.OPERATOR, "operator-1")


def link_in(answer: Any) -> str:
    found = re.search(r"/begin/([^<\s]+)", text(answer))
    assert found, text(answer)
    return f"/begin/{found[1]}"


def test_somebody_is_let_in_by_a_link_that_is_good_once(operator: Client) -> None:
    answer = operator.post("/people/new", NEW)
    assert "no-store" in answer["Cache-Control"]
    link = link_in(answer)
    assert producers_of("person-7") == {"north"}
    assert "has not begun yet" in text(operator.get("/people"))
    chosen = {"password": PASSWORD, "again": PASSWORD}
    assert visitor().post(link, chosen).status_code == 302
    assert "this link was used" in text(visitor().get(link))
    assert link not in text(operator.get("/people/person-7"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"role": ""}, "choose a role"),
        ({"role": "runner"}, "is not a person"),
        ({"id": "Person 7"}, "an id has small letters"),
        ({"producers": ["nowhere"]}, "there is no producer nowhere"),
        ({"id": "operator-1"}, "there is or was somebody with this id"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    operator: Client, changed: dict[str, Any], says: str
) -> None:
    answer = operator.post("/people/new", NEW | changed)
    assert answer.status_code == 403
    assert says in text(answer)
    assert 'value="Somebody New"' in text(answer)
    assert not Person.objects.filter(name="Somebody New").exists()


def test_the_roles_that_are_offered_are_those_of_people(operator: Client) -> None:
    offered = re.findall(r'<option value="([^"]+)"', text(operator.get("/people/new")))
    assert offered == [str(role) for role in OF_PEOPLE]


def test_role_and_producers_are_changed_and_the_last_operator_stays_one(operator: Client) -> None:
    somebody(Role.AUDITOR, "person-3")
    told = {"role": "statistician", "producers": ["north", "office"]}
    assert operator.post("/people/person-3", told).status_code == 302
    assert Person.objects.get(id="person-3").role == Role.STATISTICIAN
    assert producers_of("person-3") == {"north", "office"}
    shown = text(operator.get("/people/person-3"))
    assert re.search(r'value="north"\s+checked', shown)
    answer = operator.post("/people/operator-1", told)
    assert "is the last operator; add another one first" in text(answer)


def test_a_reset_ends_all_sessions_and_gives_a_new_link(operator: Client) -> None:
    somebody(Role.APPROVER, "person-3")
    theirs = visitor()
    theirs.post("/sign-in", {"login": "person-3", "password": PASSWORD})
    theirs.post("/account/code", {"code": code_now()})
    assert theirs.get("/").status_code == 200
    assert "127.0.0.1" in text(operator.get("/people/person-3")), "where they are signed in"
    assert "is signed in" in text(operator.get("/people"))
    address = "/people/person-3/do/reset"
    assert "signed out everywhere at once" in text(operator.get(address))
    assert theirs.get("/").status_code == 200, "looking at it does nothing"
    link_in(operator.post(address))
    assert theirs.get("/").status_code == 302
    assert "Nowhere." in text(operator.get("/people/person-3"))
    assert not Authenticator.objects.filter(user__username="person-3").exists()


def test_whoever_leaves_is_out_and_listed_no_more(operator: Client) -> None:
    account = somebody(Role.APPROVER, "person-3")
    assert operator.post("/people/person-3/do/leave").status_code == 302
    assert not Account.objects.get(pk=account.pk).is_active
    assert "Name of person-3" not in text(operator.get("/people"))
    assert operator.get("/people/person-3").status_code == 404
    assert "is the last operator" in text(operator.post("/people/operator-1/do/leave"))


@pytest.mark.parametrize("role", [role for role in OF_PEOPLE if role is not Role.OPERATOR])
def test_nobody_but_an_operator_sees_or_changes_people(
    operator: Client, as_role: As, role: Role
) -> None:
    client = as_role(role, "person-3")
    assert 'href="/people"' not in text(client.get("/"))
    for address in ("/people", "/people/new", "/people/person-3", "/people/person-3/do/reset"):
        assert client.get(address).status_code == 403
        assert client.post(address, NEW).status_code == 403
    assert not Person.objects.filter(id="person-7").exists()
