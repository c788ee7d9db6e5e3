"""sightings + watch order + instant -> verdict. Rules of `detection.md` section 3.6.

Pure and told the time: the same sightings give the same verdict for ever, which is what makes
stored evidence worth storing.

On time is said only while nobody who can see says otherwise; it may be taken back. Lateness needs
several witnesses who agree, and nobody who has seen it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from ninethirty.core.cause import Cause, cause, heals_soon
from ninethirty.core.finding import UNREAD, Counts
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant, Interval
from ninethirty.core.track import APART, Look, Track
from ninethirty.core.watch import PAGE_PART, Channel, Policy, Sort, WatchOrder
from ninethirty.core.witnessed import Witnessed

BLIND_AFTER = timedelta(seconds=30)
"""After the second grace: by then witnesses that can see have looked."""

SILENT_AFTER = timedelta(minutes=3)
"""Three times the longest pause between two looks of a witness that runs."""

HEALS_WITHIN = timedelta(seconds=60)
"""Lateness that is proven to heal so soon is not yet told to the public."""

HEAL_MARGIN = timedelta(seconds=5)
"""Caches count whole seconds, and hops take time."""


class Call(StrEnum):
    WAITING = "waiting"
    EARLY = "early"
    ON_TIME = "on_time"
    LATE_PROVISIONAL = "late_provisional"
    LATE = "late"
    PARTIAL = "partial"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    RECOVERED = "recovered"


_NOT_THERE = {Call.LATE_PROVISIONAL, Call.LATE, Call.PARTIAL, Call.WRONG}


@dataclass(frozen=True)
class Verdict:
    """What the witnesses together say of one channel.

    decided: when the look that settled it ended. heals: when the caches that hold the old answer
    should let it go, the first and the last of them. first_seen: whole for the first witness;
    seen_by_all: whole for the last. resolution: the pause between looks it rests on, of the
    slowest witness; more than the cadence if a budget was shared. compared: content was compared,
    not presence alone. single: one witness judged alone, so it may be the witness that is wrong.
    stood: files that were there before anybody looked, and are not what was sealed: the last
    edition, or a draft that was out; a person can say which. platform: what the platform's own
    record says; it decides nothing.
    """

    call: Call
    decided: Instant
    reasons: tuple[str, ...] = ()
    cause: Cause = Cause.NOT_KNOWN
    heals: Interval | None = None
    first_seen: Interval | None = None
    seen_by_all: Interval | None = None
    resolution: timedelta | None = None
    compared: bool = True
    single: bool = False
    stood: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        labels = ["single witness"] * self.single + ["content not compared"] * (not self.compared)
        return "; ".join([*self.reasons, *self.stood, *self.platform, *labels])


@dataclass(frozen=True)
class _Ruling:
    call: Call
    decided: Instant
    reasons: tuple[str, ...] = ()


class Judge:
    """The verdict on one channel, from all its sightings so far; add more as they come."""

    def __init__(self, order: WatchOrder, channel: Channel) -> None:
        self._order = order
        self._channel = channel
        self._witnessed = Witnessed(order, channel)

    def add(self, sightings: Iterable[Sighting]) -> None:
        """In any order. Those of other channels are passed over; those of controls are used."""
        self._witnessed.add(sightings)

    def verdict(self, now: Instant, key: bytes | None) -> Verdict:
        """By what had been seen by now. `key` opens the keyed hashes; None before it is out."""
        policy = self._order.policy
        saw = self._witnessed.tracks(now, key)
        ruling = _rule(self._order, saw, now)
        why, heals = cause(saw) if ruling.call in _NOT_THERE else (Cause.NOT_KNOWN, None)
        if ruling.call is Call.UNKNOWN:
            off = self._witnessed.clocks_off(now)
            clocks = tuple(f"the clock of {witness} is off" for witness in off)
            ruling = replace(ruling, reasons=(*ruling.reasons, *clocks))
        reported = self._witnessed.reported(now)
        sealed = (self._channel.page, *self._channel.files)
        return Verdict(
            ruling.call,
            ruling.decided,
            ruling.reasons,
            why,
            heals,
            first_seen=_first_seen(saw),
            seen_by_all=_seen_by_all(saw, policy),
            resolution=max((r for track in saw if (r := track.resolution())), default=None),
            compared=key is not None and all(part.keyed for part in sealed),
            single=policy.witnesses == 1,
            stood=_stood(saw),
            platform=reported.says(self._order.opens) if reported else (),
        )


def judge(
    order: WatchOrder,
    channel: Channel,
    sightings: Iterable[Sighting],
    now: Instant,
    key: bytes | None,
) -> Verdict:
    judge = Judge(order, channel)
    judge.add(sightings)
    return judge.verdict(now, key)


def whole_for(
    order: WatchOrder, channel: Channel, sightings: Iterable[Sighting], key: bytes
) -> Instant | None:
    """When enough witnesses had found every part of the channel right, in these sightings."""
    seen = Witnessed(order, channel)
    seen.add(sightings)
    whole = [(w.by, track) for track in seen.tracks(None, key) if (w := track.whole)]
    return _agreed(whole, order.policy.agree, order.policy.networks)


def _rule(order: WatchOrder, saw: Sequence[Track], now: Instant) -> _Ruling:
    policy = order.policy
    early = _early(saw)
    if early:
        return early
    released = min((track.released for track in saw if track.released), default=None)
    provisional_at, late_at = _late(order, saw, released)
    parted = _parted(order, saw, released)
    count = _count(saw)

    # Code of Practice, orderly release: on time is for everybody, and stays so.
    there_at = _there(order, saw, now)
    if there_at and not parted:
        return _Ruling(Call.ON_TIME, there_at, (count,))
    recovered_at = _recovered(saw, policy)
    if recovered_at and (parted is None or parted.over):
        why = "everything right for every witness, three rounds running"
        return _Ruling(Call.RECOVERED, recovered_at, (why,))
    if late_at:
        if saw and all(_last_read(track) is Counts.DIFFERENT for track in saw):
            why = "a page is there, but it is not what was sealed"
            return _Ruling(Call.WRONG, late_at, (why, *_lacking(saw)))
        return _Ruling(Call.LATE, late_at, (count, *_lacking(saw)))
    if parted:
        return _Ruling(parted.call, parted.at, parted.reasons)
    if provisional_at:
        return _Ruling(Call.LATE_PROVISIONAL, provisional_at, (count, *_lacking(saw)))
    return _undecided(order, saw, now, count)


def _early(saw: Sequence[Track]) -> _Ruling | None:
    """One look is enough if it found what was sealed: a hash match cannot be noise. Presence
    alone must be found twice."""
    seen: set[str] = set()
    for early in sorted((e for track in saw for e in track.early), key=lambda e: e.look.ended):
        look = early.look
        if early.sealed or look.part in seen:
            why = f"{look.part} was there before T: {_says(look)}"
            return _Ruling(Call.EARLY, look.ended, (why,))
        seen.add(look.part)
    return None


def _late(
    order: WatchOrder, saw: Sequence[Track], released: Instant | None
) -> tuple[Instant | None, Instant | None]:
    """Since when it is provisionally late, and late. Neither if anybody had seen it before."""
    policy = order.policy

    def agreed(missed: Iterable[tuple[Instant | None, Track]]) -> Instant | None:
        at = _agreed(((m, t) for m, t in missed if m), policy.witnesses, policy.networks)
        return None if at and released and released <= at else at

    provisional_at, late_at = (
        agreed((track.missed_twice[grace], track) for track in saw) for grace in (0, 1)
    )
    if provisional_at:
        # The platform as a whole is down: there is nothing to wait for.
        down = [(provisional_at, track) for track in saw if track.platform_down]
        if _agreed(down, policy.witnesses, policy.networks):
            return provisional_at, provisional_at
    if late_at and (heals := heals_soon(saw, late_at, HEALS_WITHIN)):
        late_at = agreed((track.missed_since(heals + HEAL_MARGIN), track) for track in saw)
    return provisional_at, late_at


@dataclass(frozen=True)
class _Parted:
    """It was out, and stood missing or wrong for some. over: not for enough witnesses now."""

    call: Call
    at: Instant
    reasons: tuple[str, ...]
    over: bool


def _parted(order: WatchOrder, saw: Sequence[Track], released: Instant | None) -> _Parted | None:
    """Something stood missing or wrong for enough witnesses at one time, with the page out for
    somebody long enough that caches and hops do not explain it."""
    if released is None:
        return None
    explained = released + APART
    turns: list[tuple[Instant, int, str]] = []
    for track in saw:
        for since, until in track.stood:
            if until and until <= explained:
                continue
            turns.append((max(since, explained), 1, track.witness))
            if until:
                turns.append((until, -1, track.witness))
    at: Instant | None = None
    standing: list[str] = []
    for moment, step, witness in sorted(turns):
        if step > 0:
            standing.append(witness)
        else:
            standing.remove(witness)
        if len(set(standing)) >= order.policy.agree and at is None:
            at = moment
    newest = max((n for track in saw if (n := track.newest)), default=None)
    if at is None or newest is None or newest < at:
        return None
    over = len(set(standing)) < order.policy.agree
    now_wrong = [look for track in saw if track.standing for look in track.lacking()]
    call = Call.WRONG if any(track.stood_wrong for track in saw) else Call.PARTIAL
    gone = not any(track.all_good for track in saw) and any(track.whole for track in saw)
    if not now_wrong:
        return _Parted(call, at, ("right again, not yet three rounds running",), over)
    reasons = _lacking([track for track in saw if track.standing])
    if gone:
        reasons = ("it was there, and is not any more", *reasons)
    return _Parted(call, at, reasons, over)


def _there(order: WatchOrder, saw: Sequence[Track], now: Instant) -> Instant | None:
    """When it was whole, in time, for enough witnesses, and for all who can tell."""
    policy, grace = order.policy, order.opens + order.policy.provisional_after
    if any(_objects(order, track, now) for track in saw):
        return None
    whole = [(track.whole.by, track) for track in saw if track.whole]
    punctual = [
        (by, track)
        for by, track in whole
        if track.released and track.released <= grace and not track.unpunctual
    ]
    if _agreed(punctual, policy.agree, policy.networks) is None:
        return None
    return max(by for by, _ in whole)


def _objects(order: WatchOrder, track: Track, now: Instant) -> bool:
    """Whether this witness keeps us from saying that it is there."""
    if track.whole:
        return bool(track.gone)
    if not track.last or not track.page:
        # At work before T: its looks after T are on their way.
        return track.looked_before and now < order.opens + order.policy.provisional_after
    # With controls we know that it is not the witness that is offline.
    return track.answered or any(part.sort is Sort.UNRELATED for part in order.controls)


def _recovered(saw: Sequence[Track], policy: Policy) -> Instant | None:
    """When everything was right, three rounds running and past the caches too, for every witness
    that can see.

    Silence is reckoned to the newest look, not to now: the same evidence, judged a year later,
    still says the same.
    """
    newest = max((n for track in saw if (n := track.newest)), default=None)
    if newest is None:
        return None
    recovered = [(_recovered_for(track), track) for track in saw]
    if any(at is None and _able(track, newest) for at, track in recovered):
        return None
    good = [(at, track) for at, track in recovered if at]
    if _agreed(good, policy.witnesses, policy.networks) is None:
        return None
    return max(at for at, _ in good)


def _recovered_for(track: Track) -> Instant | None:
    past = track.past_caches
    if past and past[-1].found.counts not in (Counts.RIGHT, Counts.PRESENT):
        return None
    return None if track.standing else track.recovered


def _undecided(order: WatchOrder, saw: Sequence[Track], now: Instant, count: str) -> _Ruling:
    policy = order.policy
    if now < order.opens + policy.confirmed_after + BLIND_AFTER:
        return _Ruling(Call.WAITING, now)
    able = [track for track in saw if track.page and _able(track, now)]
    witnesses = len({track.witness for track in able})
    if witnesses < policy.witnesses or len({t.network for t in able}) < policy.networks:
        return _Ruling(Call.UNKNOWN, now, (f"{witnesses} of {policy.witnesses} witnesses can see",))
    lacking = _lacking(saw)
    if lacking:
        # Never wait for ever: a person must look at what the witnesses cannot agree on.
        return _Ruling(Call.UNKNOWN, now, (f"the witnesses disagree: {count}", *lacking))
    return _Ruling(Call.WAITING, now, (f"{count}; not yet three rounds running",))


def _able(track: Track, now: Instant) -> bool:
    """A witness that has fallen silent cannot see, and keeps nobody from saying what they see."""
    return track.newest is not None and track.newest >= now - SILENT_AFTER


def _agreed(
    reached: Iterable[tuple[Instant, Track]], witnesses: int, networks: int
) -> Instant | None:
    """When that many witnesses in that many networks had reached it."""
    seen: set[str] = set()
    seen_networks: set[str] = set()
    for at, track in sorted(reached, key=lambda r: r[0]):
        seen.add(track.witness)
        seen_networks.add(track.network)
        if len(seen) >= witnesses and len(seen_networks) >= networks:
            return at
    return None


def _last_read(track: Track) -> Counts | None:
    """What the last look at the page found that had an answer to read."""
    found = (look.found.counts for look in reversed(track.page))
    return next((counts for counts in found if counts not in UNREAD), None)


def _count(saw: Sequence[Track]) -> str:
    whole = {track.witness for track in saw if track.whole}
    return f"whole for {len(whole)} of {len({track.witness for track in saw})} witnesses"


def _lacking(saw: Sequence[Track]) -> tuple[str, ...]:
    """What is not right now, and where, in words: one for each part and class."""
    where: dict[tuple[str, str], set[str]] = {}
    for track in saw:
        for look in track.lacking():
            where.setdefault((look.part, _says(look)), set()).add(track.where)
    return tuple(
        f"{part} on {', '.join(sorted(networks))}: {says}"
        for (part, says), networks in sorted(where.items(), key=_page_first)
    )


def _stood(saw: Sequence[Track]) -> tuple[str, ...]:
    stood = {part: look for track in saw for part, look in track.stood_first.items()}
    return tuple(f"{part} before T: {_says(look)}" for part, look in sorted(stood.items()))


def _page_first(one: tuple[tuple[str, str], set[str]]) -> tuple[bool, tuple[str, str]]:
    return one[0][0] != PAGE_PART, one[0]


def _says(look: Look) -> str:
    return f"{look.found} ({look.found.says})"


def _first_seen(saw: Sequence[Track]) -> Interval | None:
    """The release became whole somewhere after the earliest of the last misses, and not later
    than the earliest hit."""
    whole = [track.whole for track in saw if track.whole]
    if not whole:
        return None
    after = [w.after for w in whole if w.after]
    first = min(w.by for w in whole)
    return Interval(min(after) if after and min(after) < first else None, first)


def _seen_by_all(saw: Sequence[Track], policy: Policy) -> Interval | None:
    whole = [track.whole for track in saw if track.whole]
    if len(saw) < policy.witnesses or len(whole) < len(saw):
        return None
    return max(whole, key=lambda w: w.by)
