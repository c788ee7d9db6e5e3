import json
import sqlite3
import threading
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ninethirty.core.errors import AlreadyHappened, ChainBroken, UnknownFact
from ninethirty.core.facts import Kind, link
from ninethirty.core.times import Interval, When
from ninethirty.desk.record.facts import (
    Lump,
    New,
    append,
    append_all,
    append_each,
    check_chain,
    facts_after,
    facts_of,
    happened,
    subjects,
)
from ninethirty.desk.record.models import FactRow, Head, Person
from tests.core.made import HALF_PAST, at
from tests.desk.setting import RELEASE, Desk, happens, kinds, together

SAVED = Path(__file__).with_name("saved_facts.json")


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def without_triggers() -> None:
    """As somebody with the file and a database tool would begin."""
    for done in ("updated", "deleted"):
        sql(f"DROP TRIGGER facts_are_never_{done}{on_facts()}")


def on_facts() -> str:
    return " ON facts" if connection.vendor == "postgresql" else ""


def three_facts() -> None:
    for n, kind in enumerate((Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED)):
        happens(kind, at(n), files=n)


def test_facts_are_numbered_and_each_is_chained_to_the_one_before(desk: Desk) -> None:
    first, second = happens(Kind.ANNOUNCED), happens(Kind.STAGED, files=2)
    assert [first.n, second.n] == [1, 2]
    one = link("", first)
    assert list(FactRow.objects.values_list("hash", flat=True)) == [one, link(one, second)]
    assert facts_of(RELEASE) == [first, second]
    assert check_chain(RELEASE) == 2


def test_each_subject_has_a_chain_of_its_own(desk: Desk) -> None:
    happens(Kind.ANNOUNCED, subject="release/a")
    assert happens(Kind.ANNOUNCED, subject="release/b").n == 1
    assert subjects() == ["release/a", "release/b"]


def test_threads_that_append_to_one_subject_get_consecutive_numbers(desk: Desk) -> None:
    def ten() -> list[int]:
        return [happens(Kind.BLIND).n for _ in range(10)]

    taken = together(*[ten] * 6)
    assert sorted(n for numbers in taken for n in numbers) == list(range(1, 61))
    assert check_chain(RELEASE) == 60


def test_of_threads_that_write_one_key_exactly_one_does(desk: Desk) -> None:
    came = together(*[lambda: happens(Kind.STEP_CLAIMED, key="once")] * 6)
    assert sum(isinstance(one, AlreadyHappened) for one in came) == 5
    assert check_chain(RELEASE) == 1


def test_of_threads_that_write_one_key_on_timelines_of_their_own_exactly_one_does(
    desk: Desk,
) -> None:
    names = [f"release/{n}" for n in range(6)]
    came = together(*[partial(happens, Kind.LATE, subject=name, key="once") for name in names])
    assert sum(isinstance(one, AlreadyHappened) for one in came) == 5
    [written] = subjects()
    assert check_chain(written) == 1


def test_a_lump_whose_key_is_there_keeps_none_of_the_others_back(desk: Desk) -> None:
    happens(Kind.LATE, subject="release/b", key="taken")
    news = [("release/a", "free"), ("release/b", "taken"), ("release/a", "free too")]
    lumps = [Lump([New(name, Kind.LATE, at(1), key)], "p", at(2)) for name, key in news]
    first, refused, second = append_each(lumps)
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert isinstance(refused, AlreadyHappened)
    assert [*first, *second] == facts_of("release/a")
    assert check_chain("release/a") == 2


def test_a_key_written_twice_is_refused_and_leaves_nothing_behind(desk: Desk) -> None:
    happens(Kind.LATE, key="verdict/late")
    with pytest.raises(AlreadyHappened, match="verdict/late"):
        happens(Kind.LATE, subject="release/other", key="verdict/late")
    assert subjects() == [RELEASE]
    assert happens(Kind.RECOVERED).n == 2
    assert check_chain(RELEASE) == 2


def test_a_refused_key_does_not_undo_what_else_was_written(desk: Desk) -> None:
    happens(Kind.LATE, key="verdict/late")
    with transaction.atomic():
        Person.objects.create(id="p", name="n", role="operator")
        with pytest.raises(AlreadyHappened):
            happens(Kind.LATE, key="verdict/late")
        happens(Kind.RECOVERED)
    assert Person.objects.count() == 1
    assert kinds(facts_of(RELEASE)) == [Kind.LATE, Kind.RECOVERED]


