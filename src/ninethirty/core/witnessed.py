"""Sightings of one channel, sorted by witness, and folded into tracks as they come.

Whose look counts is decided here: a witness abstains while its clock is off, while it is itself
offline, and where the platform keeps it out.
"""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.finding import GOOD, UNREAD, Counts, Finding, classify, content
from ninethirty.core.reported import Reported
from ninethirty.core.sighting import Family, Sighting
from ninethirty.core.times import Instant
from ninethirty.core.track import EARLY_MARGIN, Look, Track
from ninethirty.core.watch import CONTROL, Channel, Part, Sort, WatchOrder

CLOCK_LIMIT_MS = 250
"""A witness whose clock is further off abstains."""

CONTROL_HOLDS = timedelta(seconds=15)
"""Three times the pause between two looks at a control: an older one says nothing of now."""

LONG_BEFORE = timedelta(minutes=5)
"""Before T, and before the quiet window: what was found there later may have been put there for
this release."""

_SOMETHING = GOOD | {Counts.UNSURE, Counts.DIFFERENT}

Who = tuple[str, str, Family]
Seen = list[tuple[Instant, Finding]]


@dataclass(frozen=True)
class Before:
    """What anybody saw before T, by part. stood: the digests of all that was there. first: of the
    first answer, if somebody looked long before T; empty if it was that nothing is there."""

    stood: Mapping[str, Collection[str]]
    first: Mapping[str, str]


