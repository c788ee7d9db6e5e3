"""A ticket at the platform's help desk, and what its agents will have said by a given time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ninethirty.core.times import Instant

REQUESTER = 101
AGENT = 202


@dataclass(frozen=True)
class Comment:
    id: int
    author: int
    body: str
    made: Instant


@dataclass(frozen=True)
class Ticket:
    id: int
    raised: Instant
    fields: Mapping[str, Any]
    """Subject, priority, and whatever else it was raised with."""
    said: tuple[Comment, ...]
    """By the one who raised it; the first is the description."""


@dataclass(frozen=True)
class Habits:
    """When the agents say what."""

    acknowledged_after: timedelta = timedelta(minutes=4)
    cause_after: timedelta = timedelta(minutes=50)
    fixed_at: Instant | None = None
    """When the platform itself had recovered; None: the desk never hears of it."""


ACKNOWLEDGED = "Thank you for telling us. An engineer is looking at this page now."
CAUSE = (
    "We have found the cause. When the document was published our system sent the placeholder page "
    "once more and, with it, cleared the setting that makes copies of the page expire early. The "
    "caches in front of the page therefore kept the placeholder past the release time."
)
FIX = (
    "A fix for this cause is being deployed. We will watch scheduled publications over the coming "
    "days in case something else is wrong as well."
)


def answers(ticket: Ticket, habits: Habits, now: Instant) -> tuple[Comment, ...]:
    """What the agents have said by now, in the order they said it."""
    cause_at = ticket.raised + habits.cause_after
    plan = [(ticket.raised + habits.acknowledged_after, ACKNOWLEDGED), (cause_at, CAUSE)]
    if habits.fixed_at is not None:
        plan.append((max(habits.fixed_at, cause_at), FIX))
    # Agents' numbers come from the ticket and the plan, so that asking twice shows the same ones.
    return tuple(
        Comment(ticket.id * 1000 + 500 + n, AGENT, body, at)
        for n, (at, body) in enumerate(plan)
        if at <= now
    )


def conversation(ticket: Ticket, habits: Habits, now: Instant) -> tuple[Comment, ...]:
    both = ticket.said + answers(ticket, habits, now)
    return tuple(sorted(both, key=lambda comment: comment.made))
