"""Instants that others wrote down for a stand-in."""

from datetime import datetime

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
