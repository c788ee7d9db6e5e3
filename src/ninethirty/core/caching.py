"""What cache headers say: since when an answer is kept, and when it will be let go.

Headers are hints from the accused party: a verdict never rests on them; a cause may. Ages and
lifetimes are counted from when we were answered, not from `Date`: some caches keep the origin's,
others write their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

from ninethirty.core.times import Instant

_NUMBER = re.compile(r"\s*(\d{1,9})\s*")


@dataclass(frozen=True)
class Kept:
    """An answer that came out of a cache. Either may be unknown."""

    since: Instant | None
    until: Instant | None


def kept(headers: Mapping[str, str], answered: Instant) -> Kept | None:
    """None if nothing says that the answer came out of a cache.

    Of several caches in `Cache-Status` (RFC 9211) the one nearest to us counts: until it asks
    again, nothing behind it matters.
    """
    fields = {name.lower(): value for name, value in headers.items()}
    age = _number(fields.get("age", ""))
    status = _nearest(fields.get("cache-status", ""))
    said = " ".join(fields.get(name, "") for name in ("x-cache", "x-cache-status"))
    hit = "hit" in status or re.search(r"\bhit\b", said, re.IGNORECASE)
    if not (hit or age):
        return None
    left = _number(status.get("ttl", ""), negative=True)
    if left is None and age is not None:
        lifetime = _lifetime(fields)
        left = None if lifetime is None else lifetime - age
    return Kept(
        since=None if age is None else answered - timedelta(seconds=age),
        until=None if left is None else answered + timedelta(seconds=left),
    )


def heals_at(headers: Mapping[str, str], answered: Instant) -> Instant | None:
    """When the cache that answered should ask again; None if nobody can tell."""
    found = kept(headers, answered)
    return found.until if found else None


def _lifetime(fields: Mapping[str, str]) -> int | None:
    """Seconds. A shared cache goes by s-maxage, whichever comes first; by Expires if by neither."""
    control = fields.get("cache-control", "").lower()
    told = re.search(r"\bs-maxage=(\d{1,9})\b", control)
    told = told or re.search(r"\bmax-age=(\d{1,9})\b", control)
    if told:
        return int(told[1])
    try:
        made, expires = (parsedate_to_datetime(fields.get(n, "")) for n in ("date", "expires"))
        return int((expires - made).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _nearest(status: str) -> dict[str, str]:
    """The parameters of the last member of a Cache-Status field."""
    pieces = (piece.strip().partition("=") for piece in status.rpartition(",")[2].split(";")[1:])
    return {name.lower(): value for name, _, value in pieces}


def _number(text: str, *, negative: bool = False) -> int | None:
    sign = -1 if negative and text.startswith("-") else 1
    found = _NUMBER.fullmatch(text.removeprefix("-") if negative else text)
    return sign * int(found[1]) if found else None
