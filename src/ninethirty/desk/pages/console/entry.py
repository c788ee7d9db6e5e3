"""What a short form asks for, one entry after the other, and how what was typed is read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ninethirty.core.errors import Malformed
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.setup import setup


@dataclass(frozen=True)
class Entry:
    """options: value and text of each, where one is chosen. long: of several lines."""

    name: str
    label: Any
    hint: Any = ""
    options: tuple[tuple[str, Any], ...] = ()
    long: bool = False


def day_in(text: str) -> date:
    """Raises Malformed."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as wrong:
        sentence = _("The day: expected one such as 2027-01-15, found {text!r}")
        raise Malformed(sentence.format(text=text)) from wrong


def moment_in(text: str) -> Instant:
    """A day and a time by the producer's clocks; now, if nothing was typed. Raises TimeError."""
    if not text.strip():
        return setup().clock().now()
    return WallTime.parse(f"{text.strip()} {setup().promises.usual.zone}").resolve()
