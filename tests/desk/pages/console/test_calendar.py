"""The calendar: a year of promises, made, moved, cancelled and proposed by form."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ninethirty.core.announcement import Rhythm
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.add_producer import add_producer
from ninethirty.desk.actions.add_series import add_series
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release
from tests.desk.setting import (
    APPROVER,
    HEAD,
    RELEASE,
    STATISTICIAN,
    Desk,
    kinds,
    work_for,
    work_here,
)
from tests.desk.way import promised

As = Callable[..., Client]
FUEL = {
    "title": "Fuel",
    "release": "fuel/2027-01",
    "announced": "https://platform.example/fuel",
    "series": "fuel",
    "day": "2027-01-19",
    "time": "09:30",
    "summary": "What it costs.",
}


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def read_in(shown: str) -> str:
    found = re.search(r'name="read" value="([0-9a-f]+)"', shown)
    return found[1] if found else ""


def sent_twice(client: Client, address: str, told: dict[str, str]) -> tuple[str, Any]:
    """What is shown before it is saved, and the answer to agreeing with that."""
    shown = text(client.post(address, told))
    return shown, client.post(address, {**told, "read": read_in(shown)})


@pytest.fixture
def clients(desk: Desk, as_role: As) -> dict[Role, Client]:
    work_here()
    add_producer("north", "The north", by=HEAD)
    work_for("north")
    add_series("fuel", "Fuel prices", producer="north", by=HEAD, rhythm=Rhythm.MONTHLY)
    promised()
    ids = {
        Role.STATISTICIAN: STATISTICIAN,
        Role.APPROVER: APPROVER,
        Role.HEAD_OF_PROFESSION: HEAD,
    }
    return {role: as_role(role, id) for role, id in ids.items()}


def test_what_speaks_against_a_date_is_read_before_it_is_promised(
    clients: dict[Role, Client],
) -> None:
    client = clients[Role.STATISTICIAN]
    soon = FUEL | {"day": "2026-12-01"}
    shown, answer = sent_twice(client, "/calendar/new", soon)
    assert "Not saved yet" in shown
    assert "an exact date is promised 28 days ahead" in shown
    assert "1 other release opens at that instant" in shown
    assert 'value="fuel/2027-01"' in shown, "what was typed stands in the form"
    assert answer.status_code == 302
    assert facts_of("fuel/2027-01")[0].details["warned"] == ["short-notice", "shared-instant"]
    assert "2 at this instant" in text(client.get("/calendar?year=2026"))


def test_another_date_than_was_read_is_shown_before_it_is_promised(
    clients: dict[Role, Client],
) -> None:
    client = clients[Role.STATISTICIAN]
    shown = text(client.post("/calendar/new", FUEL))
    other = FUEL | {"day": "2027-01-20", "read": read_in(shown)}
    assert "Not saved yet" in text(client.post("/calendar/new", other))
    assert not Release.objects.filter(id="fuel/2027-01").exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"day": "2027-01-23"}, "is a Saturday; statistics are released on a weekday"),
        ({"announced": "platform.example"}, "Give the address"),
        ({"day": "19 January"}, "19 January"),
        ({"day": "", "time": ""}, "Give a day, or a month"),
        ({"month": "2027-01"}, "one of them"),
        ({"time": "07:00"}, "another time needs an alternative release time"),
    ],
)
def test_a_refused_date_says_why_and_keeps_what_was_typed(
    clients: dict[Role, Client], changed: dict[str, str], says: str
) -> None:
    answer = clients[Role.STATISTICIAN].post("/calendar/new", FUEL | changed)
    assert answer.status_code in (400, 403)
    assert says in text(answer)
    assert 'value="Fuel"' in text(answer)
    assert "What it costs." in text(answer)


def test_what_the_action_refuses_keeps_what_was_typed_too(clients: dict[Role, Client]) -> None:
    client = clients[Role.STATISTICIAN]
    _, answer = sent_twice(client, "/calendar/new", FUEL | {"path": "/gdp"})
    assert answer.status_code == 403
    assert f"/gdp is the address of {RELEASE}" in text(answer)
    assert 'value="/gdp"' in text(answer)


def test_a_release_is_promised_for_a_month_and_then_for_a_day(clients: dict[Role, Client]) -> None:
    client = clients[Role.STATISTICIAN]
    month = FUEL | {"day": "", "month": "2027-01"}
    sent_twice(client, "/calendar/new", month)
    assert "2027-01</td>" in text(client.get("/calendar?year=2027")).replace("\n", "")
    day = {"day": "2027-01-19", "time": "09:30"}
    _, answer = sent_twice(client, "/calendar/date/fuel/2027-01", day)
    assert answer.status_code == 302
    assert Release.objects.get(id="fuel/2027-01").opens == "2027-01-19 09:30 Europe/London"


def test_another_date_is_asked_for_and_waits_for_the_head_of_profession(
    clients: dict[Role, Client],
) -> None:
    address = f"/calendar/date/{RELEASE}"
    told = {"day": "2027-01-19", "time": "09:30", "zone": "Europe/London", "reason": "Late data."}
    refused = clients[Role.STATISTICIAN].post(address, told | {"reason": " "})
    assert "Say why" in text(refused)
    assert 'value="2027-01-19"' in text(refused)
    sent_twice(clients[Role.STATISTICIAN], address, told)
    assert kinds(facts_of(RELEASE))[-1] is Kind.MOVE_ASKED
    waiting = text(clients[Role.HEAD_OF_PROFESSION].get("/calendar"))
    assert "asks for 2027-01-19 09:30 Europe/London instead of" in waiting
    assert "Late data." in waiting
    assert f'href="/releases/{RELEASE}/act/agree"' in waiting
    assert "/act/agree" not in text(clients[Role.STATISTICIAN].get("/calendar"))


def test_the_head_of_profession_moves_and_cancels_with_a_reason(
    clients: dict[Role, Client],
) -> None:
    head = clients[Role.HEAD_OF_PROFESSION]
    told = {"day": "2027-01-19", "time": "09:30", "zone": "Europe/London", "reason": "Late data."}
    sent_twice(head, f"/calendar/date/{RELEASE}", told)
    assert Release.objects.get(id=RELEASE).opens == "2027-01-19 09:30 Europe/London"
    cancel = f"/calendar/cancel/{RELEASE}"
    assert clients[Role.STATISTICIAN].get(cancel).status_code == 403
    assert clients[Role.STATISTICIAN].post(cancel, {"text": "x"}).status_code == 403
    assert "It cannot be taken back" in text(head.get(cancel))
    assert head.post(cancel, {"text": "Nobody has the figures."}).status_code == 302
    assert kinds(facts_of(RELEASE))[-1] is Kind.CANCELLED


def test_an_unscheduled_release_takes_the_head_of_profession_and_says_why(
    clients: dict[Role, Client],
) -> None:
    told = FUEL | {"day": "2026-12-05", "unscheduled": "The minister named a figure."}
    shown, answer = sent_twice(clients[Role.HEAD_OF_PROFESSION], "/calendar/new", told)
    assert "is a Saturday" in shown, "warned of, and not refused"
    assert answer.status_code == 302
    assert Release.objects.get(id="fuel/2027-01").unscheduled
    others = FUEL | {"release": "x", "path": "/x", "unscheduled": "Why not."}
    _, answer = sent_twice(clients[Role.STATISTICIAN], "/calendar/new", others)
    assert "takes a head of profession" in text(answer)


def test_the_next_editions_are_proposed_and_lead_to_the_form(clients: dict[Role, Client]) -> None:
    client = clients[Role.STATISTICIAN]
    assert "no edition has an exact date to reckon from" in text(
        client.get("/calendar/series/fuel")
    )
    sent_twice(client, "/calendar/new", FUEL)
    proposed = client.get("/calendar/series/fuel").content.decode()
    form = re.search(r'href="(/calendar/new\?[^"]+)"', proposed)
    assert form
    shown = text(client.get(html.unescape(form[1])))
    assert 'value="2027-02-' in shown
    assert '<option value="fuel" selected' in shown


def test_whoever_promises_nothing_has_no_button_and_no_form(clients: dict[Role, Client]) -> None:
    client = clients[Role.APPROVER]
    shown = text(client.get("/calendar"))
    assert "Gross domestic product" in shown
    assert "/calendar/new" not in shown
    assert "/calendar/date/" not in shown
    for address in ("/calendar/new", f"/calendar/date/{RELEASE}", "/calendar/series/fuel"):
        assert client.get(address).status_code == 403
        assert client.post(address, FUEL).status_code == 403


def test_an_empty_year_says_what_fills_it(clients: dict[Role, Client]) -> None:
    shown = text(clients[Role.STATISTICIAN].get("/calendar?year=2031"))
    assert "Nothing of yours is promised for 2031" in shown
    assert "ninethirty promise import" in shown
