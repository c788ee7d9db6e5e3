"""A fact as one line of a timeline, for people."""

from collections.abc import Iterable

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, at_local, latest

BOOKKEEPING = {Kind.STEP_CLAIMED, Kind.STEP_DONE}
"""Of the runner; a reader of the timeline does not need it."""


def for_people(facts: Iterable[Fact]) -> list[Fact]:
    """What a reader needs, in the order in which it happened."""
    shown = [fact for fact in facts if fact.kind not in BOOKKEEPING]
    return sorted(shown, key=lambda fact: (latest(fact.at), fact.n))


def when(fact: Fact, zone: str) -> str:
    """Local clock time; of an interval both ends, rounded away from each other."""
    if isinstance(fact.at, Instant):
        return _clock(fact.at, zone)
    by = _clock(fact.at.by.rounded_up(), zone)
    return f"{_clock(fact.at.after, zone)} to {by}" if fact.at.after else f"by {by}"


def words(fact: Fact) -> str:
    """What happened, with what a reader may want to know of it."""
    details = fact.details
    more = [
        str(details[name]).replace("_", " ")
        for name in ("about", "channel", "reason", "cause", "step", "lacks")
        if details.get(name)
    ]
    if "files" in details:
        more.append(f"{details['files']} files")
    for name in ("gates", "witnesses", "warned"):
        more += details.get(name, [])
    return f"{fact.kind.says}: {', '.join(more)}" if more else fact.kind.says


def _clock(instant: Instant, zone: str) -> str:
    return f"{at_local(instant, zone):%H:%M:%S}"