def test_a_fact_goes_with_the_transaction_it_explains(desk: Desk) -> None:
    @transaction.atomic
    def fails() -> None:
        happens(Kind.STAGED)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert facts_of(RELEASE) == []


@pytest.mark.parametrize(
    "when", [at(1.000001), Interval(at(1.5), at(2.25)), Interval(None, HALF_PAST)]
)
def test_an_instant_and_an_interval_come_back_as_written(desk: Desk, when: When) -> None:
    written = happens(Kind.FIRST_SEEN, when, channel="announced", counts=[1, None, "two"])
    assert facts_of(RELEASE) == [written]
    assert check_chain(RELEASE) == 1


@pytest.mark.parametrize("database", ["postgresql"])
def test_instants_come_back_as_written_however_the_server_likes_its_dates(desk: Desk) -> None:
    written = happens(Kind.LATE, Interval(at(1.5), at(2)))
    sql("ALTER ROLE postgres SET datestyle TO German")
    sql("ALTER ROLE postgres SET timezone TO 'Asia/Kathmandu'")
    try:
        connection.close()
        assert facts_of(RELEASE) == [written]
    finally:
        sql("ALTER ROLE postgres RESET ALL")


def test_facts_on_several_subjects_are_written_together(desk: Desk) -> None:
    happens(Kind.ANNOUNCED, subject="b")
    news = [New("b", Kind.STAGED, at(1)), New("a", Kind.LATE, at(2)), New("b", Kind.SEALED, at(3))]
    written = append_all(news, actor="person-1", recorded=at(4))
    assert [(fact.subject, fact.n) for fact in written] == [("b", 2), ("a", 1), ("b", 3)]
    assert facts_of("b")[1:] == [written[0], written[2]]
    assert (check_chain("a"), check_chain("b")) == (1, 3)


def test_of_several_facts_all_are_written_or_none(desk: Desk) -> None:
    happens(Kind.LATE, subject="c", key="once")
    news = [New("a", Kind.LATE, at(1)), New("b", Kind.LATE, at(1), key="once")]
    with pytest.raises(AlreadyHappened, match="once"):
        append_all(news, actor="person-1", recorded=at(1))
    assert subjects() == ["c"]


def test_one_key_twice_in_one_lump_is_refused(desk: Desk) -> None:
    news = [New("a", Kind.LATE, at(1), key="once")] * 2
    with pytest.raises(AlreadyHappened, match="once"):
        append_all(news, actor="person-1", recorded=at(1))
    assert subjects() == []


def test_who_writes_on_several_subjects_waits_for_nobody_for_ever(desk: Desk) -> None:
    def in_order(*order: str) -> None:
        for _ in range(15):
            news = [New(subject, Kind.BLIND, at(1)) for subject in order]
            append_all(news, actor="somebody", recorded=at(1))

    came = together(
        *[lambda: in_order("a", "b", "c")] * 2,
        *[lambda: in_order("c", "b", "a")] * 2,
    )
    assert came == [None] * 4
    assert [check_chain(subject) for subject in "abc"] == [60, 60, 60]


def test_a_time_may_be_another_ones_word(desk: Desk) -> None:
    written = append(
        RELEASE, Kind.UPLOADED, at=at(1), actor="person-1", recorded=at(9), said_by="platform"
    )
    assert facts_of(RELEASE) == [written]
    assert check_chain(RELEASE) == 1
    without_triggers()
    sql("UPDATE facts SET said_by = ''")
    with pytest.raises(ChainBroken):
        check_chain(RELEASE)


def test_only_news_is_read_of_timelines_that_are_known_so_far(desk: Desk) -> None:
    for subject, count in (("a", 3), ("b", 1), ("c", 2)):
        for _ in range(count):
            happens(Kind.BLIND, subject=subject)
    news = facts_after({"a": 1, "b": 1, "c": 0, "unknown": 0})
    assert {subject: [fact.n for fact in facts] for subject, facts in news.items()} == {
        "a": [2, 3],
        "c": [1, 2],
    }
    assert news["a"] == facts_of("a", after=1)
    assert facts_after({"a": 3}) == {}
    assert facts_after({}) == {}