class Witnessed:
    """All that was seen of a channel. IPv4 and IPv6 of one witness are tracks of their own."""

    def __init__(self, order: WatchOrder, channel: Channel) -> None:
        self._order = order
        self._channel = channel
        self._by_witness: dict[Who, _Witness] = {}
        self._stood_before: dict[str, set[str]] = {}
        self._first: dict[str, tuple[Instant, str]] = {}
        self._unreached: dict[tuple[str, str], list[Sighting]] = {}
        self._reached: dict[tuple[str, str], list[Family]] = {}
        self._off: dict[str, Instant] = {}
        self._records = {part.name for part in channel.records}
        self._reported: list[tuple[Instant, Reported]] = []
        self._parts = {part.name: part for part in (*channel.parts, *channel.notices)}
        self._controls = {part.name: part for part in order.controls}
        self._key: bytes | None = None
        self._before = order.opens - EARLY_MARGIN

    def add(self, sightings: Iterable[Sighting]) -> None:
        """In any order. What belongs to another release or channel is passed over."""
        for sighting in sightings:
            is_control = sighting.channel == CONTROL
            known = self._controls if is_control else self._parts
            if sighting.release != self._order.release or (
                not is_control and sighting.channel != self._channel.name
            ):
                continue
            if abs(sighting.clock_offset_ms) > CLOCK_LIMIT_MS:
                since = self._off.get(sighting.witness, sighting.ended)
                self._off[sighting.witness] = min(since, sighting.ended)
                continue
            if sighting.reported and not is_control and sighting.part in self._records:
                insort(self._reported, (sighting.ended, sighting.reported), key=_when)
            if sighting.part not in known:
                continue
            for witness in self._eyes(sighting):
                self._give(witness, sighting)
            if not is_control:
                self._remember(sighting, known[sighting.part])

    def tracks(self, now: Instant | None, key: bytes | None) -> list[Track]:
        """One for each witness, with what it had seen by now; with all it saw if None."""
        if key != self._key:
            self._key = key
            self._judge_anew()
        long_before = self._order.opens - max(self._channel.quiet, LONG_BEFORE)
        first = {name: was for name, (at, was) in self._first.items() if at <= long_before}
        before = Before(self._stood_before, first)
        witnesses = [witness for _, witness in sorted(self._by_witness.items())]
        for witness in witnesses:
            witness.read(now, key, self._parts, before)
        good = {part for witness in witnesses for part in witness.good_parts}
        return [witness.track(good) for witness in witnesses if witness.has_looked]

    def _eyes(self, sighting: Sighting) -> list["_Witness"]:
        """Whose look it was. One that reached nobody was made over every protocol by which its
        witness reaches the channel, so it is a look of each, whichever is known first; it makes no
        witness of its own beside them, which would object for ever."""
        name = (sighting.witness, sighting.network)
        unreached = self._unreached.setdefault(name, [])
        reached = self._reached.setdefault(name, [])
        if not sighting.family:
            unreached.append(sighting)
            return [self._witness((*name, family)) for family in reached or [Family.NONE]]
        witness = self._witness((*name, sighting.family))
        # A control may be on a protocol that the channel has not.
        if sighting.channel != CONTROL and sighting.family not in reached:
            reached.append(sighting.family)
            self._by_witness.pop((*name, Family.NONE), None)
            for earlier in unreached:
                self._give(witness, earlier)
        return [witness]

    def _witness(self, who: Who) -> "_Witness":
        if who not in self._by_witness:
            self._by_witness[who] = _Witness(who, self._order, self._channel)
        return self._by_witness[who]

    def _give(self, witness: "_Witness", sighting: Sighting) -> None:
        if sighting.channel == CONTROL:
            witness.add_control(sighting, self._controls[sighting.part])
        else:
            witness.add(sighting)

    def clocks_off(self, now: Instant) -> list[str]:
        """The witnesses of whose looks some did not count for that."""
        return sorted(witness for witness, since in self._off.items() if since <= now)

    def reported(self, now: Instant) -> Reported | None:
        """What the platform's own record said last, by now."""
        by_now = bisect_right(self._reported, now, key=_when)
        return self._reported[by_now - 1][1] if by_now else None

    def _remember(self, sighting: Sighting, part: Part) -> None:
        """What stands there before T is not the release, or else the release is early."""
        if sighting.ended >= self._before:
            return
        found = content(sighting, part)
        if found and sighting.status == 200:
            stood = self._stood_before.setdefault(part.name, set())
            if found not in stood:
                stood.add(found)
                self._judge_anew()
        counts = classify(sighting, part, None).counts
        if counts in UNREAD or counts is Counts.WALLED:
            return
        answer = sighting.ended, found if counts in _SOMETHING else ""
        first = self._first.get(part.name)
        if first is None or answer < first:
            self._first[part.name] = answer
            if first is None or answer[1] != first[1]:
                self._judge_anew()

    def _judge_anew(self) -> None:
        for witness in self._by_witness.values():
            witness.forget()


def _when(one: tuple[Instant, Reported]) -> Instant:
    return one[0]


def _ended(sighting: Sighting) -> tuple[Instant, Instant, str]:
    return sighting.ended, sighting.started, sighting.part


