"""How a field is put on paper, the same in every format: its value in plain words, then the facts
it rests on, then on lines of their own how else it was written and what speaks against it.

What is put here is read back by `fields_of`: the two are each other's reverse.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from ninethirty.core.breach import Bound, Event, Field, Gap, Moment, Said
from ninethirty.core.practices import Breach

OPEN = "To be filled in by a person: "
WRITTEN = "Written as: "
DOUBT = "In doubt: "
DAYS = frozenset({"report_date", "occurred", "due"})
"""Fields whose value is a day."""

KINDS = {
    Breach.LATE: "Late",
    Breach.EARLY: "Early to the public",
    Breach.WRONG_AUDIENCE: "Seen by people not entitled to",
    Breach.WRONG_CONTENT: "Wrong or missing content",
    Breach.QUOTED: "Figure quoted before release",
    Breach.ACCESS_TOO_LONG: "Pre-release access too long",
    Breach.PRESS_EMBARGO: "Press embargo broken",
    Breach.PROMISE_BROKEN: "Date moved or missed without notice",
    Breach.UNEQUAL_ACCESS: "Unequal access",
}
EVENTS = {
    Event.PROMISED: "Promised time of release",
    Event.ALTERNATE_PUBLIC: "Public at another address",
    Event.USERS_TOLD: "Users told",
    Event.TICKET_RAISED: "Raised with the platform\u2019s support",
    Event.ANNOUNCED_PUBLIC: "Public at the announced address",
    Event.CAUSE_STATED: "Cause stated by the platform",
    Event.FIX_REPORTED: "Fix reported",
    Event.OTHER: "Named in the account",
}
_BOUNDS = {Bound.AT: "", Bound.BEFORE: "before ", Bound.BY: "by ", Bound.ABOUT: "about "}


class Role(StrEnum):
    SAID = "said"
    GAP = "gap"
    WRITTEN = "written"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Line:
    """`text` without the facts; `whole` with them, as it is read."""

    text: str
    role: Role = Role.SAID
    facts: tuple[int, ...] = ()

    @property
    def mark(self) -> str:
        """The facts it rests on, in brackets; empty if there are none."""
        if self.facts:
            numbers = ", ".join(map(str, self.facts))
            return f"({'fact' if len(self.facts) == 1 else 'facts'} {numbers})"
        # Words that end as our mark does are not one.
        return "(no facts)" if self.role is Role.SAID and _FACTS.search(self.text) else ""

    @property
    def whole(self) -> str:
        return f"{self.text} {self.mark}" if self.mark else self.text


def plain(words: str) -> str:
    """The same words with single spaces."""
    return " ".join(words.split())


def day_in_words(iso: str) -> str:
    """4 June 2019; what is no day is left as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B} {day.year:04}"


def lines_of(name: str, field: Field) -> tuple[Line, ...]:
    if isinstance(field, Gap):
        return (Line(OPEN + plain(field.asks), Role.GAP),)
    shown = _shown(name, field.value)
    lines = [Line(shown, facts=field.facts)]
    if field.words and not _goes_without(name, field, shown):
        lines.append(Line(WRITTEN + plain(field.words), Role.WRITTEN))
    if field.doubt:
        lines.append(Line(DOUBT + plain(field.doubt), Role.DOUBT))
    return tuple(lines)


def _goes_without(name: str, field: Said, shown: str) -> bool:
    """Whether its words are what the value shows anyway."""
    return plain(field.words) == (field.value if name == "kind" else shown) and not field.facts


def _shown(name: str, value: str) -> str:
    if name == "kind":
        return KINDS[Breach(value)]
    return day_in_words(value) if name in DAYS else plain(value)


def fields_of(name: str, lines: Iterable[str]) -> tuple[Field, ...]:
    """The fields that were put on paper as these lines."""
    found: list[Field] = []
    for line in lines:
        last = found[-1] if found else None
        if line.startswith(WRITTEN) and isinstance(last, Said):
            found[-1] = replace(last, words=line.removeprefix(WRITTEN))
        elif line.startswith(DOUBT) and isinstance(last, Said):
            found[-1] = replace(last, doubt=line.removeprefix(DOUBT))
        elif line.startswith(OPEN):
            found.append(Gap(line.removeprefix(OPEN)))
        else:
            text, facts = _without_facts(line)
            value = _meant(name, text)
            words = "" if facts else value if name == "kind" else text
            unread = Gap(f"{name.replace('_', ' ')}: the paper says \u201c{text}\u201d")
            found.append(Said(value, words, facts) if value else unread)
    return tuple(found)


_FACTS = re.compile(r" \((?:no facts|facts? ([0-9]+(?:, [0-9]+)*))\)$")
_KINDS_SHOWN = {shown: str(kind) for kind, shown in KINDS.items()}
_EVENTS_SHOWN = {shown: event for event, shown in EVENTS.items()}


def _without_facts(line: str) -> tuple[str, tuple[int, ...]]:
    mark = _FACTS.search(line)
    if mark is None:
        return line, ()
    return line[: mark.start()], tuple(int(n) for n in mark[1].split(", ")) if mark[1] else ()


def _meant(name: str, shown: str) -> str:
    """Empty: somebody changed it to what is no kind, or no day."""
    if name == "kind":
        return _KINDS_SHOWN.get(shown, "")
    return _day(shown) if name in DAYS else shown


def _day(shown: str) -> str:
    try:
        return datetime.strptime(shown, "%d %B %Y").date().isoformat()  # noqa: DTZ007  # a day
    except ValueError:
        return ""


def cells_of(moment: Moment) -> tuple[Line, Line, Line]:
    """When, what, and in which words."""
    when = _BOUNDS[moment.bound] + _time_in_words(moment.when)
    if moment.after:
        when += f" (not yet at {_time_in_words(_same_day_left_out(moment))})"
    return Line(when), Line(EVENTS[moment.event]), Line(plain(moment.words), facts=moment.facts)


def _same_day_left_out(moment: Moment) -> str:
    day, at, clock = moment.after.partition("T")
    return clock if at and moment.when.startswith(f"{day}T") else moment.after


_WHEN = re.compile(r"(before |by |about |)(.*?)(?: \(not yet at (.*)\))?")


def moment_of(cells: Sequence[str]) -> Moment:
    """Raises ValueError: no moment that we put on paper."""
    when, event, words = cells
    match = _WHEN.fullmatch(when)
    if match is None or event not in _EVENTS_SHOWN:
        raise ValueError(f"no time of an account: {when!r}, {event!r}")
    bound = next(bound for bound, shown in _BOUNDS.items() if shown == match[1])
    text, facts = _without_facts(words)
    told = _time(match[2])
    after = _time(match[3]) if match[3] else ""
    if after and "T" not in after:
        after = f"{told.partition('T')[0]}T{after}"
    return Moment(told, bound, _EVENTS_SHOWN[event], text, facts, after)


def _time_in_words(when: str) -> str:
    day, _, clock = when.rpartition("T")
    if not day and "-" in clock:
        return day_in_words(clock)
    return clock + (f" on {day_in_words(day)}" if day else "")


def _time(shown: str) -> str:
    clock, on, day = shown.partition(" on ")
    if on:
        return f"{_day(day)}T{clock}"
    return _day(clock) or clock
