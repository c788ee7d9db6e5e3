"""Recompute everything that can be recomputed, and say what differs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction
from django.db.models import Max

from ninethirty.core import heads
from ninethirty.core.document import canonical, digest
from ninethirty.core.errors import RecordError
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.heads import Heads, Signed
from ninethirty.core.release import MOVING, approval, misplaced
from ninethirty.desk.record import ends
from ninethirty.desk.record.derived import derived, promised
from ninethirty.desk.record.facts import facts_of, refill, settle
from ninethirty.desk.record.models import (
    FactRow,
    Promised,
    Release,
    SightingCount,
    SightingRow,
    SignedHead,
)


@dataclass(frozen=True)
class Difference:
    """repair: rebuilds it, where it can be rebuilt from facts."""

    thing: str
    expected: object
    found: object
    repair: Callable[[], None] | None = None

    def __str__(self) -> str:
        return f"{self.thing}: expected {self.expected}, found {self.found}"


def differences(signed: dict[str, Signed]) -> Iterator[Difference]:
    """Beyond single chains, which `check_chain` recomputes.

    signed: where it was found -> the ends of timelines that somebody signed.
    """
    yield from _ends(signed)
    for release in Release.objects.order_by("id"):
        try:
            yield from _release(release)
        except RecordError as wrong:
            yield Difference(release.id, "facts that can be read", wrong)
    yield from _sightings()


def _ends(signed: dict[str, Signed]) -> Iterator[Difference]:
    for place, one in signed.items():
        found = _hash(heads.SUBJECT, one.n)
        if found != one.hash:
            yield Difference(
                heads.SUBJECT,
                f"fact {one.n} as signed at {one.at.text()} in {place}",
                "another" if found else _length(heads.SUBJECT),
            )
    try:
        told = heads.replay(facts_of(heads.SUBJECT))
    except RecordError as wrong:
        yield Difference(heads.SUBJECT, "ends that add up", wrong)
        return
    for subject, (n, hashed) in told.items():
        found = _hash(subject, n)
        if found != hashed:
            yield Difference(
                subject,
                f"{n} facts or more, as told in {heads.SUBJECT}",
                f"another fact {n}" if found else _length(subject),
            )
    kept = ends.told()
    if kept != told:
        differs = sorted(s for s in kept.keys() | told.keys() if kept.get(s) != told.get(s))
        yield Difference(
            f"table of told ends, at {', '.join(differs)}",
            [told.get(subject) for subject in differs],
            [kept.get(subject) for subject in differs],
            partial(_keep_told, told),
        )


def _release(release: Release) -> Iterator[Difference]:
    facts = facts_of(release.id, kinds=MOVING)
    for fact in misplaced(facts):
        yield Difference(f"{release.id}: fact {fact.n}", "an act its stage allows", fact.kind)
    for column, expected in derived(facts).items():
        found = getattr(release, column)
        if found != expected:
            yield Difference(
                f"{release.id}: {column}", expected, found, partial(settle, [release.id])
            )
    expected, found = _calendar(facts), _told_by_calendar(release.id)
    if found != expected:
        again = partial(refill, release.id)
        yield Difference(f"{release.id}: its dates in the calendar", expected, found, again)
    given = approval(facts)
    sealed = digest(canonical(release.manifest)) if release.manifest else "nothing"
    if given and sealed != given.details.get("seal"):
        yield Difference(f"{release.id}: bundle", given.details.get("seal"), sealed)


def _calendar(facts: Iterable[Fact]) -> list[tuple[int, str]]:
    rows = [promised(fact) for fact in facts]
    return [(row.n, row.promise) for row in rows if row]


def _told_by_calendar(release: str) -> list[tuple[int, str]]:
    rows = Promised.objects.filter(release=release).order_by("n")
    return list(rows.values_list("n", "promise"))


def _sightings() -> Iterator[Difference]:
    counted = dict(SightingCount.objects.values_list("release", "n"))
    rows = SightingRow.objects.values("release").annotate(last=Max("n"))
    for row in rows.order_by("release"):
        release, last = row["release"], row["last"]
        if counted.get(release, 0) < last:
            yield Difference(
                f"{release}: count of sightings",
                last,
                counted.get(release, 0),
                partial(_count_sightings, release, last),
            )


def unknown_kinds() -> list[str]:
    """Kinds of facts that a newer version wrote."""
    known = {str(kind) for kind in Kind}
    found = FactRow.objects.order_by().values_list("kind", flat=True).distinct()
    return sorted(kind for kind in found if kind not in known)


def loose_ends() -> list[str]:
    """Subjects whose head is not the hash of their last fact: quick, since only ends are read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.subject FROM record_head h LEFT JOIN facts f "
            "ON f.subject = h.subject AND f.n = h.n "
            "WHERE h.n > 0 AND (f.hash IS NULL OR f.hash <> h.hash) ORDER BY h.subject"
        )
        return [subject for (subject,) in cursor.fetchall()]


def _hash(subject: str, n: int) -> str | None:
    return FactRow.objects.filter(subject=subject, n=n).values_list("hash", flat=True).first()


def _length(subject: str) -> str:
    count = FactRow.objects.filter(subject=subject).count()
    return f"{count} facts" if count else "none: the timeline was removed"


@transaction.atomic
def _keep_told(told: Heads) -> None:
    SignedHead.objects.all().delete()
    ends.keep_told(told)


def _count_sightings(release: str, last: int) -> None:
    SightingCount.objects.update_or_create(release=release, defaults={"n": last})
