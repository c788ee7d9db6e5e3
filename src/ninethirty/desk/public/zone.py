"""A time zone as calendars carry it: with the rule of its clock changes, where there is one.

The library lists every change as a date of its own (RDATE). Programs that people use ignore such
lists, and show an hour off: so what follows a rule is written as one (RRULE).
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from icalendar import Component, Timezone

from ninethirty.core.times import zone_of

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@lru_cache(maxsize=500)
def zone_from(name: str, year: int) -> bytes:
    """Right from the beginning of that year on."""
    zone = Timezone.from_tzinfo(zone_of(name), first_date=date(year, 1, 1))
    zone.pop("COMMENT", None)  # Of the library, about the year in which its dates end.
    for part in zone.subcomponents:
        _as_rule(part)
    return bytes(zone.to_ical())


def _as_rule(part: Component) -> None:
    if "RDATE" not in part:
        return
    first: Any = part["DTSTART"]
    later: Any = part["RDATE"]
    changes = [first.dt, *(one.dt for one in later.dts)]
    which = _which(changes)
    if which:
        del part["RDATE"]
        part.add("rrule", {"freq": "yearly", "bymonth": changes[0].month, "byday": which})


def _which(changes: Sequence[datetime]) -> str:
    """Such as -1SU, if each is that day of its month, once in every year; else nothing."""
    first = changes[0]
    for n, change in enumerate(changes):
        if (change.year, change.month) != (first.year + n, first.month):
            return ""
        if (change.weekday(), change.time()) != (first.weekday(), first.time()):
            return ""
    weeks = {(change.day - 1) // 7 + 1 for change in changes}
    day = _DAYS[first.weekday()]
    if all(change.day + 7 > monthrange(change.year, change.month)[1] for change in changes):
        return f"-1{day}"
    return f"{weeks.pop()}{day}" if len(weeks) == 1 else ""
