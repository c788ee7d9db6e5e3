"""append() and what reads back: the timeline of a subject, chained fact to fact."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from ninethirty.core.document import Json
from ninethirty.core.errors import AlreadyHappened, ChainBroken, Malformed, UnknownFact
from ninethirty.core.facts import Fact, Kind, check_details, kind_of, link
from ninethirty.core.release import MOVING
from ninethirty.core.times import Instant, Interval, When
from ninethirty.desk.record.derived import derived, promised
from ninethirty.desk.record.models import FactRow, Head, Promised, Release

_COLUMNS = "subject, n, kind, at, after, exact, recorded, actor, said_by, key, details, hash"

# SQLite refuses a key that is there by a trigger, which would be an error and not an answer, so it
# is asked first; its writers come one by one. On PostgreSQL another may be writing the same key at
# this moment, on another subject: ON CONFLICT waits for the end of it.
_INSERT = (
    f"INSERT INTO facts ({_COLUMNS}) SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s "  # noqa: S608
    "WHERE NOT EXISTS (SELECT 1 FROM facts WHERE key = %s) ON CONFLICT (key) DO NOTHING"
)

_NEW_HEAD = (
    "INSERT INTO record_head (subject, n, hash) VALUES (%s, 0, '') ON CONFLICT (subject) DO NOTHING"
)


@dataclass(frozen=True)
class New:
    """A fact to be written. `key` if it can happen once; `said_by` whose word the time is, if it is
    not the actor's."""

    subject: str
    kind: Kind
    at: When
    key: str = ""
    details: Json = field(default_factory=dict)
    said_by: str = ""


def append(
    subject: str,
    kind: Kind,
    *,
    at: When,
    actor: str,
    recorded: Instant,
    key: str = "",
    details: Json | None = None,
    said_by: str = "",
) -> Fact:
    """Write what happened, in the same transaction as the rows it explains.

    Raises:
        AlreadyHappened: a fact with this key is there; nothing was written.
    """
    new = New(subject, kind, at, key, details or {}, said_by)
    return append_all([new], actor=actor, recorded=recorded)[0]


def append_all(news: Sequence[New], *, actor: str, recorded: Instant) -> list[Fact]:
    """Write several facts, on one subject or many: all of them or none.

    Raises:
        AlreadyHappened: a fact with one of these keys is there; nothing was written.
        Malformed: details that cannot be written as a document, or do not belong in a fact.
    """
    for new in news:
        check_details(new.details)
    written: dict[str, Fact] = {}
    """By its hash."""
    with transaction.atomic(), connection.cursor() as cursor:
        heads = lock({new.subject for new in news})
        for new in news:
            n, previous = heads[new.subject]
            fact = Fact(
                subject=new.subject,
                n=n + 1,
                kind=new.kind,
                at=new.at,
                recorded=recorded,
                actor=actor,
                key=new.key or f"{new.subject}#{n + 1}",
                details=new.details,
                said_by=new.said_by,
            )
            hashed = link(previous, fact)
            heads[new.subject] = fact.n, hashed
            written[hashed] = fact
        cursor.executemany(
            _INSERT, [[*stored(fact, hashed), fact.key] for hashed, fact in written.items()]
        )
        if cursor.rowcount != len(written):
            raise AlreadyHappened(f"{_others_key(written)} is recorded already")
        cursor.executemany(
            "UPDATE record_head SET n = %s, hash = %s WHERE subject = %s",
            [[n, hashed, subject] for subject, (n, hashed) in heads.items()],
        )
        facts = list(written.values())
        Promised.objects.bulk_create(row for fact in facts if (row := promised(fact)))
        settle({fact.subject for fact in facts if fact.kind in MOVING})
    return facts


def _others_key(written: Mapping[str, Fact]) -> str:
    """The first of these keys under which another fact is recorded."""
    rows = FactRow.objects.filter(key__in=[fact.key for fact in written.values()])
    there = dict(rows.values_list("key", "hash"))
    return next(fact.key for hashed, fact in written.items() if there.get(fact.key) != hashed)


def settle(releases: Collection[str]) -> None:
    """Write what their facts say into the rows of releases, where it is not there yet."""
    if not releases:
        return
    facts: dict[str, list[Fact]] = {}
    moving = _rows().filter(subject__in=releases, kind__in=[str(kind) for kind in MOVING])
    for row in moving.order_by("subject", "n"):
        facts.setdefault(row[0], []).append(_fact(row))
    for release in Release.objects.filter(id__in=releases).defer("manifest", "order"):
        says = derived(facts.get(release.id, []))
        changed = {column: to for column, to in says.items() if getattr(release, column) != to}
        if changed:
            Release.objects.filter(id=release.id).update(**changed)


@transaction.atomic
def refill(release: str) -> None:
    """Write what the facts say of a release into the calendar anew."""
    Promised.objects.filter(release=release).delete()
    Promised.objects.bulk_create(row for fact in facts_of(release) if (row := promised(fact)))


