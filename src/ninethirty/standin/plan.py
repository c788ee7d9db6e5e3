"""What a reader is sent to look at, and how often it does."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from ninethirty.core.times import Clock, Instant
from ninethirty.standin.moment import moment

NEAR = timedelta(seconds=5)
SOON_AFTER = timedelta(minutes=3)

QUIET_LOOK_EARLIEST = timedelta(seconds=170)
QUIET_LOOK_LATEST = timedelta(seconds=85)
"""An edge filled then is right 90 minutes later at best. In a fast drill each of its three refills
waits some seconds more for somebody to ask; this much earlier, it is still right before 11:00."""


@dataclass(frozen=True)
class Plan:
    opens: Instant
    until: Instant
    page: str
    """The alternate page's URL, and its files'."""
    files: Mapping[str, str]
    feed: str
    announced: str
    edges: tuple[str, ...]
    files_dir: Path
    seed: int

    @classmethod
    def read(cls, file: Path) -> Self:
        """Raises KeyError, TypeError or ValueError if it is not a plan."""
        plan = json.loads(file.read_text(encoding="utf-8"))
        alternate, announced = plan["alternate"], plan["announced"]
        return cls(
            opens=moment(plan["opens"]),
            until=moment(plan["until"]),
            page=alternate["page"],
            files=alternate["files"],
            feed=alternate["feed"],
            announced=announced["page"],
            edges=tuple(announced["edges"]),
            files_dir=Path(plan["files_dir"]),
            seed=int(plan["seed"]),
        )

    def quiet_look(self, edge: str) -> Instant:
        """When somebody of the public happens to ask this edge in the last minutes before T."""
        chance = random.Random(f"{self.seed}/{edge}").random()  # noqa: S311  (to be repeated)
        before = QUIET_LOOK_LATEST + (QUIET_LOOK_EARLIEST - QUIET_LOOK_LATEST) * chance
        return self.opens - before

    def is_near(self, now: Instant) -> bool:
        return self.opens - NEAR <= now < self.opens + NEAR

    def alternate_pause(self, now: Instant, clock: Clock) -> float:
        """Real seconds between rounds of the alternate's page and files; near T, between looks."""
        if self.is_near(now):
            return 0.04
        if now < self.opens:
            return min(0.2, max(0.0, clock.seconds_until(self.opens - NEAR)))
        return 0.5 if now < self.opens + SOON_AFTER else 2.0

    def announced_pause(self, now: Instant, clock: Clock) -> float:
        """Real seconds between looks at one edge, from T on."""
        if now < self.opens + SOON_AFTER:
            return 1.0
        return max(0.15, clock.seconds_until(now + timedelta(seconds=5)))
