"""Moments: every time an account names, with what happened then."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

from ninethirty.core.breach import Event, Field, Moment, Said
from ninethirty.desk.papers.clocks import Clock, bound, clocks
from ninethirty.desk.papers.cues import Cue, cues
from ninethirty.desk.papers.dates import Day, days

_SENTENCE_ENDS = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][\"'\u201d\u2019)]))\s+(?=[\"'\u201c\u2018(]?[A-Z])"
)
_LONGEST_SENTENCE = 600
"""Characters. Longer ones are cut: nobody writes them, and comparing all with all takes time."""
_LONGEST_ASIDE = 80
"""Characters. "On Monday 3 June 2019 at about 10:01" has half of them."""
_CLAUSE_ENDS = re.compile(
    r"[,;]\s+(?:and\s+|but\s+)?|\s+(?:and|but|while)\s+|\s+[-\u2013\u2014]\s+"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LITTLE = re.compile(
    r"\b(?:at|on|by|in|the|a|of|from|until|before|after|around|about|approximately|shortly|just"
    r"|again|then|later|only|same|time|day|immediately|[0-9]\w*|"
    + _WEEKDAY
    + r"|january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|[^\w\s]+",
    re.IGNORECASE,
)
_SAME_TIME = re.compile(
    r"\b(?:immediately(?! (?:before|after))|straight away|at once|simultaneously"
    r"|(?:at|around|about) the same time)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:to|until|till|through|-|\u2013|\u2014)\s*", re.IGNORECASE)
_TO_OR_AND = re.compile(rf"{_TO.pattern}|\s+and\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_NUMBER_TO = re.compile(r"[0-9](?:st|nd|rd|th)?\s?(?:to|until|-|\u2013|\u2014)\s?$", re.IGNORECASE)
_OTHER_DAY = re.compile(
    r"\b(?:(?:next|following|previous) (?:\w+ )?(?:day|morning|afternoon|evening|week)"
    r"|day (?:before|after)|yesterday|tomorrow|(?P<weekday>" + _WEEKDAY + r"))\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S{1,64}@\S+", re.IGNORECASE)


class _Span(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class _Words:
    start: int
    end: int


@dataclass(frozen=True)
class _Sentence:
    words: str
    text: str
    """The same, addresses blotted out and apostrophes straight, letter under letter."""
    clauses: tuple[tuple[int, int], ...]
    cues: tuple[Cue, ...]


def moments(paragraphs: Sequence[str], occurred_on: Field) -> tuple[Moment, ...]:
    """In the order of the account; the same event at the same time is told once.

    A clock time is of the day its sentence names, else of the day of the breach. Where that
    stays unclear `when` is the clock time alone, 09:30. A day without a year is of the year of
    the breach.
    """
    breach = date.fromisoformat(occurred_on.value) if isinstance(occurred_on, Said) else None
    told: dict[tuple[str, Event], Moment] = {}
    for paragraph in paragraphs:
        for sentence in _sentences(paragraph):
            for moment in _in_sentence(sentence, breach):
                told.setdefault((moment.when, moment.event), moment)
    return tuple(told.values())


def _sentences(paragraph: str) -> Iterator[_Sentence]:
    for sentence in _SENTENCE_ENDS.split(paragraph):
        for at in range(0, len(sentence), _LONGEST_SENTENCE):
            words = sentence[at : at + _LONGEST_SENTENCE].strip()
            text = _ADDRESS.sub(lambda match: "#" * len(match.group()), words).replace(
                "\u2019", "'"
            )
            ends = [(m.start(), m.end()) for m in _CLAUSE_ENDS.finditer(text)]
            starts = [0, *(end for _, end in ends)]
            clauses = tuple(zip(starts, [*(start for start, _ in ends), len(text)], strict=True))
            yield _Sentence(words, text, clauses, tuple(cues(text, starts)))


def _in_sentence(sentence: _Sentence, breach: date | None) -> Iterator[Moment]:
    times = clocks(sentence.text)
    named = days(sentence.text)
    single = [day for day in named if not _is_of_period(sentence.text, day, named)]
    dated: set[Day] = set()
    for clock in times:
        on: date | None = breach
        if single:
            nearest = min(single, key=lambda day: _distance(day, clock))
            dated.add(nearest)
            on = nearest.in_year(_year(breach, nearest))
        elif named or _is_on_another_day(sentence.text, breach):
            on = None
        when = f"{on}T{clock}" if on else str(clock)
        how = bound(sentence.text, clock.start)
        yield Moment(when, how, _event(sentence, clock), sentence.words)
        for cue in _sharing(sentence, clock, times):
            yield Moment(when, how, cue.event, sentence.words)
    for day in single:
        on = day.in_year(_year(breach, day))
        if day not in dated and on:
            how = bound(sentence.text, day.start)
            yield Moment(on.isoformat(), how, _event(sentence, day), sentence.words)


def _event(sentence: _Sentence, time: _Span) -> Event:
    """What the nearest cue within reach tells; two equally near ones tell nothing."""
    start, end = _reach(sentence, time)
    within = [
        (_distance(cue, time), cue.event)
        for cue in sentence.cues
        if cue.start < end and start < cue.end
    ]
    nearest = min(within, default=(0, Event.OTHER))[0]
    events = {event for distance, event in within if distance == nearest}
    return events.pop() if len(events) == 1 else Event.OTHER


def _sharing(sentence: _Sentence, clock: Clock, times: list[Clock]) -> Iterator[Cue]:
    """Cues after it, near an "immediately", with no time of their own."""
    until = min((t.start for t in times if t.start > clock.start), default=len(sentence.text))
    for same in _SAME_TIME.finditer(sentence.text, clock.end, until):
        start, end = _reach(sentence, _Words(same.start(), same.end()))
        for cue in sentence.cues:
            if max(start, clock.end) <= cue.start and cue.end <= min(end, until):
                yield cue


def _reach(sentence: _Sentence, time: _Span) -> tuple[int, int]:
    """The clause it stands in; with its neighbours if that says next to nothing besides."""
    at = max(n for n, (start, _) in enumerate(sentence.clauses) if start <= time.start)
    start, end = sentence.clauses[at]
    besides = sentence.text[start : time.start] + " " + sentence.text[time.end : end]
    if len(besides) > _LONGEST_ASIDE or len(_LITTLE.sub(" ", besides).split()) > 1:
        return start, end
    last = len(sentence.clauses) - 1
    return sentence.clauses[max(at - 1, 0)][0], sentence.clauses[min(at + 1, last)][1]


def _distance(one: _Span, other: _Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)


def _is_of_period(text: str, day: Day, named: list[Day]) -> bool:
    """The first or last day of a period: nothing is said to have happened on it."""
    if _NUMBER_TO.search(text[: day.start]):
        return True
    for first, last in pairwise(named):
        joined = _TO_OR_AND if _BETWEEN.search(text[: first.start]) else _TO
        if day in (first, last) and joined.fullmatch(text, first.end, last.start):
            return True
    return False


def _is_on_another_day(text: str, breach: date | None) -> bool:
    return any(
        not match["weekday"] or (breach and match["weekday"].lower() != f"{breach:%A}".lower())
        for match in _OTHER_DAY.finditer(text)
    )


def _year(breach: date | None, day: Day) -> int | None:
    """The year of the breach, but not for a January named of a December, or the reverse."""
    if breach is None or abs(breach.month - day.month) > 9:
        return None
    return breach.year
