"""Dates, times and states as readers of the public site are told them."""

from datetime import date, datetime

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import State
from ninethirty.core.times import Instant, WallTime, at_local

COLOURS = {
    State.PROVISIONAL: "grey",
    State.CONFIRMED: "blue",
    State.DUE: "yellow",
    State.OVERDUE: "orange",
    State.HELD: "orange",
    State.PUBLISHED: "green",
    State.CORRECTED: "teal",
    State.LATE: "red",
    State.CANCELLED: "grey",
    State.WITHDRAWN: "grey",
}
"""Of the tag of a state. The words say it too."""


def day(told: date) -> str:
    """Tuesday 1 December 2026."""
    return f"{told:%A} {short_day(told)}"


def short_day(told: date) -> str:
    """1 December 2026."""
    return f"{told.day} {told:%B %Y}"


def clock(local: datetime) -> str:
    """9:30am, midday, midnight; seconds if there are any."""
    if local.second:
        return f"{local.hour % 12 or 12}:{local:%M:%S}{local:%p}".lower()
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{local:%p}".lower()


def place(zone: str, home: str) -> str:
    """Whose time it is, where that is not the site's own."""
    return "" if zone == home else f" ({zone.rpartition('/')[2].replace('_', ' ')} time)"


def promised(when: WallTime | Provisional, home: str) -> str:
    """9:30am on Tuesday 1 December 2026; December 2026; a range of days."""
    if isinstance(when, WallTime):
        return f"{clock(when.local)}{place(when.zone, home)} on {day(when.local.date())}"
    if when == Provisional.month(when.first.year, when.first.month):
        return f"{when.first:%B %Y}"
    if when.first == when.last:
        return day(when.first)
    return f"{short_day(when.first)} to {short_day(when.last)}"


def moment(instant: Instant, zone: str) -> str:
    """9:30am on 1 December 2026, by the clocks of that zone; a second that began counts."""
    local = at_local(instant, zone)
    return f"{clock(local)} on {short_day(local.date())}"
