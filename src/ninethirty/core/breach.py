"""The breach report: one record for every kind of breach and every form it was ever told on.

Read from a filled form, entered by people, or drafted from facts: a value always says what it
rests on, and what speaks against it. What nobody determined is a Gap that says what a person must
fill in; it is never guessed. The text as submitted is kept beside what was made of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ninethirty.core.practices import Breach, Edition, edition_on


@dataclass(frozen=True)
class Said:
    """A value or a sentence, and what it rests on.

    `words`: those it was read from, as they stand there; of a value that rests on nothing else, the
    value itself. `facts`: numbers on the timeline. `doubt`: why a person should look again, such as
    a year that does not fit; empty when the words can be read in one way only.
    """

    value: str
    words: str = ""
    facts: tuple[int, ...] = ()
    doubt: str = ""

    def __post_init__(self) -> None:
        if not self.words and not self.facts:
            object.__setattr__(self, "words", self.value)


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
    """One time named in an account. `when` is local: 2018-03-08T10:08, or 2018-03-12 alone.

    `after`: the last look that found it had not happened, if somebody looked; local too.
    """

    when: str
    bound: Bound
    event: Event
    words: str
    facts: tuple[int, ...] = ()
    after: str = ""


@dataclass(frozen=True)
class Planned:
    """What will be done so that it does not come back: who (a role), and by which day."""

    what: Field
    owner: Field
    due: Field


@dataclass(frozen=True)
class Report:
    """`form` names the generation of the form, and so how the report is written out (core.forms);
    a report is never rewritten in a newer one.

    None: its form does not ask for it. An empty tuple: nothing was said, and nothing is asked.
    """

    form: str
    title: Field
    links: tuple[Field, ...]
    producer: Field
    contact_name: Field
    contact_email: Field
    contact_telephone: Field
    statement: Field
    report_date: Field
    practices: tuple[Field, ...]
    occurred: tuple[Field, ...]
    """ISO days; more than one where one letter tells of several events."""
    circumstances: tuple[Field, ...]
    impact: tuple[Field, ...]
    actions: tuple[Field, ...]
    moments: tuple[Moment, ...]
    kind: Field | None = None
    """A value of Breach."""
    head_name: Field | None = None
    """Of the head of profession or lead official."""
    head_email: Field | None = None
    head_telephone: Field | None = None
    access: tuple[Field, ...] = ()
    """Who could see it when."""
    cause: tuple[Field, ...] = ()
    earlier: tuple[Field, ...] = ()
    """Earlier breaches of this kind."""
    leave: tuple[Field, ...] = ()
    """Why it may be no breach: exemptions and alternative release times that were granted."""
    planned: tuple[Planned, ...] = ()
    submitted: str = ""
    """The whole text as it was submitted; empty of a report that was drafted."""
    reference: str = ""
    """The register's, once it has one."""
    version: int = 1
    reason: str = ""
    """Why there is a version after the first."""


REPORT_FIELDS = (
    "kind",
    "title",
    "links",
    "producer",
    "contact_name",
    "contact_email",
    "contact_telephone",
    "head_name",
    "head_email",
    "head_telephone",
    "statement",
    "report_date",
    "practices",
    "occurred",
    "leave",
    "circumstances",
    "access",
    "cause",
    "earlier",
    "impact",
    "actions",
)
"""What holds Fields, in the order in which it is told. `planned` follows, then `moments`."""


def said_in(report: Report, name: str) -> tuple[Field, ...]:
    """The fields under that name: one, several, or none."""
    value: Field | tuple[Field, ...] | None = getattr(report, name)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def fields(report: Report) -> list[tuple[str, Field]]:
    """Every field and sentence with its name, in the order in which it is told."""
    named = [(name, field) for name in REPORT_FIELDS for field in said_in(report, name)]
    return named + [
        ("planned", field) for one in report.planned for field in (one.what, one.owner, one.due)
    ]


def gaps(report: Report) -> list[tuple[str, Gap]]:
    return [(name, value) for name, value in fields(report) if isinstance(value, Gap)]


def doubts(report: Report) -> list[tuple[str, Said]]:
    """What a person should look at again."""
    return [(n, value) for n, value in fields(report) if isinstance(value, Said) and value.doubt]


def kind_of(report: Report) -> Breach | None:
    return Breach(report.kind.value) if isinstance(report.kind, Said) else None


def days_of(report: Report) -> tuple[date, ...]:
    """The days on which it occurred, as far as they are known."""
    return tuple(date.fromisoformat(day.value) for day in report.occurred if isinstance(day, Said))


def edition_of(report: Report) -> Edition | None:
    """The edition of the Code in force on the day it occurred: the one that binds."""
    days = days_of(report)
    return edition_on(min(days)) if days else None


@dataclass(frozen=True)
class Lateness:
    """How late, in whole seconds and at most: public at any address, and at the announced one.

    `over`: certainly later than that. None: the account does not tell.
    """

    anywhere: "Late | None"
    announced: "Late | None"


@dataclass(frozen=True)
class Late:
    """More than `over` seconds after the promise, and at most `at_most`."""

    over: int
    at_most: int


def lateness(report: Report) -> Lateness:
    """From the moments alone, so the same whether the report was read, entered or drafted."""
    promised = _times(report.moments, Event.PROMISED)
    if not promised:
        return Lateness(None, None)
    due = min(at for _, at in promised)
    announced = _late(due, _times(report.moments, Event.ANNOUNCED_PUBLIC))
    alternate = _late(due, _times(report.moments, Event.ALTERNATE_PUBLIC))
    return Lateness(_earlier(announced, alternate), announced)


def _times(moments: Iterable[Moment], event: Event) -> list[tuple[Moment, datetime]]:
    """Those whose day and clock time are both known."""
    found = [moment for moment in moments if moment.event is event and "T" in moment.when]
    return [(moment, datetime.fromisoformat(moment.when)) for moment in found]


def _late(due: datetime, told: list[tuple[Moment, datetime]]) -> Late | None:
    """Of several times told for one event the closest: 9:57 says more than "before 10"."""
    if not told:
        return None
    moment, at = min(told, key=lambda one: (one[0].bound is not Bound.AT, one[1]))
    at_most = max(0, int((at - due).total_seconds()))
    if moment.after:
        missed = datetime.fromisoformat(moment.after)
        return Late(max(0, int((missed - due).total_seconds())), at_most)
    return Late(at_most if moment.bound is Bound.AT else 0, at_most)


def _earlier(one: Late | None, other: Late | None) -> Late | None:
    """Public at either: the first may have been any of them."""
    known = [late for late in (one, other) if late]
    if not known:
        return None
    return Late(min(late.over for late in known), min(late.at_most for late in known))