def test_however_many_timelines_are_asked_for_it_takes_one_query(desk: Desk) -> None:
    names = [f"release/{place}" for place in range(50)]
    for name in names:
        happens(Kind.BLIND, subject=name)
    with CaptureQueriesContext(connection) as queries:
        assert len(facts_after(dict.fromkeys(names, 0))) == 50
    assert len(queries) == 1


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_listener_hears_of_a_fact_when_it_is_committed(desk: Desk) -> None:
    with psycopg.connect(desk.database, autocommit=True) as listener:
        listener.execute("LISTEN facts")
        with transaction.atomic():
            happens(Kind.LATE)
            assert not list(listener.notifies(timeout=0.1))
        heard = next(listener.notifies(timeout=5))
        assert (heard.channel, heard.payload) == ("facts", RELEASE)


def test_the_first_of_a_kind_is_found(desk: Desk) -> None:
    three_facts()
    again = happens(Kind.STAGED)
    facts = facts_of(RELEASE)
    staged = happened(facts, Kind.STAGED)
    assert staged is not None
    assert staged.n == 2 < again.n
    assert happened(facts, Kind.LATE) is None


FIELDS = "id, subject, n, kind, at, after, exact, recorded, actor, said_by, key, details, hash"
REST = "kind, at, after, exact, recorded, 'nobody', said_by"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts SET actor = 'nobody'",
        "DELETE FROM facts WHERE n = 2",
        "DELETE FROM facts",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_fact(desk: Desk, statement: str) -> None:
    three_facts()
    with pytest.raises(DatabaseError, match="append-only"):
        sql(statement)
    assert check_chain(RELEASE) == 3


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(
    "columns",
    [
        f"id, subject, n, {REST}, key",
        f"NULL, subject, n, {REST}, key",
        f"NULL, 'elsewhere', 9, {REST}, key",
        f"NULL, subject, n, {REST}, 'another'",
    ],
)
def test_sqlite_refuses_to_put_another_fact_in_the_place_of_one(desk: Desk, columns: str) -> None:
    """SQLite's REPLACE removes the row in the way without asking the delete trigger."""
    three_facts()
    other = f"SELECT {columns}, details, hash FROM facts WHERE n = 2"
    with pytest.raises(DatabaseError, match="append-only"):
        sql(f"INSERT OR REPLACE INTO facts ({FIELDS}) {other}")
    assert check_chain(RELEASE) == 3


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE facts",
        "INSERT INTO facts SELECT * FROM facts ON CONFLICT (key) DO UPDATE SET actor = 'nobody'",
    ],
)
def test_postgresql_refuses_to_empty_the_table_or_overwrite_a_fact(
    desk: Desk, statement: str
) -> None:
    three_facts()
    with pytest.raises(DatabaseError, match="append-only"):
        sql(statement)
    assert check_chain(RELEASE) == 3


def test_djangos_objects_cannot_change_or_remove_a_fact(desk: Desk) -> None:
    three_facts()
    row = FactRow.objects.get(n=2)
    row.actor = "nobody"
    for act in (row.save, row.delete, FactRow.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"):
            act()
    with pytest.raises(DatabaseError, match="append-only"):
        FactRow.objects.update(actor="nobody")
    assert check_chain(RELEASE) == 3


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'nobody'",
        "kind = 'approved'",
        "details = '{\"files\":9}'",
        "details = '{\"files\":1.5}'",
        "details = '\"broken\"'",
        "at = '2026-12-01 08:00:00'",
        "recorded = '2026-12-01 08:00:00'",
        "exact = false",
        "key = 'another'",
    ],
)
def test_a_changed_fact_is_found(desk: Desk, change: str) -> None:
    three_facts()
    without_triggers()
    sql(f"UPDATE facts SET {change} WHERE n = 2")
    with pytest.raises(ChainBroken, match="fact 2"):
        check_chain(RELEASE)


@pytest.mark.parametrize("n", [1, 2])
def test_a_missing_fact_is_found(desk: Desk, n: int) -> None:
    three_facts()
    without_triggers()
    sql("DELETE FROM facts WHERE n = %s", n)
    with pytest.raises(ChainBroken, match=f"fact {n} is missing"):
        check_chain(RELEASE)


