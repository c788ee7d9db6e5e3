"""append() and what reads back: the timeline of a subject, chained fact to fact."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from ninethirty.core.document import Json, canonical
from ninethirty.core.errors import AlreadyHappened, ChainBroken, Malformed
from ninethirty.core.facts import Fact, Kind, check_details, link
from ninethirty.core.release import MOVING
from ninethirty.core.times import Instant, When
from ninethirty.desk.record.derived import derived, promised
from ninethirty.desk.record.models import FactRow, Head, Promised, Release
from ninethirty.desk.record.rows import Taken, insert, marks, marks_of, read, stored

LONGEST_KEY = 200
"""PostgreSQL holds to the length of a column."""

_PAGE = 2000
"""Facts of a timeline that are in memory at once while it is checked."""

_HEADS = "INSERT INTO record_head (subject, n, hash) VALUES"

Heads = dict[str, tuple[int, str]]
"""Subject -> number and hash of its last fact."""


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


@dataclass(frozen=True)
class Lump:
    """Facts that one actor writes, on one subject or many: all of them or none."""

    news: Sequence[New]
    actor: str
    recorded: Instant


Written = list[Fact] | AlreadyHappened | Malformed
"""What became of a lump."""


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
    [written] = append_each([Lump(news, actor, recorded)])
    if isinstance(written, Exception):
        raise written
    return written


def append_each(lumps: Sequence[Lump]) -> list[Written]:
    """Write many lumps in one transaction; a lump that is refused keeps no other back."""
    taken: set[str] = set()
    while True:
        try:
            with transaction.atomic():
                return _append(lumps, taken)
        except Taken as there:
            taken |= there.keys


def _append(lumps: Sequence[Lump], taken: set[str]) -> list[Written]:
    """As many statements for a hundred facts as for one."""
    heads = before = lock({new.subject for lump in lumps for new in lump.news})
    keys = set(taken)
    rows: list[list[Any]] = []
    came: list[Written] = []
    for lump in lumps:
        try:
            chained, heads = _chain(lump, heads, keys)
        except (AlreadyHappened, Malformed) as refused:
            came.append(refused)
            continue
        keys |= {fact.key for fact, _ in chained}
        rows += [stored(fact, hashed) for fact, hashed in chained]
        came.append([fact for fact, _ in chained])
    if not rows:
        transaction.set_rollback(True)  # no new head stays behind
    else:
        insert(rows)
        _move({subject: end for subject, end in heads.items() if end != before[subject]})
    facts = [fact for one in came if isinstance(one, list) for fact in one]
    if calendar := [row for fact in facts if (row := promised(fact))]:
        Promised.objects.bulk_create(calendar)
    settle({fact.subject for fact in facts if fact.kind in MOVING})
    return came


def _chain(lump: Lump, heads: Heads, keys: set[str]) -> tuple[list[tuple[Fact, str]], Heads]:
    """Each fact with its hash, and the ends of the timelines after it.

    Raises:
        AlreadyHappened: one of its keys is among `keys`, or twice in it. Malformed.
    """
    heads = dict(heads)
    chained: dict[str, tuple[Fact, str]] = {}
    for new in lump.news:
        n, previous = heads[new.subject]
        key = new.key or f"{new.subject}#{n + 1}"
        if key in keys or key in chained:
            raise AlreadyHappened(f"{key} is recorded already")
        check_new(new)
        fact = Fact(
            subject=new.subject,
            n=n + 1,
            kind=new.kind,
            at=new.at,
            recorded=lump.recorded,
            actor=lump.actor,
            key=key,
            details=new.details,
            said_by=new.said_by,
        )
        hashed = link(previous, fact)
        heads[new.subject] = fact.n, hashed
        chained[key] = fact, hashed
    return list(chained.values()), heads


def check_new(new: New) -> None:
    """Raises Malformed: it could never be written."""
    canonical(new.details)
    check_details(new.details)
    if len(new.key) > LONGEST_KEY:
        raise Malformed(f"key of more than {LONGEST_KEY} letters: {new.key[:40]}…")


def _move(heads: Heads) -> None:
    rows = [(subject, n, hashed) for subject, (n, hashed) in heads.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_HEADS} {marks_of(rows)} ON CONFLICT (subject) DO UPDATE "
            "SET n = excluded.n, hash = excluded.hash",
            [value for row in rows for value in row],
        )


def settle(releases: Collection[str]) -> None:
    """Write what their facts say into the rows of releases, where it is not there yet."""
    if not releases:
        return
    facts = facts_among(releases, MOVING)
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


def lock(subjects: Iterable[str]) -> Heads:
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
        rows: list[list[Any]] = [[name, 0, ""] for name in missing]
        cursor.execute(
            f"{_HEADS} {marks_of(rows)} ON CONFLICT (subject) DO NOTHING",
            [value for row in rows for value in row],
        )
        return _heads(cursor, names)


def _heads(cursor: Any, subjects: Sequence[str]) -> Heads:
    # SQLite has no row locks and needs none: the transaction began with the write lock.
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    cursor.execute(
        f"SELECT subject, n, hash FROM record_head WHERE subject IN ({marks(subjects)}) "  # noqa: S608
        f"ORDER BY subject{lock}",
        subjects,
    )
    return {subject: (n, hashed) for subject, n, hashed in cursor.fetchall()}


def facts_of(subject: str, *, after: int = 0, kinds: Collection[Kind] | None = None) -> list[Fact]:
    """The timeline, from the fact that follows number `after`; of these kinds alone, if any."""
    source, values = "facts f WHERE f.subject = %s AND f.n > %s", [subject, after]
    if kinds is not None:
        source += f" AND f.kind IN ({marks(kinds)})"
        values += [str(kind) for kind in kinds]
    return [fact for fact, _ in read(f"{source} ORDER BY f.n", values)]


def facts_among(subjects: Collection[str], kinds: Collection[Kind]) -> dict[str, list[Fact]]:
    """Subject -> its facts of these kinds, for those that have any; one query for all of them."""
    if not subjects:
        return {}
    source = f"facts f WHERE f.subject IN ({marks(subjects)}) AND f.kind IN ({marks(kinds)})"
    found: dict[str, list[Fact]] = {}
    for fact, _ in read(f"{source} ORDER BY f.n", [*subjects, *map(str, kinds)]):
        found.setdefault(fact.subject, []).append(fact)
    return found


def facts_after(positions: Mapping[str, int]) -> dict[str, list[Fact]]:
    """Subject -> its facts that follow the number given, for those that have any.

    One query for any number of subjects; `newest` says which to ask for.
    """
    if not positions:
        return {}
    source = f"facts f WHERE f.subject IN ({marks(positions)}) AND f.n > %s"
    found: dict[str, list[Fact]] = {}
    for fact, _ in read(source, [*positions, min(positions.values())]):
        if fact.n > positions[fact.subject]:
            found.setdefault(fact.subject, []).append(fact)
    for facts in found.values():
        facts.sort(key=attrgetter("n"))
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
    n, before = 0, -1
    head = None
    # What comes while it is read is read too.
    while n > before:
        before = n
        for fact, hashed in _page_by_page(subject, n):
            n += 1
            if fact.n != n:
                raise ChainBroken(f"{subject}: fact {n} is missing")
            previous = _link(previous, fact)
            if hashed != previous:
                raise ChainBroken(f"{subject}: fact {n} is not what was recorded")
        head = Head.objects.filter(subject=subject).first()
        if head is None or head.n <= n:
            break
    if head is None:
        raise ChainBroken(f"{subject}: {n} facts are there, and no head")
    if (head.n, head.hash) != (n, previous):
        raise ChainBroken(f"{subject}: {n} facts are there, the head says {head.n}")
    return n


def _page_by_page(subject: str, last: int) -> Iterator[tuple[Fact, str]]:
    """The timeline after fact `last`, with a part of it in memory at a time."""
    source = f"facts f WHERE f.subject = %s AND f.n > %s ORDER BY f.n LIMIT {_PAGE}"
    while page := list(read(source, [subject, last])):
        yield from page
        last = page[-1][0].n


def happened(facts: Iterable[Fact], kind: Kind) -> Fact | None:
    """The first fact of that kind."""
    return next((fact for fact in facts if fact.kind is kind), None)


def _link(previous: str, fact: Fact) -> str:
    """The hash; none for what could never have been written."""
    try:
        return link(previous, fact)
    except Malformed:
        return ""
