"""A desk of its own for every test, on SQLite and on PostgreSQL: real settings, real migrations."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import django
import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "ninethirty.desk.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from ninethirty.desk.database import postgresql, sqlite  # noqa: E402
from ninethirty.desk.setup import HOME, setup  # noqa: E402
from tests.desk.locks import in_order  # noqa: E402
from tests.desk.postgres import Postgres, running  # noqa: E402
from tests.desk.setting import Desk  # noqa: E402

SQLITE, POSTGRESQL = "sqlite", "postgresql"

numbers = count()


def point_at(database: dict[str, Any]) -> None:
    """The next connection of every thread goes there; those of other threads must be closed."""
    connections.close_all()
    with suppress(AttributeError):  # this thread had none
        del connections["default"]
    connections.settings["default"].update(database)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "desk.sqlite3"
    point_at(sqlite(file))
    call_command("migrate", verbosity=0)
    connections.close_all()
    return file


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """One for all tests, with a database `migrated` that theirs are copied from."""
    with running() as postgres:
        point_at(postgresql(postgres.create("migrated")))
        call_command("migrate", verbosity=0)
        connections.close_all()
        yield postgres


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database(request: pytest.FixtureRequest) -> str:
    """Which database the desk of this test is on."""
    kind: str = request.param
    return kind


@pytest.fixture
def desk(
    tmp_path: Path,
    database: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    if database == SQLITE:
        place = Desk(tmp_path / "desk")
        shutil.copy(request.getfixturevalue("migrated"), place.home / "desk.sqlite3")
        point_at(sqlite(place.home / "desk.sqlite3"))
    else:
        server: Postgres = request.getfixturevalue("server")
        name = f"desk-{next(numbers)}"
        place = Desk(tmp_path / "desk", server.create(name, template="migrated"))
        point_at(postgresql(place.database))
    monkeypatch.setenv(HOME, str(place.home))
    with in_order():
        yield place
    connections.close_all()
    setup.cache_clear()
    if database == POSTGRESQL:
        server.drop(name)
