"""A desk of its own for every test: real settings, real SQLite file, real migrations."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "ninethirty.desk.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from ninethirty.desk.setup import HOME, setup  # noqa: E402
from tests.desk.setting import Desk  # noqa: E402


def point_at(database: Path) -> None:
    """Every thread's next connection goes to this file."""
    connections.close_all()
    connections.settings["default"]["NAME"] = database


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("migrated") / "desk.sqlite3"
    point_at(database)
    call_command("migrate", verbosity=0)
    connections.close_all()
    return database


@pytest.fixture
def desk(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    place = Desk(tmp_path / "desk")
    monkeypatch.setenv(HOME, str(place.home))
    shutil.copy(migrated, place.home / "desk.sqlite3")
    point_at(place.home / "desk.sqlite3")
    yield place
    connections.close_all()
    setup.cache_clear()
