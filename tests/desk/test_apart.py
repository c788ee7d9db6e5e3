"""Two producers in one installation never see or act on each other's unreleased work."""

import inspect
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from ninethirty.core.announcement import Leave
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import OF_PEOPLE, Role
from ninethirty.core.report import Advice
from ninethirty.desk import actions
from ninethirty.desk.actions.access.slip import Recalled, Slip, note_slip
from ninethirty.desk.actions.add_producer import add_producer, record_leave
from ninethirty.desk.actions.add_series import add_series
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.reports.open_breach import About, open_breach
from ninethirty.desk.actions.take_up import Added, Plan, take_up
from ninethirty.desk.actions.whose import OWN, producers_of, releases_of
from ninethirty.desk.record.models import Breach, FactRow, Message, Person, WorksFor
from ninethirty.desk.runner.book import STEPS
from tests.core.made import HALF_PAST
from tests.desk.console.signed_in import client_of
from tests.desk.reports.made import report
from tests.desk.setting import ANNOUNCED_AT, HEAD, PROMISE, STATISTICIAN, Desk, happens, work_here

NORTHS = "north/fuel"
TITLE = "Fuel that only the north knows of"
SOUTHERNER = "southerner"

INSIDE = {"acting", "note", "take_back_if_armed", "prove_routes", "seal_public_list"}
"""What actions are made of; none is called on its own."""

OF_RUNNERS = {"hear_replies"}
"""Called by runners alone, who are the same to all; its facts are of whoever was paged."""

STEP = next(iter(STEPS.values()))
WORDS = {
    "act": Kind.CANCELLED,
    "address": "https://elsewhere.example/",
    "advice": Advice.IS,
    "announced_files": {},
    "asked": 1,
    "due": date(2027, 1, 1),
    "evidence": "a note",
    "first": timedelta(seconds=20),
    "folder": Path("/"),
    "how": "telephone",
    "n": 1,
    "opens": PROMISE,
    "owner": "operator",
    "promise": PROMISE,
    "questions": "why?",
    "reason": "Late data.",
    "report": report(),
    "seal": "0" * 64,
    "second": timedelta(seconds=60),
    "seconded_by": STATISTICIAN,
    "step": STEP,
    "text": "words",
    "what": "look",
}
"""What an action is given, by the name of what it asks for; where it never gets there, nothing."""


def acts() -> Iterator[Callable[..., Any]]:
    """Every action on a release or a report by somebody."""
    for module in walk_packages(actions.__path__, f"{actions.__name__}."):
        for name, found in inspect.getmembers(import_module(module.name), inspect.isfunction):
            asks = list(inspect.signature(inspect.unwrap(found)).parameters)
            of = {"release", "reference"}.intersection(asks[:1])
            mine = found.__module__ == module.name and not name.startswith("_")
            if mine and of and "by" in asks and name not in INSIDE | OF_RUNNERS | {"announce"}:
                yield found


@pytest.fixture
def breach(desk: Desk) -> Breach:
    """The north has a release that is promised, and a breach of it; others work for the south."""
    work_here()
    for producer in ("north", "south"):
        add_producer(producer, f"The {producer}", by=HEAD)
        add_series(f"{producer}-fuel", "Fuel", producer=producer, by=HEAD)
    WorksFor.objects.create(person_id=STATISTICIAN, producer="north")
    announce(
        NORTHS,
        title=TITLE,
        opens=PROMISE,
        path="/fuel",
        announced=ANNOUNCED_AT,
        series="north-fuel",
        by=STATISTICIAN,
    )
    happens(Kind.LATE_PROVISIONAL, subject=NORTHS)
    for role in OF_PEOPLE:
        person = Person.objects.create(id=southern(role), name="x", role=str(role))
        WorksFor.objects.create(person=person, producer="south")
    about = About(known=HALF_PAST, release=NORTHS)
    return open_breach(report(), about, by=STATISTICIAN)


def southern(role: Role) -> str:
    return f"{SOUTHERNER}-{role.replace(' ', '-')}"


def written() -> tuple[int, int]:
    return FactRow.objects.count(), Message.objects.count()


def test_no_action_is_done_on_the_work_of_another_producer(breach: Breach) -> None:
    before = written()
    tried = set()
    for act in acts():
        signature = inspect.signature(inspect.unwrap(act))
        names = [
            name
            for name, one in signature.parameters.items()
            if one.default is one.empty and one.kind is not one.VAR_KEYWORD
        ]
        subject = NORTHS if names[0] == "release" else breach.reference
        given = {name: WORDS.get(name) for name in names[1:] if name != "by"}
        for role in OF_PEOPLE:
            with pytest.raises(NotAllowed, match="does not work for north"):
                act(subject, **given, by=southern(role))
        tried.add(act.__name__)
    assert written() == before
    assert {"approve", "move", "cancel", "veto", "write_report", "sign_report"} <= tried


