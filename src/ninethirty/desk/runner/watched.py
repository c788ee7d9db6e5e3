"""What a runner has read of an open release: its facts, its sightings, and the verdict on them."""

import time
from collections.abc import Iterable
from datetime import timedelta

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.times import Instant, WallTime
from ninethirty.core.verdict import BLIND_AFTER, SILENT_AFTER, Judge, Verdict
from ninethirty.core.watch import ANNOUNCED, WatchOrder, read_order
from ninethirty.desk.actions.conclude import conclude
from ninethirty.desk.record.models import Release
from ninethirty.desk.record.sightings import Reader
from ninethirty.desk.setup import setup

CHANGES_THE_ROW = {Kind.ANNOUNCED, Kind.RESCHEDULED, Kind.ARMED, Kind.UPLOADED}
"""Facts after which the promise or the watch order is another."""

RESTS = 4
"""So many times as long as it took to judge a release, it is not judged again."""


class Watched:
    """Costs nothing while there is no news of the release and no instant it waits for."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.facts: list[Fact] = []
        self.progress = Progress()
        self.order: WatchOrder | None = None
        self.verdict: Verdict | None = None
        self.wake: Instant | None = None
        """When to look at it again without news. None: at once."""
        self.waits = False
        """A step of it is due, and waits until another of ours has ended."""
        self._judged: Instant | None = None
        self._judges: dict[str, Judge] = {}
        self._newest: Instant | None = None
        self._ahead: list[Instant] = []
        """When sightings end whose witness's clock is ahead of ours."""
        self._rests_until = 0.0
        self._known: set[str] = set()
        self._key = b""
        self._read = False

    def heard(self, facts: Iterable[Fact]) -> None:
        """Take in what was recorded since. The first time also without facts."""
        # The row after the facts: what it says is then at least as new.
        read_anew = not self._read
        for fact in facts:
            self.facts.append(fact)
            self.progress.add(fact)
            self._known.add(fact.key)
            read_anew |= fact.kind in CHANGES_THE_ROW
        if read_anew:
            self._read_row()

    def judge(self, now: Instant, *, news: bool) -> bool:
        """Write down what the sightings say, if more of them have come or time says more; whether
        it did."""
        if self.order is None or not (news or self._time_says_more(now)):
            return False
        begun = time.monotonic()
        new = self._reader.read()
        for judge in self._judges.values():
            judge.add(new)
        verdicts = conclude(self.release, self._judges, self._key, now, self._known)
        self.verdict = verdicts[ANNOUNCED]
        self._judged = now
        ended = [sighting.ended for sighting in new]
        self._newest = max([*ended, *([self._newest] if self._newest else [])], default=None)
        self._ahead = [at for at in (*self._ahead, *ended) if at > now]
        done = time.monotonic()
        self._rests_until = done + RESTS * (done - begun)
        return True

    @property
    def rests(self) -> bool:
        """It was judged so lately that new sightings wait a little: judging all of a long incident
        takes a while, and must not keep us from everything else."""
        return time.monotonic() < self._rests_until

    def next_judgement(self, now: Instant) -> Instant | None:
        """When time alone may change the verdict."""
        if self.order is None:
            return None
        return min((at for at in self._turns() if at > now), default=None)

    def _time_says_more(self, now: Instant) -> bool:
        return self._judged is None or any(self._judged < at <= now for at in self._turns())

    def _turns(self) -> list[Instant]:
        """The instants at which the verdict may change though nothing new was seen."""
        assert self.order is not None
        opens, policy = self.order.opens, self.order.policy
        found = [
            opens,
            opens + policy.provisional_after,
            opens + policy.confirmed_after,
            opens + policy.confirmed_after + BLIND_AFTER,
        ]
        found += self._ahead
        if self._newest:
            found.append(self._newest + SILENT_AFTER + timedelta(microseconds=1))
        return found

    def _read_row(self) -> None:
        row = Release.objects.get(id=self.release)
        self.progress.opens = WallTime.parse(row.opens).resolve()
        self.order = read_order(bytes(row.order), setup().key().public) if row.order else None
        self._key = bytes.fromhex(row.key)
        self._judged = self.wake = None
        # Another order, other judges: they are told everything from the first sighting on.
        self._reader = Reader(self.release)
        self._newest, self._ahead, self._judges = None, [], {}
        if self.order:
            self._judges = {one.name: Judge(self.order, one) for one in self.order.channels}
        self._read = True
