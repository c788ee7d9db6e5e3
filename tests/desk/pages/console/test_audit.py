"""The audit: every fact is found, no other producer's, and the chains are checked."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Fact, Kind, link, read
from ninethirty.core.release import Role
from ninethirty.core.times import Interval
from ninethirty.desk.actions.check_record import RECORD
from ninethirty.desk.pages.console.audit import SHOWN
from ninethirty.desk.record import facts
from ninethirty.desk.record.audit import Place, Recorded, Sought, newest, oldest
from ninethirty.desk.record.facts import append, check_chain, facts_of
from ninethirty.desk.record.models import Breach, Head, Producer, Release, Series
from tests.core.made import at
from tests.desk.setting import RELEASE, Desk, happens, kinds
from tests.desk.test_record import without_triggers

PATIENCE_S = 60
OTHER = "release/other"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def recorded(desk: Desk) -> int:
    """Facts on two releases, many of them of one moment; how many."""
    for n in range(SHOWN + 30):
        subject = RELEASE if n % 3 else OTHER
        append(subject, Kind.STAGED, at=at(n), recorded=at(n // 20), actor=f"person-{n % 2}")
    when = Interval(at(1), at(2))
    append(RELEASE, Kind.FIRST_SEEN, at=when, recorded=at(500), actor="witnesses")
    return SHOWN + 31


def exported(client: Client, address: str) -> str:
    return b"".join(client.get(address)).decode()


def test_every_fact_is_come_to_once_from_page_to_page(recorded: int) -> None:
    sought = Sought(Release.objects.all(), Breach.objects.all())
    found: list[Recorded] = []
    before = None
    while page := newest(sought, before, 7):
        found += page
        before = Place.read(page[-1].place.text())
    assert len(found) == recorded
    told = [(one.place.recorded, one.place.row) for one in found]
    assert told == sorted(told, reverse=True)
    assert [one.fact for one in oldest(sought)] == [one.fact for one in reversed(found)]


def test_facts_are_sought_by_timeline_kind_person_and_days(
    recorded: int, as_role: Callable[..., Client]
) -> None:
    def found(**asked: Any) -> list[Fact]:
        return [
            one.fact for one in oldest(Sought(Release.objects.all(), Breach.objects.all(), **asked))
        ]

    kept = found()
    assert found(subject=RELEASE) == [one for one in kept if one.subject == RELEASE]
    assert found(kind="first_seen") == kept[-1:]
    assert found(actor="person-1", subject=OTHER) == [
        one for one in kept if (one.actor, one.subject) == ("person-1", OTHER)
    ]
    assert found(since=at(2), until=at(3)) == [one for one in kept if at(2) <= one.recorded < at(3)]
    auditor = as_role(Role.AUDITOR)
    day, later = f"{at(0):%Y-%m-%d}", f"{at(0) + timedelta(days=1):%Y-%m-%d}"
    assert "first seen public</td>" in auditor.get(f"/audit?since={day}&until={day}").text
    assert "Nothing was found" in auditor.get(f"/audit?since={later}").text
    for wrong in ("since=1+May", "kind=nonsense", "before=3", "before=never_3", "actor=%00"):
        answer = auditor.get(f"/audit?{wrong}")
        assert (answer.status_code, "This was not done" in answer.text) == (400, True), wrong


def test_an_older_page_is_found_by_its_place_and_not_by_counting(
    recorded: int, as_role: Callable[..., Client]
) -> None:
    auditor = as_role(Role.AUDITOR)
    first = auditor.get("/audit").text
    assert first.count("<time") == SHOWN
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    with CaptureQueriesContext(connection) as asked:
        second = auditor.get(older).text
    assert second.count("<time") == recorded - SHOWN
    assert 'rel="next"' not in second
    assert len(asked) <= 12
    assert not [one for one in asked if "OFFSET" in one["sql"]]


def test_what_is_handed_out_is_chained_as_it_was_recorded(
    recorded: int, as_role: Callable[..., Client]
) -> None:
    auditor = as_role(Role.AUDITOR)
    last = ""
    for told in map(
        json.loads, exported(auditor, f"/audit/facts.jsonl?subject={RELEASE}").split("\n")[:-1]
    ):
        last = link(last, read(told["fact"]))
        assert (told["hash"], told["drill"]) == (last, True)
    assert last == Head.objects.get(subject=RELEASE).hash
    rows = list(csv.DictReader(io.StringIO(exported(auditor, "/audit/facts.csv"))))
    assert len(rows) == recorded
    assert rows[-1]["at"] == f"{at(1).text()}/{at(2).text()}"


def test_facts_on_releases_of_other_producers_are_not_there(
    recorded: int, as_role: Callable[..., Client]
) -> None:
    for producer in ("ours", "theirs"):
        Producer.objects.create(id=producer, name=producer)
        Series.objects.create(id=f"{producer}-series", producer=producer, title="A series")
    Release.objects.create(id=RELEASE, title="GDP", series="ours-series")
    Release.objects.create(id=OTHER, title="Trade", series="theirs-series")
    for name, release in (("br-1", OTHER), ("br-2", RELEASE), ("br-3", "")):
        Breach.objects.create(reference=name, release=release, title="T", producer="P", known=at(0))
        happens(Kind.REPORT_DRAFTED, subject=f"breach/{name}")
    happens(Kind.PERSON_ADDED, subject="people")
    auditor = as_role(Role.AUDITOR, producers=("ours",))
    told = exported(auditor, "/audit/facts.jsonl").splitlines()
    assert {json.loads(one)["fact"]["subject"] for one in told} == {
        RELEASE,
        "breach/br-2",
        "people",
    }
    assert "Nothing was found" in auditor.get(f"/audit?subject={OTHER}").text


def checked(auditor: Client) -> str:
    """What the page says after a check."""
    before = len(facts_of(RECORD))
    assert auditor.post("/audit/check").status_code == 302
    end = time.monotonic() + PATIENCE_S
    while len(facts_of(RECORD)) == before or "under way" in auditor.get("/audit").text:
        assert time.monotonic() < end
        time.sleep(0.05)
    return " ".join(auditor.get("/audit").text.split())


def test_the_chains_are_checked_by_a_button_and_what_is_broken_is_named(
    recorded: int, as_role: Callable[..., Client]
) -> None:
    auditor = as_role(Role.AUDITOR)
    assert "It was not checked from here yet" in auditor.get("/audit").text
    assert "it holds" in checked(auditor)
    assert facts_of(RECORD)[-1].details["facts"] == recorded
    without_triggers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facts SET actor = 'nobody' WHERE subject = %s AND n = 3", [RELEASE])
    assert f"Broken: {RELEASE}" in checked(auditor)
    assert facts_of(RECORD)[-1].details["wrong"] == 1


def test_what_is_recorded_while_a_chain_is_checked_does_not_break_it(
    recorded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, came = facts._page_by_page, list[Fact]()

    def meanwhile(subject: str, last: int) -> Iterator[tuple[Fact, str]]:
        yield from pages(subject, last)
        if not came:
            came.append(happens(Kind.SEALED))

    monkeypatch.setattr(facts, "_page_by_page", meanwhile)
    assert check_chain(RELEASE) == came[0].n


def test_only_an_auditor_and_an_operator_audit(desk: Desk, as_role: Callable[..., Client]) -> None:
    for role in (Role.STATISTICIAN, Role.HEAD_OF_PROFESSION, Role.REGULATOR):
        person = as_role(role)
        for path in ("/audit", "/audit/facts.csv", "/audit/facts.jsonl", "/audit/check"):
            assert person.get(path).status_code == 403
        assert person.post("/audit/check").status_code == 403
    assert as_role(Role.OPERATOR).get("/audit").status_code == 200
    assert kinds(facts_of(RECORD)) == []


def test_a_place_is_read_strictly() -> None:
    with pytest.raises(Malformed):
        Place.read("2026-12-01T09:30:00Z_" + "9" * 30)
