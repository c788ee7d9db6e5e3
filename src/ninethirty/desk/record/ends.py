"""The end of every timeline as it is, and as it was last told."""

from ninethirty.core import heads
from ninethirty.core.facts import Fact
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Head, SignedHead


def current() -> dict[str, tuple[int, str]]:
    """One query, so that all are of one moment."""
    rows = Head.objects.exclude(subject=heads.SUBJECT).filter(n__gt=0)
    return {subject: (n, hashed) for subject, n, hashed in rows.values_list("subject", "n", "hash")}


def told() -> dict[str, tuple[int, str]]:
    rows = SignedHead.objects.values_list("subject", "n", "hash")
    return {subject: (n, hashed) for subject, n, hashed in rows}


def keep_told(ends: heads.Heads) -> None:
    """So that the next fact can tell what grew, without reading all those before it."""
    SignedHead.objects.bulk_create(
        [SignedHead(subject=subject, n=n, hash=hashed) for subject, (n, hashed) in ends.items()],
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=["n", "hash"],
    )


def newest() -> tuple[Fact, str] | None:
    """The newest of these facts, and its hash."""
    head = Head.objects.filter(subject=heads.SUBJECT, n__gt=0).first()
    if head is None:
        return None
    facts = facts_of(heads.SUBJECT, after=head.n - 1)
    return (facts[0], head.hash) if facts else None
