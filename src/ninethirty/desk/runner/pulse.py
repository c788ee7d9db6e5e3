"""A runner's sign of life, who else lives, and what wakes it: a lock that is freed at its death.

On SQLite a lock on a file, and the number by which SQLite tells that another connection has
written. On PostgreSQL an advisory lock, and LISTEN, both on one connection of their own: a stopped
process keeps it, a killed one loses it at once, one cut off loses it when the server notices.
"""

import fcntl
import secrets
import sqlite3
import time
from pathlib import Path
from typing import Any, Protocol

import psycopg

from ninethirty.desk.setup import Setup

GLANCE = 0.01
"""Real seconds between two looks at SQLite's number; one costs microseconds."""

LOCKS = 931
"""The first half of the numbers of our advisory locks; a runner's own number is the other."""

_NOTICED_WITHIN = (
    # A machine that lost its power sends no farewell; so the server knows within five seconds.
    "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; "
    "SET tcp_user_timeout = 5000; LISTEN facts; LISTEN sightings"
)

_LIVING = (
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 "
    "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Lost(Exception):
    """Our lock may be free by now: others may take us for dead. Go on under another name."""


class Pulse(Protocol):
    """Held from its making to stop(). name: in claims."""

    name: str

    def alive(self) -> set[str]:
        """Names of the runners that live, ours among them. Raises Lost."""
        ...

    def wait(self, seconds: float) -> None:
        """Until something was written by anybody, or so long. Raises Lost."""
        ...

    def stop(self) -> None: ...


def pulse(setup: Setup) -> Pulse:
    """Raises psycopg.OperationalError if the database cannot be reached."""
    if setup.database:
        return PostgresPulse(setup.database, setup.django_database()["OPTIONS"])
    return FilePulse(setup.home / "runners", setup.file)


class FilePulse:
    def __init__(self, folder: Path, database: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._database = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._written = self._number()
        while True:
            self.name = f"runner-{secrets.token_hex(4)}"
            self._held = (folder / self.name).open("w")
            fcntl.flock(self._held, fcntl.LOCK_EX)
            if (folder / self.name).exists():
                return
            # Another runner took our new file for one of the dead, and cleared it away.
            self._held.close()

    def alive(self) -> set[str]:
        """Files of the dead are cleared away."""
        found = {self.name}
        for file in self._folder.iterdir():
            if file.name == self.name:
                continue
            try:
                with file.open() as other:
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    file.unlink(missing_ok=True)
            except BlockingIOError:
                found.add(file.name)
            except FileNotFoundError:
                continue
        return found

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (number := self._number()) == self._written and time.monotonic() < end:
            time.sleep(GLANCE)
        self._written = number

    def stop(self) -> None:
        self._held.close()
        self._database.close()

    def _number(self) -> Any:
        return self._database.execute("PRAGMA data_version").fetchone()[0]


class PostgresPulse:
    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self._connection = psycopg.connect(url, autocommit=True, **options)
        while True:
            number = secrets.randbits(31)
            taken = self._connection.execute(
                "SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, number]
            ).fetchone()
            if taken == (True,):
                break
        self.name = _name(number)
        self._connection.execute(_NOTICED_WITHIN)

    def alive(self) -> set[str]:
        try:
            return {_name(number) for (number,) in self._connection.execute(_LIVING, [LOCKS])}
        except psycopg.OperationalError as gone:
            raise Lost(self.name) from gone

    def wait(self, seconds: float) -> None:
        try:
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
            # One round hears of all of them.
            for _ in self._connection.notifies(timeout=0):
                pass
        except psycopg.OperationalError as gone:
            raise Lost(self.name) from gone

    def stop(self) -> None:
        self._connection.close()


def _name(number: int) -> str:
    return f"runner-{number:08x}"
