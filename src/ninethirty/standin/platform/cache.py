"""One layer of HTTP cache. It is told the time, and keeps what it was given for a lifetime.

A layer counts `Age` from when it filled, not from when the answer was made. That is why two layers
can hold an answer twice as long as its maker meant.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from ninethirty.core.times import Instant

ROOM = 2000
"""Answers kept; the one filled longest ago goes first. Busted addresses would pile up."""

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class Kept(Generic[AnswerT]):
    answer: AnswerT
    filled_at: Instant
    lifetime: timedelta

    def age(self, now: Instant) -> int:
        """Whole seconds, as the header counts."""
        return int((now - self.filled_at).total_seconds())

    def is_fresh(self, now: Instant, longer: timedelta = timedelta(0)) -> bool:
        """Within its lifetime, or within `longer` after it."""
        return now - self.filled_at - longer < self.lifetime


class Cache(Generic[AnswerT]):
    def __init__(self) -> None:
        self._kept: dict[str, Kept[AnswerT]] = {}

    def held(self, key: str) -> Kept[AnswerT] | None:
        """What is kept, within its lifetime or not."""
        return self._kept.get(key)

    def lookup(self, key: str, now: Instant) -> Kept[AnswerT] | None:
        """What is kept and still within its lifetime."""
        kept = self._kept.get(key)
        return kept if kept is not None and kept.is_fresh(now) else None

    def fill(self, key: str, answer: AnswerT, now: Instant, lifetime: timedelta) -> Kept[AnswerT]:
        self._kept.pop(key, None)
        if len(self._kept) >= ROOM:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = kept = Kept(answer, now, lifetime)
        return kept

    def clear(self) -> None:
        self._kept.clear()
