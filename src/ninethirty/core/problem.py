"""One fault of a platform, from its facts: what was said to be the cause first and later, what was
done, who was told when, and what the watch over the following days found."""

from collections.abc import Iterable
from dataclasses import dataclass

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, When, earliest


@dataclass(frozen=True)
class Stated:
    """A cause or a fix: a code ("" of a fix), when, and the id of the row with the words."""

    code: str
    at: When
    message: int


@dataclass(frozen=True)
class Told:
    """Who was told, and of which message."""

    producer: str
    at: When
    message: int


@dataclass(frozen=True)
class Account:
    """causes: as given, in order; one that follows another corrects it. again: releases hit during
    the watch; None while it is not over."""

    opened: When | None
    first_hit: Instant | None
    last_hit: Instant | None
    hits: int
    causes: tuple[Stated, ...]
    fixes: tuple[Stated, ...]
    told: tuple[Told, ...]
    watched_since: When | None
    again: int | None
    closed: bool

    @property
    def cause(self) -> Stated | None:
        """As it stands: the last one given."""
        return self.causes[-1] if self.causes else None

    @property
    def is_open(self) -> bool:
        return not self.closed


def account(facts: Iterable[Fact]) -> Account:
    opened = watched = again = None
    hits: list[Instant] = []
    causes: list[Stated] = []
    fixes: list[Stated] = []
    told: list[Told] = []
    closed = False
    for fact in facts:
        match fact.kind:
            case Kind.PROBLEM_OPENED:
                opened = fact.at
            case Kind.PROBLEM_GATHERED:
                hits.append(earliest(fact.at))
            case Kind.CAUSE_STATED:
                causes.append(Stated(fact.details["cause"], fact.at, fact.details["message"]))
            case Kind.FIX_REPORTED:
                fixes.append(Stated("", fact.at, fact.details["message"]))
            case Kind.PRODUCER_TOLD:
                told.append(Told(fact.details["producer"], fact.at, fact.details["message"]))
            case Kind.WATCH_BEGUN:
                watched, again = fact.at, None
            case Kind.WATCH_ENDED:
                again = len(fact.details["again"])
            case Kind.CLOSED:
                closed = True
            case _:
                pass
    return Account(
        opened,
        min(hits, default=None),
        max(hits, default=None),
        len(hits),
        tuple(causes),
        tuple(fixes),
        tuple(told),
        watched,
        again,
        closed,
    )
