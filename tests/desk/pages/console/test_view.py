"""Who may ask for a page of the console, and what becomes of a refusal."""

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from ninethirty.core.errors import AlreadyHappened, Malformed, NotAllowed
from ninethirty.core.release import Role
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.pages.console.who import releases_of
from ninethirty.desk.record.models import Person, Producer, Release, Series
from tests.desk.pages.console.staff import PASSWORD, code_now, somebody, visitor
from tests.desk.setting import Desk

As = Callable[..., Client]
ERRORS = {
    "refused": NotAllowed("not on a Sunday"),
    "broken": Malformed("no date in it"),
    "twice": AlreadyHappened("somebody was first"),
}


@console(Role.APPROVER, Role.STATISTICIAN)
def act(request: Asked) -> HttpResponse:
    told = request.POST or request.GET
    if "form" in told:
        with said() as wrong:
            raise ERRORS[told["form"]]
        return page(request, "refused.html", "A form", wrong=wrong, sentence=told["typed"])
    if "raise" in told:
        raise ERRORS[told["raise"]]
    return HttpResponse(f"{request.person.id}, {request.role}: {told.get('typed', '')}")


class Urls(ModuleType):
    urlpatterns = (path("act", act), path("", include("ninethirty.desk.urls")))


@pytest.fixture(autouse=True)
def with_act() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=Urls("urls")):
        yield


def test_a_view_is_told_who_asks(as_role: As) -> None:
    answer = as_role(Role.APPROVER, "person-3").get("/act")
    assert answer.content == b"person-3, approver: "


def test_a_person_of_another_role_is_told_whose_page_it_is(as_role: As) -> None:
    answer = as_role(Role.AUDITOR).get("/act")
    assert answer.status_code == 403
    assert "for a approver or a statistician; you are signed in as a auditor" in str(
        answer.content, "utf-8"
    )


def test_whoever_is_not_signed_in_comes_back_after_signing_in(desk: Desk) -> None:
    answer = visitor().get("/act?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=%2Fact%3Fx%3D1"


def test_somebody_who_left_is_signed_out(as_role: As, desk: Desk) -> None:
    client = as_role(Role.APPROVER, "person-3")
    Person.objects.filter(id="person-3").update(left="2026-01-01T00:00:00Z")
    assert client.get("/act").status_code == 302
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        ("refused", 403, "not on a Sunday"),
        ("broken", 400, "no date in it"),
        ("twice", 409, "somebody was first"),
    ],
)
def test_an_error_of_ours_becomes_a_sentence(
    as_role: As, error: str, status: int, sentence: str
) -> None:
    client = as_role(Role.APPROVER)
    for answer in (
        client.get(f"/act?raise={error}"),
        client.post("/act", {"form": error, "typed": "what I typed"}),
    ):
        assert answer.status_code == status
        assert sentence in answer.content.decode()
    assert "what I typed" in answer.content.decode()


def test_what_was_typed_before_signing_in_can_be_sent_afterwards(desk: Desk) -> None:
    account = somebody(Role.STATISTICIAN, "person-1")
    client = visitor()
    sent = client.post("/act", {"typed": "It was <late>"})
    assert sent["Location"] == "/sign-in?next=%2Fact"
    client.force_login(account)
    offered = client.get("/act").content.decode()
    assert 'name="typed" value="It was &lt;late&gt;"' in offered
    assert b"It was" not in client.get("/act").content, "it is offered once"


def test_a_password_alone_is_not_enough_for_whoever_can_make_figures_public(desk: Desk) -> None:
    account = somebody(Role.APPROVER)
    Authenticator.objects.filter(user=account).delete()
    client = visitor()
    client.force_login(account)
    answer = client.get("/act")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200


def test_releases_of_another_producer_are_not_there(as_role: As, desk: Desk) -> None:
    for producer in ("north", "south"):
        Producer.objects.create(id=producer, name=producer)
        Series.objects.create(id=f"{producer}-fuel", producer=producer, title="Fuel")
        Release.objects.create(id=f"r-{producer}", series=f"{producer}-fuel", opens="", path="/x")
    Release.objects.create(id="r-own", opens="", path="/y")

    def seen(account: object) -> list[str]:
        return sorted(one.id for one in releases_of(account.person))  # type: ignore[attr-defined]

    assert seen(somebody(Role.STATISTICIAN, "person-1")) == ["r-own"]
    assert seen(somebody(Role.STATISTICIAN, "person-2", producers=("north",))) == ["r-north"]
    both = somebody(Role.AUDITOR, "person-3", producers=("north", "south"))
    assert seen(both) == ["r-north", "r-south"]


def test_signing_in_by_password_and_code_leads_where_one_wanted_to_go(desk: Desk) -> None:
    account = somebody(Role.APPROVER, "person-3")
    client = visitor()
    first = client.post("/sign-in", {"login": "person-3", "password": PASSWORD, "next": "/act"})
    assert first.status_code == 302, first.content.decode()
    assert first["Location"].startswith("/account/code")
    assert client.get("/act").status_code == 302, "a password alone does not sign in"
    second = client.post("/account/code", {"code": code_now(), "next": "/act"})
    assert (second.status_code, second["Location"]) == (302, "/act"), second.content.decode()
    assert client.get("/act").content.startswith(account.person.id.encode())
