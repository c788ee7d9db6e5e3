"""A logarithmic axis of lengths of time, from a second to a month, with marks people know."""

import math
from datetime import timedelta

MARKS = (
    (timedelta(seconds=1), "1 s"),
    (timedelta(seconds=10), "10 s"),
    (timedelta(minutes=1), "1 min"),
    (timedelta(minutes=5), "5 min"),
    (timedelta(minutes=30), "30 min"),
    (timedelta(hours=2), "2 h"),
    (timedelta(hours=8), "8 h"),
    (timedelta(days=1), "1 day"),
    (timedelta(days=7), "1 week"),
    (timedelta(days=30), "30 days"),
)

FIRST, LAST = MARKS[0][0], MARKS[-1][0]


def share(length: timedelta) -> float:
    """Where on the axis, from 0 at a second to 1 at a month. What is beyond stands at the end."""
    within = min(max(length, FIRST), LAST)
    return math.log(within / FIRST) / math.log(LAST / FIRST)
