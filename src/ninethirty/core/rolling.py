"""When the pages that many releases share are rendered anew, and when a person must know."""

from datetime import timedelta

from ninethirty.core.times import Instant

SUBJECT = "site"
"""The timeline of these facts."""

HORIZON = timedelta(hours=72)
"""For so long they are rendered ahead."""

LEAST = timedelta(hours=24)
"""With less than this left somebody is paged: after it the pages would stand still."""

EVERY = timedelta(hours=12)
"""They are rolled forward so often without news, so there are several tries before LEAST."""


def is_due(until: Instant | None, now: Instant, *, news: bool) -> bool:
    """until: for how long they are rendered; None: they never were."""
    return news or until is None or until - now <= HORIZON - EVERY


def is_short(until: Instant | None, now: Instant) -> bool:
    """Must a person know?"""
    return until is not None and until - now < LEAST
