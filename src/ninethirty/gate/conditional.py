"""Does the reader have it already? (RFC 9110, section 13)"""

import re
from email.utils import parsedate_to_datetime

from ninethirty.core.errors import NotAnInstant
from ninethirty.core.times import Instant
from ninethirty.gate.request import Request

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def held_already(request: Request, tag: str, modified: Instant | None) -> bool:
    """Is 304 the whole answer?

    modified: when it opened, in whole seconds; None if a date cannot tell it from what was there
    before. A reader who sends a tag is judged by the tag alone.
    """
    if request.if_none_match:
        listed = request.if_none_match.strip()
        return listed == "*" or tag in _TAG.findall(listed)
    if request.if_modified_since and modified:
        since = _date(request.if_modified_since)
        return since is not None and since >= modified
    return False


def part_still_fits(request: Request, tag: str, modified: Instant | None, now: Instant) -> bool:
    """May a part be sent, or has the reader a part of something else, and needs the whole?"""
    if not request.if_range:
        return True
    if '"' in request.if_range:
        return request.if_range.strip() == tag  # strictly: a weak tag never fits
    # Within the second of its opening a date could still come to mean something else.
    return (
        modified is not None
        and (now - modified).total_seconds() >= 1
        and _date(request.if_range) == modified
    )


def _date(text: str) -> Instant | None:
    try:
        return Instant.of(parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError, NotAnInstant):
        return None