def lock(subjects: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Subject -> (n, hash) of its head, ours until the end of the transaction.

    This comes before any other lock on what a subject's facts are about, and heads are locked in
    one order; or two could wait for each other for ever.
    """
    names = sorted(subjects)
    with connection.cursor() as cursor:
        found = _heads(cursor, names)
        missing = [name for name in names if name not in found]
        if not missing:
            return found
        cursor.executemany(_NEW_HEAD, [[name] for name in missing])
        return _heads(cursor, names)


def _heads(cursor: Any, subjects: Sequence[str]) -> dict[str, tuple[int, str]]:
    places = ", ".join(["%s"] * len(subjects))
    # SQLite has no row locks and needs none: the transaction began with the write lock.
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    cursor.execute(
        f"SELECT subject, n, hash FROM record_head WHERE subject IN ({places}) "  # noqa: S608
        f"ORDER BY subject{lock}",
        subjects,
    )
    return {subject: (n, hashed) for subject, n, hashed in cursor.fetchall()}


def facts_of(subject: str, *, after: int = 0, kinds: Collection[Kind] | None = None) -> list[Fact]:
    """The timeline, from the fact that follows number `after`; of these kinds alone, if any."""
    rows = _rows().filter(subject=subject, n__gt=after)
    if kinds is not None:
        rows = rows.filter(kind__in=[str(kind) for kind in kinds])
    return [_fact(row) for row in rows.order_by("n")]


def facts_after(positions: Mapping[str, int]) -> dict[str, list[Fact]]:
    """Subject -> its facts that follow the number given, for those that have any.

    Two queries for any number of subjects, and of subjects without news nothing is read.
    """
    ends = Head.objects.filter(subject__in=list(positions)).values_list("subject", "n")
    news = [subject for subject, n in ends if n > positions[subject]]
    if not news:
        return {}
    lowest = min(positions[subject] for subject in news)
    found: dict[str, list[Fact]] = {}
    for row in _rows().filter(subject__in=news, n__gt=lowest).order_by("subject", "n"):
        if row[1] > positions[row[0]]:
            found.setdefault(row[0], []).append(_fact(row))
    return found


def subjects() -> list[str]:
    """Also those that have facts and no head, which check_chain then reports."""
    heads = Head.objects.filter(n__gt=0).values_list("subject", flat=True)
    return sorted({*heads, *FactRow.objects.values_list("subject", flat=True).distinct()})


def check_chain(subject: str) -> int:
    """How many facts the chain holds.

    Raises:
        ChainBroken: a fact was changed, taken out, or cut off the end.
        UnknownFact: a newer version wrote here; use that one.
    """
    previous = ""
    n = 0
    rows = _rows("hash").filter(subject=subject).order_by("n")
    for *row, hashed in rows.iterator(chunk_size=2000):
        n += 1
        fact = _fact(row)
        if fact.n != n:
            raise ChainBroken(f"{subject}: fact {n} is missing")
        previous = _link(previous, fact)
        if hashed != previous:
            raise ChainBroken(f"{subject}: fact {n} is not what was recorded")
    head = Head.objects.filter(subject=subject).first()
    if head is None:
        raise ChainBroken(f"{subject}: {n} facts are there, and no head")
    if (head.n, head.hash) != (n, previous):
        raise ChainBroken(f"{subject}: {n} facts are there, the head says {head.n}")
    return n


def happened(facts: Iterable[Fact], kind: Kind) -> Fact | None:
    """The first fact of that kind."""
    return next((fact for fact in facts if fact.kind is kind), None)


def stored(fact: Fact, hashed: str) -> list[Any]:
    """The fact as a row of the table, in the order of its columns but for the id."""
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


def _link(previous: str, fact: Fact) -> str:
    """The hash; none for what could never have been written."""
    try:
        return link(previous, fact)
    except Malformed:
        return ""


def _rows(*more: str) -> Any:
    """Tuples, not objects: of a long timeline, making objects is most of the work."""
    return FactRow.objects.values_list(
        "subject",
        "n",
        "kind",
        "at",
        "after",
        "exact",
        "recorded",
        "actor",
        "said_by",
        "key",
        "details",
        *more,
    )


def _fact(row: Sequence[Any]) -> Fact:
    subject, n, kind, at, after, exact, recorded, actor, said_by, key, details = row
    try:
        known = kind_of(kind)
    except UnknownFact as unknown:
        raise UnknownFact(f"{subject}: fact {n}: {unknown}") from unknown
    by = Instant.of(at)
    return Fact(
        subject=subject,
        n=n,
        kind=known,
        at=by if exact else Interval(Instant.of(after) if after else None, by),
        recorded=Instant.of(recorded),
        actor=actor,
        key=key,
        details=details,
        said_by=said_by,
    )
