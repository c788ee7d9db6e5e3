"""Whether the database is one this version can work on; asked at every start."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from ninethirty.core.errors import CannotStart, ChainBroken
from ninethirty.desk.record.check import loose_ends, unknown_kinds
from ninethirty.desk.record.facts import check_chain, settle
from ninethirty.desk.record.models import Head, Release
from ninethirty.desk.setup import Setup

APP = "record"

_MIGRATING = 930
"""The number of PostgreSQL's advisory lock."""


def make_fit(setup: Setup) -> list[str]:
    """Bring the tables to this version, and try whether they can be written. Gives back what a
    person has to look into: a broken chain does not keep a release from being answered.

    Raises:
        CannotStart: not there, from a newer version, read-only, or full; says what to do.
    """
    with _reported(setup), _alone(setup):
        _check_not_ahead(setup)
        ours, applied = _migrations()
        call_command("migrate", verbosity=0)
        _check_writable()
        if ours - applied:
            # Columns that the older version did not derive.
            settle(Release.objects.values_list("id", flat=True))
        unknown = unknown_kinds()
        if unknown:
            raise CannotStart(
                f"{where(setup)} holds facts of kinds that this version does not know "
                f"({', '.join(unknown)}); start the newer version that wrote them"
            )
        return [
            f"{subject}: the record was changed behind our back; run ninethirty check, and keep a "
            "copy of the database as it is"
            for subject in sorted({*loose_ends(), *_broken()})
        ]


def check_fit(setup: Setup) -> None:
    """Raises CannotStart as `make_fit` does, and if a migration is missing; changes nothing."""
    if not setup.database and not setup.file.exists():
        raise CannotStart(f"{where(setup)} is not there")
    with _reported(setup):
        _check_not_ahead(setup)
        ours, applied = _migrations()
        if ours - applied:
            raise CannotStart(
                f"{where(setup)} is behind this version; start the desk once, then check"
            )


def _broken() -> list[str]:
    """Releases that are open and whose chain does not hold. Of all that is over, `check` reads
    every fact; that can take minutes, and here a release may be waiting."""
    found = []
    for release in Release.objects.filter(closed=False).values_list("id", flat=True):
        try:
            check_chain(release)
        except ChainBroken:
            found.append(release)
    return found


def where(setup: Setup) -> str:
    """The database for people to read, without its password."""
    if not setup.database:
        return str(setup.file)
    told = connection.settings_dict
    return f"database {told['NAME']} on {told['HOST'] or 'this machine'}"


def _check_not_ahead(setup: Setup) -> None:
    ours, applied = _migrations()
    newer = sorted(applied - ours)
    if newer:
        raise CannotStart(
            f"{where(setup)} was changed by a newer version ({', '.join(newer)}, which this one "
            "does not know); start that version"
        )


def _migrations() -> tuple[set[str], set[str]]:
    """Those of this version, and those applied to the database."""
    loader = MigrationLoader(connection)
    ours = {name for app, name in loader.disk_migrations if app == APP}
    return ours, {name for app, name in loader.applied_migrations if app == APP}


def _check_writable() -> None:
    """A row written and taken back."""
    with transaction.atomic():
        Head.objects.create(subject="is this writable?")
        transaction.set_rollback(True)


@contextmanager
def _reported(setup: Setup) -> Iterator[None]:
    try:
        yield
    except (DatabaseError, OSError) as wrong:
        raise CannotStart(
            f"{where(setup)} cannot be used: {str(wrong).strip()}. See that it is reachable, that "
            "this user may write there, and that its disk is not full; then start again"
        ) from wrong


@contextmanager
def _alone(setup: Setup) -> Iterator[None]:
    """Desk and runner start together; one of them makes the tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
    else:
        with (setup.home / "migrating.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
