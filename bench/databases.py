"""A bench on SQLite and on PostgreSQL, one after the other."""

import multiprocessing
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bench.figure import Figure
from ninethirty.core.document import SigningKey
from tests.desk.postgres import running

Found = TypeVar("Found")


def on_both(measure: Callable[[Path], Found], settings: str = "") -> dict[str, Found]:
    """What it finds in the home of a new desk, by the name of the database.

    settings: lines more of desk.toml.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": _apart(measure, Path(folder), "", settings)}
    with tempfile.TemporaryDirectory() as folder, running(durable=True) as postgres:
        database = postgres.create("bench")
        found["PostgreSQL"] = _apart(measure, Path(folder), database, settings)
    return found


def figures_on_both(measure: Callable[[Path], list[Figure]], settings: str = "") -> list[Figure]:
    """Each says of which database it is."""
    found = on_both(measure, settings)
    return [replace(one, what=f"{name}: {one.what}") for name in found for one in found[name]]


def _apart(measure: Callable[[Path], Found], home: Path, database: str, settings: str) -> Found:
    """In a process of its own, since Django is told its database once."""
    told = f'site = "http://bench.example"\nproducer = "bench"\ndatabase = "{database}"\n'
    (home / "desk.toml").write_text(told + settings)
    (home / "desk.key").write_text(SigningKey.new().secret())
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawned) as process:
        return process.submit(measure, home).result()
