"""The breach report: one record, read from a filled form or drafted from facts.

A value always says what it rests on: the words of the form it was read from, or the numbers of
the facts it was drafted from. What nobody determined is a Gap that says what a person must fill in;
it is never guessed.
"""

from dataclasses import dataclass
from enum import StrEnum

from ninethirty.core.document import Json


@dataclass(frozen=True)
class Said:
    """A value or a sentence, and what it rests on."""

    value: str
    words: str = ""
    facts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Gap:
    """Open: `asks` tells a person what belongs here."""

    asks: str


Field = Said | Gap


class Event(StrEnum):
    """What a clock time in an account can stand for."""

    PROMISED = "promised"
    ALTERNATE_PUBLIC = "alternate_public"
    USERS_TOLD = "users_told"
    TICKET_RAISED = "ticket_raised"
    ANNOUNCED_PUBLIC = "announced_public"
    CAUSE_STATED = "cause_stated"
    FIX_REPORTED = "fix_reported"
    OTHER = "other"


class Bound(StrEnum):
    """How the account puts it: at 10:08, before 11:00, about 9:45; `by` when we know no more."""

    AT = "at"
    BEFORE = "before"
    BY = "by"
    ABOUT = "about"


@dataclass(frozen=True)
class Moment:
    """One time named in an account. `when` is local: 2018-03-08T10:08, or 2018-03-12 alone."""

    when: str
    bound: Bound
    event: Event
    words: str
    facts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Report:
    """The four sections of the form of 2018. `form` names the generation of the form."""

    form: str
    # 1 Core information
    title: Field
    link: Field
    producer: Field
    contact_name: Field
    contact_email: Field
    contact_telephone: Field
    statement: Field
    report_date: Field
    # 2 Circumstances
    practices: tuple[Field, ...]
    occurred_on: Field
    circumstances: tuple[Field, ...]
    # 3 Impact
    impact: tuple[Field, ...]
    # 4 Corrective actions
    actions: tuple[Field, ...]
    moments: tuple[Moment, ...]


def fields(report: Report) -> list[tuple[str, Field]]:
    """Every field and sentence with its name, in the order of the form."""
    named: list[tuple[str, Field]] = []
    for name in REPORT_FIELDS:
        value = getattr(report, name)
        if isinstance(value, tuple):
            named += [(name, inner) for inner in value]
        else:
            named.append((name, value))
    return named


REPORT_FIELDS = (
    "title",
    "link",
    "producer",
    "contact_name",
    "contact_email",
    "contact_telephone",
    "statement",
    "report_date",
    "practices",
    "occurred_on",
    "circumstances",
    "impact",
    "actions",
)


def gaps(report: Report) -> list[tuple[str, Gap]]:
    return [(name, value) for name, value in fields(report) if isinstance(value, Gap)]


def as_document(report: Report) -> Json:
    """The record as JSON: the same shape whether read or drafted."""

    def one(value: Field) -> Json:
        if isinstance(value, Gap):
            return {"gap": value.asks}
        document: Json = {"value": value.value}
        if value.words:
            document["words"] = value.words
        if value.facts:
            document["facts"] = list(value.facts)
        return document

    document: Json = {"form": report.form}
    for name in REPORT_FIELDS:
        value = getattr(report, name)
        document[name] = [one(v) for v in value] if isinstance(value, tuple) else one(value)
    document["moments"] = [
        {
            "when": moment.when,
            "bound": str(moment.bound),
            "event": str(moment.event),
            "words": moment.words,
            **({"facts": list(moment.facts)} if moment.facts else {}),
        }
        for moment in report.moments
    ]
    return document
