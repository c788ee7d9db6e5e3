"""What the sentences of a draft are made of: facts found, their times, and words of answers."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from ninethirty.core.breach import Field, Gap, Said
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.particulars import Particulars
from ninethirty.core.times import Interval, WallTime, at_local, earliest


def quoted(answer: Fact, about: Particulars) -> str:
    """Its words, which are a row and may have been erased since."""
    words = about.messages.get(answer.details["message"])
    return f"“{words}”" if words else "its words are no longer kept."


def given(value: str, asks: str) -> Field:
    return Said(value) if value else Gap(asks)


def first(facts: Sequence[Fact], kind: Kind) -> Fact | None:
    found = [fact for fact in facts if fact.kind is kind]
    return min(found, key=lambda fact: earliest(fact.at)) if found else None


def first_at(facts: Sequence[Fact], kind: Kind, channel: str) -> Fact | None:
    return next((f for f in facts if f.kind is kind and f.details["channel"] == channel), None)


def numbered(facts: Sequence[Fact], *kinds: Kind) -> tuple[int, ...]:
    return tuple(fact.n for fact in facts if fact.kind in kinds)


def told_users(facts: Sequence[Fact], about: str) -> list[Fact]:
    """Once for each channel: the same in another language is no other word."""
    told: dict[str, Fact] = {}
    for fact in facts:
        if fact.kind is Kind.USERS_TOLD and fact.details["about"] == about:
            told.setdefault(fact.details["channel"], fact)
    return list(told.values())


def one_after_another(facts: Sequence[Fact], kind: Kind, about: Particulars) -> list[Fact]:
    """As they were stated; one in the words of the one before it says nothing new."""
    stated: list[Fact] = []
    for fact in sorted((f for f in facts if f.kind is kind), key=lambda fact: earliest(fact.at)):
        words = about.messages.get(fact.details["message"])
        if not stated or not words or words != about.messages.get(stated[-1].details["message"]):
            stated.append(fact)
    return stated


def settled(fact: Fact | None, sentence: Callable[[Fact], str], asks: str) -> Field:
    """The sentence if the fact is there; else what a person must find out."""
    return Said(sentence(fact), facts=(fact.n,)) if fact else Gap(asks)


def local_time(fact: Fact, zone: str) -> datetime:
    """When it happened. Known only to have happened by then: rounded up, for "by 09:30:00" would
    deny the half second it took."""
    at = fact.at.by.rounded_up() if isinstance(fact.at, Interval) else fact.at
    return at_local(at, zone)


def after(fact: Fact, zone: str) -> str:
    """The last look that missed, rounded down; empty if nobody looked."""
    if not isinstance(fact.at, Interval) or fact.at.after is None:
        return ""
    return f"{at_local(fact.at.after, zone):%Y-%m-%dT%H:%M:%S}"


def clock(fact: Fact, promised: WallTime) -> str:
    """With its day, if that is not the promised one."""
    at = local_time(fact, promised.zone)
    same = at.date() == promised.local.date()
    return f"{at:%H:%M:%S}" if same else f"{at:%H:%M:%S} on {at:%-d %B %Y}"


def listed(names: Iterable[str]) -> str:
    words = list(names)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
