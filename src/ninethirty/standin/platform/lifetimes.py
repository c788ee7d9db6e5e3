"""For how long a platform tells its caches that an answer is good.

A page with a known instant of publication is told shorter and shorter lifetimes towards it, and
short ones for a while after it, in case the publisher is a little late.
"""

from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.times import Instant


@dataclass(frozen=True)
class Lifetimes:
    """lost_from: from then on the coming publication is forgotten, and everything gets `usual`.
    stale_while_revalidate, stale_if_error: how much longer an edge may go on with what it has.
    """

    usual: timedelta = timedelta(seconds=1800)
    longest: timedelta = timedelta(seconds=300)
    """Of the countdown."""
    shortest: timedelta = timedelta(seconds=5)
    leeway: timedelta = timedelta(seconds=300)
    """After the promised instant, for as long as it is given the shortest lifetime."""
    absent: timedelta = timedelta(seconds=5)
    lost_from: Instant | None = None
    stale_while_revalidate: timedelta = timedelta(0)
    stale_if_error: timedelta = timedelta(0)

    def of(self, opens: Instant, now: Instant) -> timedelta:
        if self.lost_from is not None and now >= self.lost_from:
            return self.usual
        if now < opens:
            whole = timedelta(seconds=(opens - now) // timedelta(seconds=1))
            return min(max(whole, self.shortest), self.longest)
        return self.shortest if now < opens + self.leeway else self.usual
