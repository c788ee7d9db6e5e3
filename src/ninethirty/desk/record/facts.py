"""append() and what reads back: the timeline of a subject, chained fact to fact."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from ninethirty.core.document import Json
from ninethirty.core.errors import AlreadyHappened, ChainBroken, Malformed, UnknownFact
from ninethirty.core.facts import Fact, Kind, kind_of, link
from ninethirty.core.times import Instant, Interval, When
from ninethirty.desk.record.models import FactRow, Head


def append(
    subject: str,
    kind: Kind,
    *,
    at: When,
    actor: str,
    recorded: Instant,
    key: str = "",
    details: Json | None = None,
) -> Fact:
    """Write what happened, in the same transaction as the rows it explains.

    Raises:
        AlreadyHappened: a fact with this key is there; nothing was written.
    """
    with transaction.atomic():
        Head.objects.get_or_create(subject=subject)
        head = Head.objects.select_for_update().get(subject=subject)
        n = head.n + 1
        fact = Fact(
            subject=subject,
            n=n,
            kind=kind,
            at=at,
            recorded=recorded,
            actor=actor,
            key=key or f"{subject}#{n}",
            details=details or {},
        )
        head.n, head.hash = n, link(head.hash, fact)
        try:
            with transaction.atomic():
                _row(fact, head.hash).save(force_insert=True)
        except IntegrityError as taken:
            raise AlreadyHappened(f"{fact.key} is recorded already") from taken
        head.save()
    return fact


def facts_of(subject: str) -> list[Fact]:
    return [_fact(row) for row in FactRow.objects.filter(subject=subject).order_by("n")]


def subjects() -> list[str]:
    """Also those that have facts and no head, which check_chain then reports."""
    heads = Head.objects.values_list("subject", flat=True)
    return sorted({*heads, *FactRow.objects.values_list("subject", flat=True).distinct()})


def check_chain(subject: str) -> int:
    """How many facts the chain holds.

    Raises:
        ChainBroken: a fact was changed, taken out, or cut off the end.
        UnknownFact: a newer version wrote here; use that one.
    """
    previous = ""
    n = 0
    for row in FactRow.objects.filter(subject=subject).order_by("n"):
        n += 1
        fact = _fact(row)
        if fact.n != n:
            raise ChainBroken(f"{subject}: fact {n} is missing")
        previous = _link(previous, fact)
        if row.hash != previous:
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


def _link(previous: str, fact: Fact) -> str:
    """The hash; none for what could never have been written."""
    try:
        return link(previous, fact)
    except Malformed:
        return ""


def _row(fact: Fact, hashed: str) -> FactRow:
    exact = not isinstance(fact.at, Interval)
    return FactRow(
        subject=fact.subject,
        n=fact.n,
        kind=str(fact.kind),
        at=fact.at.by if isinstance(fact.at, Interval) else fact.at,
        after=fact.at.after if isinstance(fact.at, Interval) else None,
        exact=exact,
        recorded=fact.recorded,
        actor=fact.actor,
        key=fact.key,
        details=fact.details,
        hash=hashed,
    )


def _fact(row: FactRow) -> Fact:
    try:
        kind = kind_of(row.kind)
    except UnknownFact as unknown:
        raise UnknownFact(f"{row.subject}: fact {row.n}: {unknown}") from unknown
    by = Instant.of(row.at)
    after = Instant.of(row.after) if row.after else None
    return Fact(
        subject=row.subject,
        n=row.n,
        kind=kind,
        at=by if row.exact else Interval(after, by),
        recorded=Instant.of(row.recorded),
        actor=row.actor,
        key=row.key,
        details=row.details,
    )
