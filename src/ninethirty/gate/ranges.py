"""Which part of a file is asked for (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

_ASKED = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
_DIGITS = 18
"""More digits than any file has bytes; longer numbers are cut to this many nines."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `first` up to, not including, `end`."""

    first: int
    end: int

    def of(self, size_bytes: int) -> str:
        """As it is written: the last byte counts, and the size of the whole follows."""
        return f"{self.first}-{self.end - 1}/{size_bytes}"


class Nowhere:
    """Asked for a part that the file does not have: 416."""


NOWHERE = Nowhere()


def span(asked: str, size_bytes: int) -> Span | Nowhere | None:
    """The one span asked for. None: nothing we understand, or several; the whole file is sent.

    Several parts in one answer are a favour nobody needs here, and a way to make us work.
    """
    found = _ASKED.fullmatch(asked)
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(_number(found[2]), size_bytes)
        return Span(size_bytes - length, size_bytes) if length else NOWHERE
    first = _number(found[1])
    last = _number(found[2]) if found[2] else size_bytes - 1
    if found[2] and last < first:
        return None
    return Span(first, min(last + 1, size_bytes)) if first < size_bytes else NOWHERE


def _number(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _DIGITS else int("9" * _DIGITS)
