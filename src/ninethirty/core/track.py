"""What one witness saw of one channel, folded look by look.

A part counts as there only while its last look was good; everything else is a miss, whatever the
status says. The fold keeps what the verdict asks for, so that a look costs the same on the second
day of a watch as in its first minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from ninethirty.core.finding import GOOD, UNREAD, Counts, Finding
from ninethirty.core.sighting import Family, View
from ninethirty.core.times import Instant, Interval
from ninethirty.core.watch import PAGE_PART, Channel, Sort

APART = timedelta(seconds=10)
"""Two misses this far apart are not one hiccup."""

SILENT_ROW = 8
"""So many looks without an answer in a row are not noise. At 20 % request errors, five witnesses
and four parts, two witnesses meet it together less than once in a million releases."""

BROKEN_ROW = 3
"""The same of answers that were cut off, or not an answer at all with one of these among them."""

ROUNDS = 3
"""Looks in a row that must find everything right before we say that it has recovered."""

EARLY_MARGIN = timedelta(seconds=1)
"""A sighting that ended less than this before T could be our own clock."""

GAPS = 60
"""Looks after T whose pauses tell the resolution."""


@dataclass(frozen=True, slots=True)
class Look:
    part: str
    view: View
    started: Instant
    ended: Instant
    found: Finding
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    """Misses of a part since it was last good."""

    otherwise: Instant | None = None
    """Began the first look that was answered with something else."""
    unread: Instant | None = None
    """Began the first of the looks in a row that brought nothing to read."""
    row: int = 0
    broken: int = 0
    """Of these, cut off."""

    def stands(self, look: Look) -> bool:
        """Whether with this miss it is no hiccup any more."""
        if look.found.counts in UNREAD:
            self.row += 1
            self.broken += look.found.counts is Counts.BROKEN
            self.unread = self.unread or look.started
            enough = self.row >= SILENT_ROW or self.broken >= BROKEN_ROW
            return enough and look.started - self.unread >= APART
        self.row, self.broken, self.unread = 0, 0, None
        self.otherwise = self.otherwise or look.started
        return look.started - self.otherwise >= APART


@dataclass(frozen=True, slots=True)
class Early:
    """Something at an address before its time. sealed: it is what was sealed."""

    look: Look
    sealed: bool


class Track:
    """Add looks in the order in which they ended. graces: since when misses are counted."""

    def __init__(
        self,
        witness: str,
        network: str,
        family: Family,
        channel: Channel,
        opens: Instant,
        graces: tuple[Instant, Instant],
    ) -> None:
        self.witness = witness
        self.network = network
        self.family = family
        self.looked_before = False
        """It was at work before T."""
        self.answered = False
        """It had an answer to read since T, whatever it was."""
        self.platform_down = False
        """By its controls, other pages of the platform do not answer either."""
        self.early: list[Early] = []
        self.stood_first: dict[str, Look] = {}
        """Files that were there from the first look on, before T, and are not what was sealed."""
        self.page: list[Look] = []
        """The user's view, begun at T or later."""
        self.past_caches: list[Look] = []
        """The page past the caches, where there was an answer to read, begun at T or later."""
        self.past_caches_unread = 0
        """Looks past the caches in a row, up to now, without one."""
        self.last: dict[str, Look] = {}
        self.released: Instant | None = None
        """When the page was first seen good."""
        self.whole: Interval | None = None
        """Between which two looks everything became good, the first time."""
        self.unpunctual = False
        """Something other than the page was first found after the first grace, and missed by a look
        begun after it."""
        self.missed_twice: list[Instant | None] = [None, None]
        """For each grace: when the second of two looks in a row, begun after it, missed the
        page."""
        self.stood: list[tuple[Instant, Instant | None]] = []
        """From when until when something stood missing or wrong."""
        self.stood_wrong = False
        """Something that nobody sealed stood there."""
        self.standing: set[str] = set()
        self.gone: set[str] = set()
        """What stands missing or wrong by looks since T, the first grace included: it is no breach
        yet, and not on time either."""
        self.recovered: Instant | None = None
        self._sorts = {part.name: part.sort for part in (*channel.parts, *channel.notices)}
        self._unchanged = {p.name for p in channel.parts if p.keyed and p.keyed == p.previous}
        self._parts = len(channel.parts)
        self._opens = opens
        self._graces = graces
        self._good: set[str] = set()
        self._ever_good: set[str] = set()
        self._missed: Instant | None = None
        self._rows = [0, 0]
        self._runs: dict[str, _Run] = {}
        self._runs_since_t: dict[str, _Run] = {}
        self._rounds = 0

    @property
    def all_good(self) -> bool:
        return len(self._good) == self._parts

    @property
    def newest(self) -> Instant | None:
        return max((look.ended for look in self.last.values()), default=None)

    @property
    def where(self) -> str:
        return f"{self.network} IPv{self.family}" if self.family else self.network

    def add(self, look: Look) -> None:
        if look.found.counts is Counts.UNSURE:
            return
        if look.ended < self._opens - EARLY_MARGIN:
            self._add_before(look)
        if self._sorts[look.part] is Sort.NOTICE:
            return
        if look.view is View.BUSTED:
            self._add_past_caches(look)
            return
        self.last[look.part] = look
        if look.started >= self._opens:
            self.answered |= look.found.counts not in UNREAD
            if look.part == PAGE_PART:
                self.page.append(look)
        if look.found.counts in GOOD:
            self._add_good(look)
        else:
            self._add_miss(look)
        if not self.standing and self.stood and self.stood[-1][1] is None:
            self.stood[-1] = (self.stood[-1][0], look.ended)

    def _add_past_caches(self, look: Look) -> None:
        if look.part != PAGE_PART or look.started < self._opens:
            return
        if look.found.counts in UNREAD:
            self.past_caches_unread += 1
        else:
            self.past_caches_unread = 0
            self.past_caches.append(look)

    def _add_before(self, look: Look) -> None:
        self.looked_before = True
        counts = look.found.counts
        is_file = self._sorts[look.part] is Sort.FILE
        there = counts in GOOD or (counts is Counts.DIFFERENT and is_file)
        # A listing may announce what is to come; a file that does not change is no news.
        announced = self._sorts[look.part] is Sort.LISTING or look.part in self._unchanged
        if look.found is Finding.STOOD:
            self.stood_first[look.part] = look
        if there and not announced:
            self.early.append(Early(look, sealed=counts is Counts.RIGHT))

    def _add_good(self, look: Look) -> None:
        self._good.add(look.part)
        self._ever_good.add(look.part)
        if look.part in self._runs_since_t:
            del self._runs_since_t[look.part]
            self._runs.pop(look.part, None)
            self.gone.discard(look.part)
            self.standing.discard(look.part)
        if look.part == PAGE_PART:
            self._rows = [0, 0]
            self.released = self.released or look.ended
        if not self.all_good:
            return
        if self.whole is None:
            self.whole = Interval(self._missed, look.ended)
        if look.part == PAGE_PART and self.recovered is None:
            self._rounds += 1
            if self._rounds >= ROUNDS:
                self.recovered = look.ended

    def _add_miss(self, look: Look) -> None:
        unread = look.found.counts in UNREAD
        self._missed = look.started
        # Noise after a recovery does not undo it; an answer that says otherwise does.
        self._rounds = 0
        if not unread:
            self.recovered = None
        self._good.discard(look.part)
        if look.part == PAGE_PART:
            self._count(look)
        elif look.started >= self._graces[0] and look.part not in self._ever_good:
            self.unpunctual = True
        if look.started < self._opens:
            return
        if self._runs_since_t.setdefault(look.part, _Run()).stands(look):
            self.gone.add(look.part)
        if look.started < self._graces[0]:
            return
        run = self._runs.setdefault(look.part, _Run())
        # While the page itself is not there nobody can expect its files.
        if run.stands(look) and (look.part == PAGE_PART or PAGE_PART in self._good):
            self.recovered = None
            self.standing.add(look.part)
            self.stood_wrong |= look.found.counts is Counts.DIFFERENT
            if not self.stood or self.stood[-1][1] is not None:
                self.stood.append((look.ended, None))

    def _count(self, look: Look) -> None:
        for which, grace in enumerate(self._graces):
            if look.started >= grace:
                self._rows[which] += 1
                if self._rows[which] == 2 and self.missed_twice[which] is None:
                    self.missed_twice[which] = look.ended

    def missed_since(self, since: Instant) -> Instant | None:
        """When the second of two looks in a row, begun at or after `since`, missed the page."""
        row = 0
        for look in self.page:
            if look.started >= since:
                row = 0 if look.found.counts in GOOD else row + 1
                if row == 2:
                    return look.ended
        return None

    def lacking(self) -> list[Look]:
        """The last looks at what is not good now: the page, or else what belongs to it."""
        missing = [look for look in self.last.values() if look.found.counts not in GOOD]
        return [look for look in missing if look.part == PAGE_PART] or missing

    def resolution(self) -> timedelta | None:
        """The middle one of the pauses between looks at the page after T."""
        starts = [look.started for look in self.page[: GAPS + 1]]
        pauses = sorted(later - sooner for sooner, later in pairwise(starts))
        return pauses[len(pauses) // 2] if pauses else None