def test_a_cut_tail_is_found(desk: Desk) -> None:
    three_facts()
    without_triggers()
    sql("DELETE FROM facts WHERE n = 3")
    with pytest.raises(ChainBroken, match="2 facts are there, the head says 3"):
        check_chain(RELEASE)


def test_facts_whose_head_was_removed_are_found(desk: Desk) -> None:
    three_facts()
    Head.objects.all().delete()
    assert subjects() == [RELEASE]
    with pytest.raises(ChainBroken, match="head"):
        check_chain(RELEASE)


def test_a_fact_taken_out_of_one_chain_does_not_fit_into_another(desk: Desk) -> None:
    three_facts()
    happens(Kind.ANNOUNCED, subject="release/other")
    without_triggers()
    sql("UPDATE facts SET subject = 'release/other', n = 2 WHERE subject = %s AND n = 3", RELEASE)
    with pytest.raises(ChainBroken):
        check_chain("release/other")


def test_a_kind_this_version_does_not_know_is_reported_and_not_skipped(desk: Desk) -> None:
    three_facts()
    without_triggers()
    sql("UPDATE facts SET kind = 'teleported' WHERE n = 2")
    for reader in (facts_of, check_chain):
        with pytest.raises(UnknownFact, match="teleported"):
            reader(RELEASE)


def test_appending_waits_for_a_transaction_under_way(desk: Desk) -> None:
    begun, waits = threading.Event(), threading.Event()

    def first() -> int:
        with transaction.atomic():
            n = happens(Kind.STAGED).n
            begun.set()
            waits.wait(0.3)
        return n

    def second() -> int:
        begun.wait(5)
        return happens(Kind.SEALED).n

    assert together(first, second) == [1, 2]


def saved() -> tuple[str, int]:
    """The saved timeline, in this desk's record: its subject, and how many facts it has."""
    timeline = json.loads(SAVED.read_text())
    for fields in timeline["facts"]:
        columns = ", ".join(fields)
        values = ", ".join(["%s"] * len(fields))
        sql(f"INSERT INTO facts ({columns}) VALUES ({values})", *fields.values())
    subject, n, _ = timeline["head"]
    sql("INSERT INTO record_head (subject, n, hash) VALUES (%s, %s, %s)", *timeline["head"])
    return subject, n


def test_a_saved_fact_of_every_kind_still_reads(desk: Desk) -> None:
    """Rows written by version 0.1.0 come first. Of a kind that is missing, `save_missing` adds one;
    those that are there stay as they are: records are kept for ever."""
    subject, n = saved()
    assert check_chain(subject) == n
    facts = facts_of(subject)
    missing = set(Kind) - set(kinds(facts))
    assert not missing, f"kinds with no saved fact, see save_missing below: {missing}"
    assert {type(fact.at) for fact in facts if fact.kind is Kind.FIRST_SEEN} == {Interval}
    assert facts[0].details == {"opens": "2026-12-01 09:30 Europe/London"}


def test_models_and_migrations_agree(desk: Desk) -> None:
    call_command("makemigrations", "record", check=True, dry_run=True, verbosity=0)


def test_a_saved_timeline_goes_on(desk: Desk) -> None:
    subject, n = saved()
    assert happens(Kind.CLOSED, subject=subject).n == n + 1
    assert check_chain(subject) == n + 1


def save_missing() -> None:
    """Run this within a test on SQLite, once, when there is a new kind."""
    subject, _ = saved()
    have = kinds(facts_of(subject))
    for kind in Kind:
        if kind not in have:
            append(subject, kind, at=at(5), recorded=at(6), actor="désk", said_by="person-1")
    columns = "subject, n, kind, at, after, exact, recorded, actor, said_by, key, details, hash"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as raw:
        rows = raw.execute(f"SELECT {columns} FROM facts ORDER BY n").fetchall()
        head = list(raw.execute("SELECT subject, n, hash FROM record_head").fetchone())
    facts = [dict(zip(columns.split(", "), row, strict=True)) for row in rows]
    for fact in facts:
        fact["exact"] = bool(fact["exact"])
    text = json.dumps({"facts": facts, "head": head}, indent=1, ensure_ascii=False)
    SAVED.write_text(text + "\n")
