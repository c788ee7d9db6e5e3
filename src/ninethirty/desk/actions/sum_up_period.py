"""Make the period report of a platform or a producer from the record."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.period import Asked, Fault, Of, Period, sum_up
from ninethirty.core.problem import Account, Stated, account
from ninethirty.core.times import Instant, at_local, latest
from ninethirty.desk.actions.problems.act import timeline_of
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.kept import kept
from ninethirty.desk.record.models import Message, Problem


def sum_up_period(asked: Asked) -> Period:
    """Raises NotAllowed: the last day is before the first."""
    if asked.last < asked.first:
        raise NotAllowed(f"from {asked.first} to {asked.last}: the last day is before the first")
    return sum_up(asked, kept(asked), tuple(_faults(asked)))


def _faults(asked: Asked) -> list[Fault]:
    """Problems that hit somebody within the period, or are open."""
    rows = (
        Problem.objects.filter(platform=asked.name)
        if asked.of is Of.PLATFORM
        else Problem.objects.filter(problempart__producer=asked.name).distinct()
    )
    found = []
    for row in rows.order_by("id"):
        told = account(facts_of(timeline_of(row.id)))
        if told.is_open or _within(told, asked):
            found.append(_fault(row, told, asked.zone))
    return found


def _within(told: Account, asked: Asked) -> bool:
    if told.first_hit is None or told.last_hit is None:
        return False
    first, last = (at_local(at, asked.zone).date() for at in (told.first_hit, told.last_hit))
    return first <= asked.last and last >= asked.first


def _fault(row: Problem, told: Account, zone: str) -> Fault:
    words = {
        message.id: message.text for message in Message.objects.filter(subject=timeline_of(row.id))
    }

    def said(one: Stated) -> tuple[str, str]:
        return (_day(latest(one.at), zone), words.get(one.message, ""))

    return Fault(
        id=row.id,
        title=row.title,
        causes=tuple(said(one) for one in told.causes),
        fixes=tuple(said(one) for one in told.fixes),
        hits=told.hits,
        watched=_watched(told, zone),
        is_open=told.is_open,
    )


def _watched(told: Account, zone: str) -> str:
    if told.watched_since is None:
        return "not watched yet"
    since = f"watched from {_day(latest(told.watched_since), zone)}"
    if told.again is None:
        return f"{since}; not over"
    return f"{since}: {'did not come back' if not told.again else f'came back {told.again} times'}"


def _day(at: Instant, zone: str) -> str:
    return at_local(at, zone).date().isoformat()
