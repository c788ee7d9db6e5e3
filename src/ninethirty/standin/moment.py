"""Instants that others wrote down for a stand-in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ninethirty.core.times import Instant


def moment(text: str) -> Instant:
    """Raises ValueError, with a sentence, for what is no moment or has no zone."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(f"{text!r} is not a moment such as 2018-03-08T09:30:00Z") from wrong
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return Instant.of(read)


def promised(text: str) -> Instant:
    """A moment, or a wall time as calendars have it: 2026-12-01 09:30 Europe/London.

    Raises ValueError, with a sentence.
    """
    if "T" in text:
        return moment(text)
    try:
        day, clock, zone = text.split()
        return Instant.of(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, KeyError, OSError) as wrong:
        # KeyError, OSError: of a zone that nobody knows, or that is a folder.
        raise ValueError(
            f'{text!r} is neither a moment nor a wall time such as "2026-12-01 09:30 Europe/London"'
        ) from wrong