def test_what_is_exempt_for_runners_is_called_by_runners_alone() -> None:
    desk = Path(actions.__path__[0]).parent
    callers = {
        (name, module.relative_to(desk).parts[0])
        for module in desk.rglob("*.py")
        for name in OF_RUNNERS
        if f"import {name}" in module.read_text()
    }
    assert callers == {(name, "runner") for name in OF_RUNNERS}


def test_nobody_promises_or_changes_anything_for_another_producer(breach: Breach) -> None:
    head = southern(Role.HEAD_OF_PROFESSION)
    before = written()
    promise: dict[str, Any] = {"opens": PROMISE, "path": "/x", "announced": ANNOUNCED_AT}
    for act in (
        lambda: announce("x", title="X", series="north-fuel", by=head, **promise),
        lambda: add_series("more", "More", producer="north", by=head),
        lambda: record_leave("north", Leave("A 1", PROMISE.local.time(), date.min), by=head),
        lambda: list(take_up(Plan(added=[Added("more", "More", "north")]), by=head)),
        lambda: open_breach(report(), About(known=HALF_PAST, release=NORTHS), by=head),
    ):
        with pytest.raises(NotAllowed, match="does not work for north"):
            act()
    with pytest.raises(NotAllowed, match="does not work for office"):
        announce("x", title="X", by=head, **promise)
    assert written() == before


def test_whoever_has_no_producer_named_works_for_the_desks_own(breach: Breach) -> None:
    Person.objects.create(id="newcomer", name="x", role=str(Role.STATISTICIAN))
    assert producers_of("newcomer") == {OWN}
    assert not releases_of("newcomer").exists()
    announce("own", title="X", opens=PROMISE, path="/x", announced=ANNOUNCED_AT, by="newcomer")
    assert [one.id for one in releases_of("newcomer")] == ["own"]


def test_whoever_adds_a_producer_works_for_it_too(breach: Breach) -> None:
    assert producers_of(HEAD) == {OWN, "north", "south"}


def pages() -> Iterator[URLPattern]:
    def within(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
        for one in patterns:
            if isinstance(one, URLResolver):
                # Single sign-on, whose addresses name the provider, tells of nobody's work.
                if not one.pattern.regex.groups:
                    yield from within(one.url_patterns)
            else:
                yield one

    yield from within(get_resolver().url_patterns)


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("role", [Role.HEAD_OF_PROFESSION, Role.OPERATOR])
def test_a_page_of_another_producers_work_is_not_there(breach: Breach, role: Role) -> None:
    client = client_of(southern(role))
    looked = 0
    for page in pages():
        asks: dict[str, Any] = page.pattern.converters
        about = {"release", "reference"}.intersection(asks)
        if not about or not page.name:
            continue
        given = {name: 1 if isinstance(one, IntConverter) else "x" for name, one in asks.items()}
        given |= {one: NORTHS if one == "release" else breach.reference for one in about}
        address = reverse(page.name, kwargs=given)
        for answer in (client.get(address), client.post(address, {"reason": "x"})):
            assert answer.status_code in (403, 404, 405), address
            assert TITLE not in answer.content.decode()
        looked += 1
    assert looked > 15


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_went_astray_is_told_to_those_of_its_producer_alone(breach: Breach) -> None:
    slip = Slip("by e-mail", "a policy team", 2, Recalled.NOT, "nobody yet")
    reference = note_slip(NORTHS, slip, by=STATISTICIAN)
    assert reference in client_of(STATISTICIAN).get("/reports").content.decode()
    for role in (Role.HEAD_OF_PROFESSION, Role.OPERATOR):
        client = client_of(southern(role))
        assert client.get(f"/reports/{reference}").status_code == 404
        assert reference not in client.get("/reports").content.decode()
    Person.objects.create(id="own", name="x", role=str(Role.HEAD_OF_PROFESSION))
    assert client_of("own").get(f"/reports/{reference}").status_code == 404


@pytest.mark.parametrize("database", ["sqlite"])
def test_no_list_export_or_search_tells_of_another_producers_work(breach: Breach) -> None:
    client = client_of(southern(Role.OPERATOR))
    looked = []
    for page in pages():
        if page.pattern.converters or not page.name:
            continue
        address = reverse(page.name)
        for query in ("", "?q=north&words=north", "?year=2026"):
            answer = client.get(address + query)
            content = b"".join(answer) if answer.streaming else answer.content
            assert TITLE.encode() not in content, address
            assert NORTHS.encode() not in content, address
            assert breach.reference.encode() not in content, address
        looked.append(page.name)
    assert {"today", "wall", "incidents", "reports"} <= set(looked)
