"""A fact as a row of the table, and back. Of a long timeline this is most of the work."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from ninethirty.core.errors import UnknownFact
from ninethirty.core.facts import Fact, Kind, kind_of
from ninethirty.core.times import Instant, Interval

COLUMNS = "subject, n, kind, at, after, exact, recorded, actor, said_by, key, details, hash"

_INSERT = f"INSERT INTO facts ({COLUMNS}) VALUES"

# As text, whichever the database: what either makes of an instant on its own takes longer.
_SELECT = (
    "SELECT f.subject, f.n, f.kind, CAST(f.at AS text), CAST(f.after AS text), "
    "CAST(f.exact AS integer), CAST(f.recorded AS text), f.actor, f.said_by, f.key, "
    "CAST(f.details AS text), f.hash FROM "
)

_KINDS = {str(kind): kind for kind in Kind}

_AT_ONCE = 2000


def stored(fact: Fact, hashed: str) -> list[Any]:
    """In the order of COLUMNS."""
    ops = connection.ops
    exact = not isinstance(fact.at, Interval)
    by, after = (fact.at.by, fact.at.after) if isinstance(fact.at, Interval) else (fact.at, None)
    return [
        fact.subject,
        fact.n,
        str(fact.kind),
        ops.adapt_datetimefield_value(by),
        ops.adapt_datetimefield_value(after),
        exact,
        ops.adapt_datetimefield_value(fact.recorded),
        fact.actor,
        fact.said_by,
        fact.key,
        ops.adapt_json_value(fact.details, None),
        hashed,
    ]


class Taken(Exception):
    """Nothing was written: others have written facts with these keys."""

    def __init__(self, keys: set[str]) -> None:
        self.keys = keys


def insert(rows: Sequence[Sequence[Any]]) -> None:
    """Raises Taken: nothing was written, for some of their keys are there."""
    keys = {row[9] for row in rows}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # A trigger would refuse a key that is there with an error that says no more; so it is
            # asked first. Nobody else writes meanwhile.
            cursor.execute(f"SELECT key FROM facts WHERE key IN ({marks(keys)})", list(keys))  # noqa: S608
            if there := {key for (key,) in cursor.fetchall()}:
                raise Taken(there)
            cursor.executemany(f"{_INSERT} ({marks(rows[0])})", rows)
        else:
            # Another may be writing the same key at this moment, on another subject: this waits
            # for the end of it.
            cursor.execute(
                f"{_INSERT} {marks_of(rows)} ON CONFLICT (key) DO NOTHING RETURNING key",
                [value for row in rows for value in row],
            )
            written = {key for (key,) in cursor.fetchall()}
            if written != keys:
                raise Taken(keys - written)


def read(source: str, values: Sequence[Any]) -> Iterator[tuple[Fact, str]]:
    """Facts, each with its hash. source: what follows FROM, with the table of facts as `f`.

    Raises:
        UnknownFact: a newer version wrote here.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + source, values)
        while rows := cursor.fetchmany(_AT_ONCE):
            # One document of them all is read in half the time.
            told = json.loads(f"[{','.join([row[10] for row in rows])}]")
            for row, details in zip(rows, told, strict=True):
                yield _fact(row, details), row[11]


def _fact(row: Sequence[Any], details: Any) -> Fact:
    subject, n, kind, at, after, exact, recorded, actor, said_by, key, _, _ = row
    by = _instant(at)
    return Fact(
        subject,
        n,
        _KINDS.get(kind) or _unknown(subject, n, kind),
        by if exact else Interval(_instant(after) if after else None, by),
        by if recorded == at else _instant(recorded),
        actor,
        key,
        details,
        said_by,
    )


def _instant(text: str) -> Instant:
    """SQLite keeps instants without their zone; PostgreSQL gives it, for we ask it in UTC."""
    return Instant.of(datetime.fromisoformat(f"{text.removesuffix('+00')}+00:00"))


def _unknown(subject: str, n: int, kind: str) -> Kind:
    try:
        return kind_of(kind)
    except UnknownFact as unknown:
        raise UnknownFact(f"{subject}: fact {n}: {unknown}") from unknown


def marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def marks_of(rows: Sequence[Sequence[Any]]) -> str:
    return ", ".join([f"({marks(rows[0])})"] * len(rows))
