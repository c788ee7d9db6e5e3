"""Every fact, found and paged through, however many there are: by key, never by counting rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Fact, body
from ninethirty.core.times import Instant
from ninethirty.desk.record.export import csv_line, plain
from ninethirty.desk.record.models import Breach, FactRow, Release
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.record.rows import marks, read

COLUMNS = ("subject", "n", "kind", "at", "recorded", "actor", "said_by", "key", "details", "hash")
"""Of the CSV; `at` is "AFTER/BY" where nobody knows more exactly. A drill's begins with "drill"."""

_AT_ONCE = 1000
_OF_BREACH = subject_of("")
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Place:
    """Of a fact among all: when it was recorded, and its row."""

    recorded: Instant
    row: int

    @classmethod
    def read(cls, text: str) -> "Place":
        """Raises Malformed, NotAnInstant."""
        recorded, _, row = text.partition("_")
        if not row.isdecimal() or len(row) > _MOST_DIGITS:
            raise Malformed(f"{text[:40]!r} is no place in the record; begin at the newest")
        return cls(Instant.parse(recorded), int(row))

    def text(self) -> str:
        return f"{self.recorded.text()}_{self.row}"


@dataclass(frozen=True)
class Recorded:
    place: Place
    fact: Fact
    hash: str


@dataclass(frozen=True)
class Sought:
    """Facts on this subject, of this kind, by this actor, recorded from `since` until before
    `until`; what is empty is not asked for. seen, breaches: what whoever asks may see; facts on
    other releases and breaches are left out."""

    seen: QuerySet[Release]
    breaches: QuerySet[Breach]
    subject: str = ""
    kind: str = ""
    actor: str = ""
    since: Instant | None = None
    until: Instant | None = None

    def rows(self) -> QuerySet[FactRow]:
        """In no order."""
        others = Release.objects.exclude(id__in=self.seen.values("id"))
        reference = Substr(OuterRef("subject"), len(_OF_BREACH) + 1)
        theirs = Exists(self.breaches.filter(reference=reference))
        rows = FactRow.objects.filter(
            ~Exists(others.filter(id=OuterRef("subject"))),
            ~Q(subject__startswith=_OF_BREACH) | theirs,
        )
        for column in ("subject", "kind", "actor"):
            if wanted := getattr(self, column):
                rows = rows.filter(**{column: wanted})
        if self.since:
            rows = rows.filter(recorded__gte=self.since)
        return rows.filter(recorded__lt=self.until) if self.until else rows


def newest(sought: Sought, before: Place | None, most: int) -> list[Recorded]:
    """The newest first; of those before that place, if one is given."""
    rows = sought.rows()
    if before:
        same = Q(recorded=before.recorded, id__lt=before.row)
        # The first bound follows from the others; by it a database begins at the place.
        rows = rows.filter(recorded__lte=before.recorded).filter(
            Q(recorded__lt=before.recorded) | same
        )
    return _read(rows.order_by("-recorded", "-id")[:most])


def oldest(sought: Sought) -> Iterator[Recorded]:
    """All of them, the oldest first, some in memory at a time."""
    rows = sought.rows().order_by("recorded", "id")
    some = _read(rows[:_AT_ONCE])
    while some:
        yield from some
        after = some[-1].place
        same = Q(recorded=after.recorded, id__gt=after.row)
        more = rows.filter(recorded__gte=after.recorded).filter(
            Q(recorded__gt=after.recorded) | same
        )
        some = _read(more[:_AT_ONCE])


def csv_lines(facts: Iterator[Recorded], *, drill: bool) -> Iterator[str]:
    """A cell that a spreadsheet would run as a formula begins with '."""
    marked = ("drill",) if drill else ()
    yield csv_line([*marked, *COLUMNS])
    for one in facts:
        told = {"said_by": "", **body(one.fact), "hash": one.hash}
        if isinstance(told["at"], list):
            told["at"] = "/".join(part or "" for part in told["at"])
        told["details"] = json.dumps(told["details"], ensure_ascii=False)
        yield csv_line([*marked, *(plain(str(told[column])) for column in COLUMNS)])


def json_lines(facts: Iterator[Recorded], *, drill: bool) -> Iterator[str]:
    """A fact as it was hashed, and its hash."""
    marked = {"drill": True} if drill else {}
    for one in facts:
        told = {**marked, "fact": body(one.fact), "hash": one.hash}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def _read(rows: QuerySet[FactRow]) -> list[Recorded]:
    found = {(subject, n): id for id, subject, n in rows.values_list("id", "subject", "n")}
    if not found:
        return []
    ids = list(found.values())
    facts = {
        found[fact.subject, fact.n]: (fact, hashed)
        for fact, hashed in read(f"facts f WHERE f.id IN ({marks(ids)})", ids)
    }
    return [Recorded(Place(facts[id][0].recorded, id), *facts[id]) for id in ids]
