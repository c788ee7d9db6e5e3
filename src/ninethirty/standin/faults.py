"""What goes wrong on the platform, as a function of the time.

The countdown lost, as on 8 March 2018: three minutes before the promised instant a background
re-send of the document drops its intent to publish. From then on answers have the default lifetime
of half an hour, so an edge filled with the placeholder in those minutes serves it for half an hour.

Why the page stayed away for two more half hours the breach report does not say. Here an inner cache
holds on to the placeholder for 62 to 80 minutes and refills the edges from it. That is this
stand-in's assumption, chosen because it gives what was seen: right again shortly before 11:00.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.times import Instant

LOST_BEFORE = timedelta(minutes=3)
SHORTEST_HOLD = timedelta(minutes=62)
LONGEST_HOLD = timedelta(minutes=80)


@dataclass(frozen=True)
class CountdownLost:
    seed: int
    recovers: bool = True

    def lost_at(self, opens: Instant) -> Instant:
        return opens - LOST_BEFORE

    def has_lost(self, opens: Instant, now: Instant) -> bool:
        return now >= self.lost_at(opens)

    def inner_hold(self, opens: Instant, now: Instant) -> timedelta | None:
        """How long the inner cache keeps what it fills now; None: as long as the answer says."""
        if not self.has_lost(opens, now):
            return None
        if not self.recovers:
            return timedelta.max
        ends = opens + self._hold(opens)
        return ends - now if now < ends else None

    def _hold(self, opens: Instant) -> timedelta:
        chance = random.Random(f"{self.seed}/{opens.text()}")  # noqa: S311  (to be repeated)
        return SHORTEST_HOLD + (LONGEST_HOLD - SHORTEST_HOLD) * chance.random()
