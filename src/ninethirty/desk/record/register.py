"""The register of breaches as tables: references, what an entry is found by, and finding it.

Every word of a title and every filter is a term. The rarest term of a question is walked from the
newest entry on, by its index, and the others are asked of each entry found: so no question reads
more entries than hold its rarest term, on either database, whatever its planner believes.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from ninethirty.core.report import stage
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, BreachTerm

REGISTER = "breach"
"""The timeline that is locked while a reference is taken. It sorts before those of breaches, for
heads are locked in that order."""

LONGEST_TERM = 220
_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[0-9]{4})?-[0-9]{4,}|[^\W_]+")
"""A reference is one word."""
MOST = 1000
_TABLE = BreachTerm._meta.db_table
_CAP = 2000
"""A term held by so many is common enough: how common does not matter any more."""


SLIPPED = "sent_to_wrong_person"
"""Cause of an entry about what was seen before its release: not what its incident is about, and a
release may have several."""


def subject_of(reference: str) -> str:
    return f"breach/{reference}"


def of_incident(release: str) -> QuerySet[Breach]:
    """The entry of what went wrong when this release was due; there is one at most."""
    return Breach.objects.filter(release=release).exclude(cause=SLIPPED)


def next_reference(prefix: str, year: int) -> str:
    """The caller has locked REGISTER."""
    begin = f"{prefix}-{year}-"
    taken = Breach.objects.filter(reference__startswith=begin).values_list("reference", flat=True)
    numbers = [int(one.removeprefix(begin)) for one in taken if one.removeprefix(begin).isdigit()]
    return f"{begin}{max(numbers, default=0) + 1:04}"


def settle(breach: Breach) -> None:
    """Write what its facts say into its row."""
    breach.stage = str(stage(facts_of(subject_of(breach.reference))))
    breach.save(update_fields=["stage"])


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty one asks nothing. words: all of them, in any order."""

    words: str = ""
    producer: str = ""
    kind: str = ""
    practice: str = ""
    cause: str = ""
    platform: str = ""
    year: str = ""

    @property
    def terms(self) -> list[str]:
        named = [(one.name, getattr(self, one.name)) for one in fields(self)[1:]]
        return words_of(self.words) + [filter_term(name, value) for name, value in named if value]


def terms_of(breach: Breach, practices: Iterable[str]) -> set[str]:
    """Everything this entry is found by."""
    filters = [
        ("producer", breach.producer),
        ("kind", breach.kind),
        ("cause", breach.cause),
        ("platform", breach.platform),
        ("year", str(breach.occurred.year) if breach.occurred else ""),
        *(("practice", practice) for practice in practices),
    ]
    words = words_of(f"{breach.title} {breach.producer} {breach.reference}")
    return {*words, *(filter_term(name, value) for name, value in filters if value)}


def index(breach: Breach, practices: Iterable[str]) -> None:
    """Make it be found by what it now says."""
    BreachTerm.objects.filter(breach=breach).delete()
    BreachTerm.objects.bulk_create(
        BreachTerm(term=term, breach=breach) for term in sorted(terms_of(breach, practices))
    )


def words_of(text: str) -> list[str]:
    """Without capitals and accents, each once, in their order."""
    # Twice: the sign for "SM" is no capital until it is taken apart.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return list(dict.fromkeys(word[:LONGEST_TERM] for word in _WORD.findall(bare)))


def filter_term(name: str, value: str) -> str:
    return f"{name}:{value}"[:LONGEST_TERM]


def find(
    wanted: Wanted,
    *,
    before: int | None = None,
    limit: int = 50,
    of: QuerySet[Breach] | None = None,
) -> list[Breach]:
    """The newest entries that are wanted; `before`: the id of the last one shown already. of: the
    entries that whoever asks may see; all if it is not said."""
    terms = wanted.terms
    if not terms:
        rows = _all(of)
        rows = rows.filter(id__lt=before) if before else rows
        return list(rows.order_by("-id")[:limit])
    ids = _walked(_drawn(terms), of, before, limit)
    return list(Breach.objects.filter(id__in=ids).order_by("-id"))


@dataclass(frozen=True)
class Found:
    """The newest entries, and how many there are: counted to `MOST` and no further."""

    rows: list[Breach]
    count: int


def look(wanted: Wanted, *, limit: int = 50, of: QuerySet[Breach] | None = None) -> Found:
    """The first page of a search. One walk along the index gives both its rows and the count."""
    terms = wanted.terms
    if not terms:
        return Found(find(wanted, limit=limit, of=of), _all(of).values("id")[:MOST].count())
    ids = _walked(_drawn(terms), of, None, MOST)
    return Found(list(Breach.objects.filter(id__in=ids[:limit]).order_by("-id")), len(ids))


def all_of(wanted: Wanted, of: QuerySet[Breach] | None = None) -> QuerySet[Breach]:
    """For going through them one by one, from the oldest on."""
    terms = wanted.terms
    rows = _all(of).order_by("id")
    return rows.filter(id__in=_drawn(terms).values("breach_id")) if terms else rows


def _all(of: QuerySet[Breach] | None) -> QuerySet[Breach]:
    return Breach.objects.all() if of is None else of


def _walked(
    drawn: QuerySet[BreachTerm], of: QuerySet[Breach] | None, before: int | None, limit: int
) -> list[int]:
    """The newest ids along the index, of those that are in `of`. That is asked of what was walked,
    piece by piece: asked within the walk, PostgreSQL joins all of `of` instead."""
    ids: list[int] = []
    walk = drawn.order_by("-breach_id").values_list("breach_id", flat=True)
    size = limit
    while True:
        some = list((walk.filter(breach_id__lt=before) if before else walk)[:size])
        seen = some if of is None else of.filter(id__in=some).values_list("id", flat=True)
        ids += sorted(seen, reverse=True)
        if len(some) < size or len(ids) >= limit:
            return ids[:limit]
        before, size = some[-1], min(2 * size, MOST)


def _drawn(terms: Sequence[str]) -> QuerySet[BreachTerm]:
    """The rarest term, where the entry has all the others too."""
    rarest, *others = _rarest_first(terms)
    drawn = BreachTerm.objects.filter(term=rarest)
    for other in others:
        drawn = drawn.filter(
            Exists(BreachTerm.objects.filter(term=other, breach=OuterRef("breach_id")))
        )
    return drawn


def _rarest_first(terms: Sequence[str]) -> list[str]:
    if len(terms) == 1:
        return list(terms)
    held = f"(SELECT COUNT(*) FROM (SELECT 1 FROM {_TABLE} WHERE term = %s LIMIT {_CAP}) AS held)"  # noqa: S608
    with connection.cursor() as cursor:
        # At once: on a busy machine each question waits for its turn, however little it reads.
        cursor.execute(f"SELECT {', '.join([held] * len(terms))}", terms)
        counts = dict(zip(terms, cursor.fetchone(), strict=True))
    return sorted(terms, key=counts.__getitem__)
