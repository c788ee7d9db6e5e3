"""What is public at instant t.

Publication is not something we do at 09:30; it is a comparison that starts to come out differently
at 09:30. So there is no job to be late.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta

from ninethirty.core.schedule import Answer, Opening
from ninethirty.core.times import Instant

LONGEST = timedelta(seconds=60)
"""So that a notice or a withdrawal is everywhere within a minute."""

LONGEST_ABSENT = timedelta(seconds=5)
"""A 404 kept by a cache across an opening is the fault of 8 March 2018 in another coat."""

HOP = timedelta(seconds=0.5)
"""What one hop between us and a cache may take."""

WHOLE_SECOND = timedelta(seconds=1)
"""Caches count whole seconds: nginx keeps an exact max-age up to 1 s past its end."""


def answer(timeline: Sequence[Opening], now: Instant) -> Answer | None:
    """What a path answers now: its latest opening not after now. None: it is not there.

    `timeline` holds the openings of one path in order of time. An opening is open at its own
    instant: a request at 09:30:00.000000 gets the release.
    """
    opening = in_force(timeline, now)
    return opening.answer if opening else None


def in_force(timeline: Sequence[Opening], now: Instant) -> Opening | None:
    """The latest opening not after now. None: the path has not opened yet."""
    opened = _opened(timeline, now)
    return timeline[opened - 1] if opened else None


def next_change(timeline: Sequence[Opening], now: Instant) -> Instant | None:
    """When this path will answer differently, as far as the schedule knows."""
    opened = _opened(timeline, now)
    return timeline[opened].opens if opened < len(timeline) else None


def told_apart_by_the_second(timeline: Sequence[Opening], now: Instant) -> bool:
    """Is a date in whole seconds enough to tell what is in force from what was before it?

    Not if both opened within one second: a reader who names that second may hold either.
    """
    opened = _opened(timeline, now)
    if opened < 2:
        return True
    before, after = (
        timeline[place].opens.replace(microsecond=0) for place in (opened - 2, opened - 1)
    )
    return before != after


def max_age(
    now: Instant, change: Instant | None, *, absent: bool = False, hop: timedelta = HOP
) -> int:
    """Whole seconds for which a cache may keep the answer given now: never across the change.

    For an absent path `change` is the next opening of any path on the site, so that the lifetime
    of a 404 does not tell which path is about to open.
    """
    longest = LONGEST_ABSENT if absent else LONGEST
    if change is None:
        return int(longest.total_seconds())
    left = min(change - now - WHOLE_SECOND - hop, longest)
    return max(0, left // timedelta(seconds=1))


def holds_until(now: Instant, change: Instant | None, *, hop: timedelta = HOP) -> Instant:
    """The instant before which every word of an answer given now holds as it is.

    That is: the same opening is in force, `max_age` says the same, and so does any date in whole
    seconds. Always after `now`, and never after a change that is still to come.
    """
    second = now.replace(microsecond=0) + WHOLE_SECOND
    if change is None or change <= now:
        return second
    step = (change - now - WHOLE_SECOND - hop) % WHOLE_SECOND
    # max_age still counts the very instant of its step in full.
    return min(second, change, now + max(step, timedelta.resolution))


def _opened(timeline: Sequence[Opening], now: Instant) -> int:
    """How many of the openings have come."""
    return bisect_right(timeline, now, key=lambda opening: opening.opens)
