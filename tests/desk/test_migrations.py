"""A desk that was begun with an older version, and its tables brought to this one."""

import json
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from ninethirty.core.document import canonical
from ninethirty.core.facts import Kind
from ninethirty.core.release import stage
from ninethirty.core.sighting import document
from ninethirty.desk.database import postgresql, sqlite
from ninethirty.desk.record.check import differences
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.fit import make_fit
from ninethirty.desk.record.models import Message, Person, Release, SightingCount, SightingRow
from ninethirty.desk.record.sightings import Reader, store
from ninethirty.desk.setup import setup
from tests.core.made import RIGHT
from tests.desk.conftest import numbers, point_at
from tests.desk.postgres import Postgres
from tests.desk.setting import ANNOUNCED_AT, PROMISE, Desk, happens, looks
from tests.desk.test_record import SAVED, sql

BEFORE = "0002_facts_are_append_only"
"""The last migration of version 0.1.0."""

SUBJECT = "release/saved"


@pytest.fixture
def old(desk: Desk, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    """A database as version 0.1.0 left it: a release with its facts, sightings, a person, words."""
    if desk.database:
        server: Postgres = request.getfixturevalue("server")
        point_at(postgresql(server.create(f"old-{next(numbers)}", template="template0")))
    else:
        point_at(sqlite(tmp_path / "old.sqlite3"))
    call_command("migrate", "record", BEFORE, verbosity=0)
    saved = json.loads(SAVED.read_text())["facts"]
    said_by_none = list(takewhile(lambda fact: not fact["said_by"], saved))
    for fact in said_by_none:
        insert("facts", {name: value for name, value in fact.items() if name != "said_by"})
    last = said_by_none[-1]
    insert("record_head", {"subject": SUBJECT, "n": last["n"], "hash": last["hash"]})
    insert(
        "record_release",
        {
            "id": SUBJECT,
            "title": "Saved",
            "opens": str(PROMISE),
            "path": "/saved",
            "announced": ANNOUNCED_AT,
            "manifest": None,
            "seal": "",
            "key": "",
            "order": b"",
            "ticket": "",
            "closed": True,
        },
    )
    for place, seen in enumerate(looks(1, 9, RIGHT, release=SUBJECT)):
        told = canonical(document(seen)).decode()
        row = {"release": SUBJECT, "channel": seen.channel, "started": seen.started.text()}
        insert("sightings", {"key": f"look/{place}", **row, "document": told})
    insert("record_person", {"id": "person-1", "name": "Name of person-1", "role": "approver"})
    words = dict.fromkeys(("about", "title", "link", "service_id", "url"), "")
    said = {"subject": SUBJECT, "channel": "x", "at": datetime(2026, 12, 1, tzinfo=UTC), "key": "k"}
    insert("record_message", {**words, **said, "text": "It is late."})
    return desk


def insert(table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    sql(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(row))})", *row.values())


def test_what_an_older_version_kept_is_there_and_its_chain_holds(old: Desk) -> None:
    assert make_fit(setup()) == []
    facts = facts_of(SUBJECT)
    assert check_chain(SUBJECT) == len(facts) > 30
    assert {fact.said_by for fact in facts} == {""}
    assert Person.objects.get().left is None
    assert Message.objects.get().text == "It is late."
    seen = SightingRow.objects.order_by("n")
    assert [row.n for row in seen] == list(range(1, len(seen) + 1))
    assert SightingCount.objects.get().n == len(seen) == len(Reader(SUBJECT).read())


def test_what_an_older_version_kept_goes_on(old: Desk) -> None:
    make_fit(setup())
    n = len(facts_of(SUBJECT))
    assert happens(Kind.CLOSED, subject=SUBJECT).n == n + 1
    assert check_chain(SUBJECT) == n + 1
    before = SightingRow.objects.count()
    store(looks(20, 25, RIGHT, release=SUBJECT))
    assert SightingCount.objects.get().n == SightingRow.objects.count() > before
    with pytest.raises(DatabaseError, match="facts are append-only"):
        sql("UPDATE facts SET actor = 'another'")


def test_columns_that_an_older_version_did_not_derive_are_right_once_it_is_brought_here(
    old: Desk,
) -> None:
    make_fit(setup())
    assert Release.objects.get().stage == str(stage(facts_of(SUBJECT))) != ""
    named = [one.thing for one in differences({}) if ": fact " not in one.thing]
    assert named == [f"{SUBJECT}: bundle"], "the saved facts are of no real bundle"
