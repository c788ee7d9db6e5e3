"""A start on a database that is not as it should be: refused or reported, with what to do."""

import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError, close_old_connections, connection

from ninethirty.core.errors import CannotStart
from ninethirty.core.facts import Kind
from ninethirty.desk.database import postgresql, sqlite
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.fit import check_fit, make_fit
from ninethirty.desk.record.models import Head
from ninethirty.desk.setup import setup
from tests.desk.conftest import numbers, point_at
from tests.desk.postgres import Postgres
from tests.desk.setting import RELEASE, Desk, happens, together, watched
from tests.desk.test_command import command, env
from tests.desk.test_record import sql, without_triggers


def test_a_database_that_is_as_it_should_be_starts_without_a_word(desk: Desk) -> None:
    happens(Kind.ANNOUNCED)
    assert make_fit(setup()) == []
    check_fit(setup())
    assert Head.objects.count() == 1


@pytest.mark.parametrize("act", [make_fit, check_fit])
def test_a_database_of_a_newer_version_is_refused(desk: Desk, act: Callable[..., object]) -> None:
    sql(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('record', '0099_newer', '2027-01-01')"
    )
    with pytest.raises(CannotStart, match=r"newer version \(0099_newer.*start that version"):
        act(setup())


def test_a_kind_of_fact_of_a_newer_version_is_refused(desk: Desk) -> None:
    happens(Kind.ANNOUNCED)
    without_triggers()
    sql("UPDATE facts SET kind = 'teleported'")
    with pytest.raises(CannotStart, match=r"\(teleported\); start the newer version"):
        make_fit(setup())


def test_a_chain_that_was_cut_is_reported_at_start_and_does_not_stop_it(desk: Desk) -> None:
    happens(Kind.ANNOUNCED)
    happens(Kind.STAGED)
    happens(Kind.ANNOUNCED, subject="release/whole")
    without_triggers()
    sql("DELETE FROM facts WHERE subject = %s AND n = 2", RELEASE)
    (said,) = make_fit(setup())
    assert said.startswith(f"{RELEASE}: the record was changed behind our back; run ninethirty")


def test_a_fact_of_an_open_release_that_was_changed_is_reported_at_start(desk: Desk) -> None:
    watched()
    for kind in (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED):
        happens(kind)
    without_triggers()
    sql("UPDATE facts SET actor = 'another' WHERE n = 2")
    (said,) = make_fit(setup())
    assert said.startswith(f"{RELEASE}: the record was changed behind our back; run ninethirty")


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_database_that_may_only_be_read_is_refused(desk: Desk) -> None:
    sql(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET default_transaction_read_only=on')
    connection.close()
    with pytest.raises(CannotStart, match=r"read-only transaction.*this user may write there"):
        make_fit(setup())


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_database_that_is_not_there_is_refused_and_its_password_not_told(desk: Desk) -> None:
    desk.database = "postgresql://us:secret@/nothing?host=/nowhere"
    desk.told()
    point_at(postgresql(desk.database))
    with pytest.raises(CannotStart, match="database nothing on /nowhere cannot be used") as said:
        make_fit(setup())
    assert "secret" not in str(said.value)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_file_that_may_only_be_read_is_refused(desk: Desk) -> None:
    file = desk.home / "desk.sqlite3"
    point_at(sqlite(file) | {"NAME": f"file:{file}?immutable=1"} | read_only())
    with pytest.raises(CannotStart, match=r"readonly database.*this user may write there"):
        make_fit(setup())


def read_only() -> dict[str, object]:
    return {"OPTIONS": {"uri": True, "transaction_mode": "IMMEDIATE"}}


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_full_disk_is_refused_in_one_sentence(desk: Desk) -> None:
    """A limit on the size of files is to SQLite what a full disk is."""
    with (desk.home / "desk.sqlite3-wal").open("wb"):
        pass

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    said = subprocess.run(
        command("runner", "--home", str(desk.home)),
        env=env() | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=30,
        preexec_fn=small,
    )
    assert said.returncode == 2
    assert "its disk is not full; then start again" in said.stderr
    assert "Traceback" not in said.stderr


def test_of_those_that_start_together_one_makes_the_tables(
    desk: Desk, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if desk.database:
        server: Postgres = request.getfixturevalue("server")
        point_at(postgresql(server.create(f"fresh-{next(numbers)}", template="template0")))
    else:
        point_at(sqlite(tmp_path / "fresh.sqlite3"))
    assert together(*[lambda: make_fit(setup())] * 4) == [[]] * 4
    happens(Kind.ANNOUNCED)
    assert check_chain(RELEASE) == 1


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_connection_that_was_lost_is_made_anew(desk: Desk, server: Postgres) -> None:
    happens(Kind.ANNOUNCED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    server.execute(f"SELECT pg_terminate_backend({pid})")
    with pytest.raises(OperationalError):
        facts_of(RELEASE)
    close_old_connections()
    assert happens(Kind.STAGED).n == 2
    assert check_chain(RELEASE) == 2


@pytest.mark.parametrize("database", ["postgresql"])
def test_who_stops_within_a_transaction_does_not_keep_others_waiting_for_ever(desk: Desk) -> None:
    with connection.cursor() as cursor:
        for setting, said in (
            ("idle_in_transaction_session_timeout", "10s"),
            ("lock_timeout", "20s"),
            ("synchronous_commit", "on"),
        ):
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == (said,)
