"""Where the record is kept, as Django is told: a file in the home folder, or PostgreSQL."""

from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from ninethirty.core.errors import CannotStart

POSTGRESQL = "postgresql://"

_GONE_AFTER = {
    # A machine that lost its power sends no farewell. Without these a runner would wait for a
    # quarter of an hour; with them it knows within about five seconds, and connects anew.
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}

_SESSION = (
    # Said to be recorded means on the disk, whatever the server's own habit.
    "-c synchronous_commit=on "
    # As long as SQLite waits for its lock.
    "-c lock_timeout=20s "
    # A process that is stopped within a transaction holds locks that others wait for.
    "-c idle_in_transaction_session_timeout=10s "
    # Instants are read as text.
    "-c datestyle=ISO"
)


def sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A writer queues at BEGIN, rather than fail when it first writes.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # What is erased is overwritten, and not only left out.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA secure_delete=ON;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """A folder with the server's socket is given as `postgresql://user@/name?host=/folder`.

    Raises:
        CannotStart: not the address of a database.
    """
    try:
        told = conninfo_to_dict(url)
    except ProgrammingError as wrong:
        raise CannotStart(f"database: expected {POSTGRESQL}user@host/name: {wrong}") from wrong
    name = told.pop("dbname", "")
    if not name:
        raise CannotStart(f"database: no name in {POSTGRESQL}user@host/name")
    django = {
        django: told.pop(libpq, "")
        for libpq, django in (
            ("host", "HOST"),
            ("port", "PORT"),
            ("user", "USER"),
            ("password", "PASSWORD"),
        )
    }
    session = f"{_SESSION} {told.pop('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        **django,
        # Kept for ever, and asked before use whether it still answers: one that was lost is made
        # anew after close_old_connections(), which a request and a round of the runner begin with.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_GONE_AFTER, "application_name": "ninethirty", **told, "options": session},
    }