class _Witness:
    def __init__(self, who: Who, order: WatchOrder, channel: Channel) -> None:
        self._who = who
        self._order = order
        self._channel = channel
        self._sightings: list[Sighting] = []
        self._looks: list[Look] = []
        self._unrelated, self._platform = _Controls(), _Controls()
        self._doubtful: list[int] = []
        self.good_parts: set[str] = set()
        self._before = order.opens - EARLY_MARGIN
        self._track = self._new_track()
        self._folded = 0
        self._voided: list[int] = []

    def add(self, sighting: Sighting) -> None:
        if self._sightings and _ended(sighting) < _ended(self._sightings[-1]):
            insort(self._sightings, sighting, key=_ended)
            self.forget()
        else:
            self._sightings.append(sighting)

    def add_control(self, sighting: Sighting, part: Part) -> None:
        (self._platform if part.sort is Sort.PLATFORM else self._unrelated).add(sighting)

    def forget(self) -> None:
        """What was read so far is not so any more."""
        if not self._looks:
            return
        self._looks.clear()
        self._doubtful.clear()
        self.good_parts.clear()
        self._fold_anew([])

    def read(
        self,
        now: Instant | None,
        key: bytes | None,
        parts: dict[str, Part],
        before: Before,
    ) -> None:
        """Every sighting that had ended by now, as looks."""
        if now and self._looks and self._looks[-1].ended > now:
            self.forget()  # An earlier moment is judged again.
        for sighting in self._sightings[len(self._looks) :]:
            if now and sighting.ended > now:
                break
            part = parts[sighting.part]
            is_before = sighting.ended < self._before
            stood = () if is_before else before.stood.get(part.name, ())
            first = before.first.get(part.name) if is_before else None
            look = Look(
                sighting.part,
                sighting.view,
                sighting.started,
                sighting.ended,
                classify(sighting, part, key, stood, first),
                sighting.headers,
            )
            counts = look.found.counts
            if counts in UNREAD or counts is Counts.WALLED:
                self._doubtful.append(len(self._looks))
            elif counts in GOOD and look.ended >= self._order.opens:
                self.good_parts.add(look.part)
            self._looks.append(look)

    @property
    def has_looked(self) -> bool:
        return bool(self._looks)

    def track(self, good: set[str]) -> Track:
        """With the looks that count. good: parts that somebody found there."""
        void = [place for place in self._doubtful if self._void(self._looks[place], good)]
        if [place for place in void if place < self._folded] != self._voided:
            self._fold_anew(void)
        passed_over = set(void)
        for place in range(self._folded, len(self._looks)):
            if place not in passed_over:
                self._track.add(self._looks[place])
        self._folded, self._voided = len(self._looks), void
        self._track.platform_down = self._platform.down(self._looks[-1].ended)
        return self._track

    def _fold_anew(self, voided: list[int]) -> None:
        self._track = self._new_track()
        self._folded, self._voided = 0, voided

    def _new_track(self) -> Track:
        witness, network, family = self._who
        opens, policy = self._order.opens, self._order.policy
        graces = (opens + policy.provisional_after, opens + policy.confirmed_after)
        return Track(witness, network, family, self._channel, opens, graces)

    def _void(self, look: Look, good: set[str]) -> bool:
        if look.found.counts in UNREAD:
            return self._unrelated.silent(look.ended)
        # A wall: against us alone if others get through, or if all of the platform shows it us.
        return look.part in good or self._platform.walled(look.ended)


class _Controls:
    """The addresses of one sort that should always answer, looked at by one witness."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def add(self, sighting: Sighting) -> None:
        found = classify(sighting, Part(sighting.part, ""), None)
        insort(self._seen.setdefault(sighting.part, []), (sighting.ended, found))

    def silent(self, at: Instant) -> bool:
        """No address answered, at the last look before or the first after."""
        return self._all(at, Counts.SILENT)

    def walled(self, at: Instant) -> bool:
        return self._all(at, Counts.WALLED)

    def down(self, at: Instant) -> bool:
        """No address answered the last two looks."""
        last_two = [_before_or_at(seen, at)[-2:] for seen in self._seen.values()]
        return bool(last_two) and all(
            len(two) == 2 and all(found.counts is Counts.SILENT for _, found in two)
            for two in last_two
        )

    def _all(self, at: Instant, counts: Counts) -> bool:
        """Any look near `at`, of each address, counts so."""
        near = [_near(seen, at) for seen in self._seen.values()]
        told = [each for each in near if each]
        return bool(told) and all(any(found.counts is counts for found in each) for each in told)


def _place(seen: Seen, at: Instant) -> int:
    return bisect_right(seen, at, key=lambda one: one[0])


def _before_or_at(seen: Seen, at: Instant) -> Seen:
    return seen[: _place(seen, at)]


def _near(seen: Seen, at: Instant) -> list[Finding]:
    """The last finding not after `at`, and the first after it."""
    place = _place(seen, at)
    return [
        found
        for ended, found in seen[max(0, place - 1) : place + 1]
        if abs(ended - at) <= CONTROL_HOLDS
    ]
