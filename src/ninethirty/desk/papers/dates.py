"""Calendar days as people write them in a report. Day before month, as the form's readers do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ninethirty.core.breach import Field, Said
from ninethirty.desk.papers.cells import blank, unread
from ninethirty.desk.papers.clocks import clocks

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# May only with a capital: "10 may have been sent".
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May|MAY)|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_NUMBER = r"(?P<day>[0-3]?[0-9])"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})\b"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w.:/-])(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
        r"(?![0-9-])",
        r"(?<![\w.:/-])(?P<day>[0-9]{1,2})(?P<sep>[/.-])(?P<month>[0-9]{1,2})(?P=sep)"
        r"(?P<year>(?:19|20)?[0-9]{2})(?![\w/-])",
        rf"(?<![\w.:/]){_NUMBER}(?:st|nd|rd|th)?\s*(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?",
        rf"(?<!\w){_MONTH}\s+{_NUMBER}(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"(?<!\w){_MONTH}\s+(?:the\s+)?{_NUMBER}(?:st|nd|rd|th)\b",
        # Else only after such a word: "in March 30 releases were late".
        rf"(?:(?<=\bon )|(?<=\bby )|(?<=\bto )|(?<=\bfrom )|(?<=\bbefore )|(?<=\bafter )"
        rf"|(?<=\buntil )|(?<=day )|(?<=day, )){_MONTH}\s+{_NUMBER}(?![\w:/]|\.[0-9])",
    )
)
_RANGE = re.compile(
    r"\b(?:to|until|till|through|and|from|between|or)\b|[-\u2013\u2014]", re.IGNORECASE
)
_LIST = re.compile(r"\band\b", re.IGNORECASE)
_MONTH_ALONE = re.compile(rf"\b{_MONTH}", re.IGNORECASE)


@dataclass(frozen=True)
class Day:
    """A day named in a text, perhaps without its year, perhaps one no calendar has."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    def in_year(self, year: int | None) -> date | None:
        """The date, in that year if the text names none; None if there is no such day."""
        known = self.year or year
        try:
            return date(known, self.month, self.day) if known else None
        except ValueError:
            return None


def days(text: str) -> list[Day]:
    """Every day named, in the order of the text."""
    named = (_day(match) for pattern in _PATTERNS for match in pattern.finditer(text))
    found: list[Day] = []
    for day in sorted(named, key=lambda day: (day.start, -day.end)):
        if not found or found[-1].end <= day.start:
            found.append(day)
    return found


def read_date(words: str, asks: str) -> Field:
    """One date in ISO form. Two dates, half a date or an impossible one stay open."""
    text = " ".join(words.split())
    if not text:
        return blank(asks)
    named = {day.in_year(None) for day in days(text)}
    only = named.pop() if len(named) == 1 else None
    if only is None or _says_more(text):
        return unread(asks, words)
    return Said(only.isoformat(), words=words)


_FIRST_OF_SEVERAL = re.compile(
    r"(?<![\w.:/-])([0-3]?[0-9])(?:st|nd|rd|th)?(?=(?:\s*,\s*[0-3]?[0-9](?:st|nd|rd|th)?)*"
    rf"\s*(?:,|and|&)\s*[0-3]?[0-9](?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH},?\s+{_YEAR}))",
    re.IGNORECASE,
)


def read_dates(words: str, asks: str) -> tuple[Field, ...]:
    """Each date of a list: one letter may tell of several events. A period, half a date or an
    impossible one leaves the whole open."""
    text = _FIRST_OF_SEVERAL.sub(r"\1 \2", " ".join(words.split()))
    named = list(dict.fromkeys(day.in_year(None) for day in days(text)))
    if len(named) < 2 or None in named or _says_more(text, _LIST):
        return (read_date(words, asks),)
    return tuple(Said(day.isoformat(), words=words) for day in named if day)


def _day(match: re.Match[str]) -> Day:
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    named = match.groupdict().get("year")
    year = int(named) if named else None
    if year is not None and year < 100:
        year += 2000
    return Day(match.start(), match.end(), year, number, int(match["day"]))


def _says_more(text: str, but: re.Pattern[str] | None = None) -> bool:
    """A second day that is no whole date ("8 and 9 March 2018"), or a period; `but`: what may
    stand between days."""
    rest = " ".join(but.sub(" ", part) if but else part for part in _between(text))
    return bool(re.search(r"[0-9]", rest) or _MONTH_ALONE.search(rest) or _RANGE.search(rest))


def _between(text: str) -> Iterator[str]:
    at = 0
    spans = [(d.start, d.end) for d in days(text)] + [(c.start, c.end) for c in clocks(text)]
    for start, end in sorted(spans):
        yield text[at:start]
        at = max(at, end)
    yield text[at:]
