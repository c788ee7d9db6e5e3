"""A fact as a row of the table, and back. Of a long timeline this is most of the work."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from ninethirty.core.errors import UnknownFact
from ninethirty.core.facts import Fact, Kind, kind_of
from ninethirty.core.times import Instant, Interval

COLUMNS = "subject, n, kind, at, after, exact, recorded, actor, said_by, key, details, hash"

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
