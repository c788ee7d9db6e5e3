"""alarms + facts -> whom to page next, and when.

Rules of `detection.md` section 5: every two minutes one rung further up the ladder, round and
round, until somebody acknowledges. That holds for half an hour from the last thing that person did;
then the ladder begins anew. Another alarm does not wait for it.
"""

from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.facts import Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Reach, Step
from ninethirty.core.times import Instant, latest

LADDER = ("lead", "deputy", "head of profession", "executive")
NEXT_AFTER = timedelta(minutes=2)
HOLDS_FOR = timedelta(minutes=30)
"""Whoever mends something needs both hands, and a telephone that rings every few minutes is
switched off; yet whoever fell asleep over it must be found while a late release is still news."""


@dataclass(frozen=True)
class Alarm:
    """Something that people must know of, from a kind of fact until one of others, or until they
    have done a step."""

    starts: Kind
    ends: tuple[Kind, ...]
    settled_by: str = ""


@dataclass(frozen=True)
class Page:
    """to: a rung of the ladder. number: counts the pages of one alarm from 1."""

    alarm: str
    to: str
    number: int
    at: Instant


def ringing(name: str, alarm: Alarm, progress: Progress) -> Instant | None:
    """Since when, if it is on.

    One that was on for longer than people wait for each other, and that nobody was paged for (every
    runner stood still), stays on until somebody is.
    """
    start = progress.first(alarm.starts)
    if start is None or alarm.settled_by in progress.done:
        return None
    ends = [latest(fact.at) for kind in alarm.ends if (fact := progress.first(kind))]
    if ends and (name in progress.pages or min(ends) - latest(start.at) <= NEXT_AFTER):
        return None
    return start.recorded


def next_page(alarm: str, since: Instant, progress: Progress) -> Page:
    """The next page of an alarm that is on. Its instant may be to come."""
    pages = progress.pages.get(alarm, [])
    if not pages:
        return Page(alarm, LADDER[0], 1, since)
    quiet = max(
        (
            max(at, progress.acted[person]) + HOLDS_FOR
            for person, at in progress.acknowledged.items()
            if at >= since
        ),
        default=since,
    )
    # Pages that had gone out when somebody acknowledged do not count: begin at the lowest rung.
    rung = sum(1 for at in pages if at >= quiet)
    return Page(
        alarm, LADDER[rung % len(LADDER)], len(pages) + 1, max(pages[-1] + NEXT_AFTER, quiet)
    )


def step_of(page: Page) -> Step:
    """A page is a step as any other: claimed, tried again, taken over; and stuck, it is paged for
    by the second route."""
    return Step(
        f"page_{page.alarm}_{page.number}",
        Reach.INTERNAL,
        page.at,
        deadline=timedelta(seconds=30),
        does=page.to,
    )
