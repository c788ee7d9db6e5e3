"""sightings + watch order + instant -> verdict. Rules of `detection.md` section 3.6.

Pure and told the time: the same sightings give the same verdict for ever, which is what makes
stored evidence worth storing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ninethirty.core.caching import heals_at
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant, Interval
from ninethirty.core.track import Look, Seen, Track, tracks
from ninethirty.core.watch import PAGE_PART, Channel, Policy, WatchOrder

EARLY_MARGIN = timedelta(seconds=1)
"""A sighting that ended less than this before T could be our own clock."""

CLOCK_LIMIT_MS = 250
"""A witness whose clock is further off abstains."""

BLIND_AFTER = timedelta(seconds=30)
"""After the second grace: by then witnesses that can see have looked."""

SILENT_AFTER = timedelta(minutes=3)
"""Three times the longest pause between two looks of a witness that runs."""


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


class Cause(StrEnum):
    NOT_KNOWN = "not_known"
    CACHED = "cached"
    """A request that passes the caches is answered right; the user's view is not."""
    NOT_PUBLISHED = "not_published"
    OUTAGE = "outage"


@dataclass(frozen=True)
class Verdict:
    """What the witnesses together say of one channel.

    decided: when the look that settled it ended. heals: when the caches that hold the old answer
    should let it go, the first and the last of them. first_seen: whole for the first witness;
    seen_by_all: whole for the last.
    """

    call: Call
    decided: Instant
    reason: str = ""
    cause: Cause = Cause.NOT_KNOWN
    heals: Interval | None = None
    first_seen: Interval | None = None
    seen_by_all: Interval | None = None


def judge(
    order: WatchOrder, channel: Channel, sightings: Iterable[Sighting], now: Instant, key: bytes
) -> Verdict:
    """The verdict on one channel, from all its sightings so far. `key` opens the keyed hashes."""
    seen_by_now = (sighting for sighting in sightings if sighting.ended <= now)
    saw = tracks(channel, _usable(order, seen_by_now), key)
    call, decided, reason = _call(order, saw, now)
    cause, heals = _cause(saw) if call in _NOT_THERE else (Cause.NOT_KNOWN, None)
    return Verdict(
        call,
        decided,
        reason,
        cause,
        heals,
        first_seen=_first_seen(saw),
        seen_by_all=_seen_by_all(saw, order.policy),
    )


_NOT_THERE = {Call.LATE_PROVISIONAL, Call.LATE, Call.PARTIAL, Call.WRONG}


def _call(order: WatchOrder, saw: Sequence[Track], now: Instant) -> tuple[Call, Instant, str]:
    opens, policy = order.opens, order.policy
    early = _early(opens, saw)
    if early:
        return Call.EARLY, early.ended, f"{early.part} was {early.found} before T"

    whole = [(w.by, track) for track in saw if (w := track.whole())]
    count = f"whole for {len(whole)} of {len(saw)} witnesses"
    there_at = _agreed(whole, policy.agree, policy.networks)
    if there_at and there_at <= opens + policy.provisional_after:
        return Call.ON_TIME, there_at, count
    recovered_at = _recovered(saw, policy)
    if recovered_at:
        return (
            Call.RECOVERED,
            recovered_at,
            "everything right for every witness, three rounds running",
        )

    released = _released(saw)
    late_at = _missed(saw, opens + policy.confirmed_after, released, policy)
    if late_at:
        if all(_last_found(track) is Seen.DIFFERENT for track in saw):
            return Call.WRONG, late_at, "a page is there, but it is not what was sealed"
        return Call.LATE, late_at, count

    # Code of Practice, orderly release: there for some, and for others not.
    since = max(opens + policy.provisional_after, released) if released else None
    if since:
        stood = [(looks[0].ended, track) for track in saw if (looks := track.stood(since))]
        parted_at = _agreed(stood, policy.agree, 1)
        if parted_at:
            return _parted(saw, since, parted_at)

    provisional_at = _missed(saw, opens + policy.provisional_after, released, policy)
    if provisional_at:
        return Call.LATE_PROVISIONAL, provisional_at, count
    if now < opens + policy.confirmed_after + BLIND_AFTER:
        return Call.WAITING, now, ""
    able = [track for track in saw if any(k.started >= opens for k in track.page())]
    able = [track for track in able if _able(track, now)]
    if len(able) < policy.witnesses or len({t.network for t in able}) < policy.networks:
        return Call.UNKNOWN, now, f"{len(able)} of {policy.witnesses} witnesses can see"
    if there_at is None or any(track.lacking(since) for track in saw if since):
        # Never wait for ever: a person must look at what the witnesses cannot agree on.
        return Call.UNKNOWN, now, f"the witnesses disagree: {count}"
    return Call.WAITING, now, f"{count}; not yet three rounds running"


def _able(track: Track, now: Instant) -> bool:
    """A witness that has fallen silent cannot see, and keeps nobody from saying what they see."""
    return track.looks[-1].ended >= now - SILENT_AFTER


def _recovered(saw: Sequence[Track], policy: Policy) -> Instant | None:
    """When everything was right, three rounds running, for every witness that can see.

    Silence is reckoned to the newest look, not to now: the same evidence, judged a year later,
    still says the same.
    """
    recovered = [(track.recovered(), track) for track in saw]
    newest = max((track.looks[-1].ended for track in saw), default=None)
    if newest is None or any(at is None and _able(track, newest) for at, track in recovered):
        return None
    good = [(at, track) for at, track in recovered if at]
    if _agreed(good, policy.witnesses, policy.networks) is None:
        return None
    return max(at for at, _ in good)


def _released(saw: Sequence[Track]) -> Instant | None:
    """When the page was first seen right by anybody."""
    return min(
        (look.ended for track in saw for look in track.page() if look.found is Seen.RIGHT),
        default=None,
    )


def _parted(saw: Sequence[Track], since: Instant, at: Instant) -> tuple[Call, Instant, str]:
    """Partial, or wrong if something that was not sealed stood anywhere."""
    stood = [look for track in saw for look in track.stood(since)]
    call = Call.WRONG if any(look.found is Seen.DIFFERENT for look in stood) else Call.PARTIAL
    lacking = [(track.network, look.part) for track in saw for look in track.lacking(since)]
    if not lacking:
        return call, at, "right again, not yet three rounds running"
    where = ", ".join(sorted({network for network, _ in lacking}))
    what = ", ".join(sorted({part for _, part in lacking}))
    return call, at, f"not right on {where}: {what}"


def _early(opens: Instant, saw: Sequence[Track]) -> Look | None:
    """One witness is enough: content that matches its hash cannot be noise. Before T anything
    at a file's address counts; a page only if it is the release."""
    for track in saw:
        for look in track.looks:
            if look.ended < opens - EARLY_MARGIN and (
                look.found is Seen.RIGHT
                or (look.found is Seen.DIFFERENT and look.part != PAGE_PART)
            ):
                return look
    return None


def _missed(
    saw: Sequence[Track], since: Instant, released: Instant | None, policy: Policy
) -> Instant | None:
    """When enough witnesses in enough networks had missed the page twice running since then.

    None if anybody had seen it before: then it is not simply late.
    """
    missed = [(at, track) for track in saw if (at := track.missed_twice(since))]
    at = _agreed(missed, policy.witnesses, policy.networks)
    return None if at and released and released <= at else at


def _agreed(
    reached: Iterable[tuple[Instant, Track]], witnesses: int, networks: int
) -> Instant | None:
    """When that many witnesses in that many networks had reached it."""
    seen_networks: set[str] = set()
    for count, (at, track) in enumerate(sorted(reached, key=lambda r: r[0]), start=1):
        seen_networks.add(track.network)
        if count >= witnesses and len(seen_networks) >= networks:
            return at
    return None


def _last_found(track: Track) -> Seen | None:
    page = track.page()
    return page[-1].found if page else None


def _cause(saw: Sequence[Track]) -> tuple[Cause, Interval | None]:
    """Why, as far as the last looks tell, and when the caches should let go."""
    missing = [
        page[-1] for track in saw if (page := track.page()) and page[-1].found is not Seen.RIGHT
    ]
    if not missing:
        return Cause.NOT_KNOWN, None
    if all(look.found is Seen.FAILED for look in missing):
        return Cause.OUTAGE, None
    past_caches = {busted[-1].found for track in saw if (busted := track.busted())}
    past_caches.discard(Seen.FAILED)  # No answer says nothing of what is behind the caches.
    if not past_caches:
        return Cause.NOT_KNOWN, None
    if past_caches != {Seen.RIGHT}:
        return Cause.NOT_PUBLISHED, None
    kept = [at for look in missing if (at := heals_at(look.headers))]
    return Cause.CACHED, Interval(min(kept), max(kept)) if kept else None


def _first_seen(saw: Sequence[Track]) -> Interval | None:
    """The release became whole somewhere after the earliest of the last misses, and not later
    than the earliest hit."""
    whole = [w for track in saw if (w := track.whole())]
    if not whole:
        return None
    after = [w.after for w in whole if w.after]
    first = min(w.by for w in whole)
    return Interval(min(after) if after and min(after) < first else None, first)


def _seen_by_all(saw: Sequence[Track], policy: Policy) -> Interval | None:
    whole = [track.whole() for track in saw]
    if len(saw) < policy.witnesses or not all(whole):
        return None
    last = max((w for w in whole if w), key=lambda w: w.by)
    return last


def whole_for(
    order: WatchOrder, channel: Channel, sightings: Iterable[Sighting], key: bytes
) -> Instant | None:
    """When enough witnesses had found every part of the channel right, in these sightings."""
    saw = tracks(channel, _usable(order, sightings), key)
    whole = [(w.by, track) for track in saw if (w := track.whole())]
    return _agreed(whole, order.policy.agree, order.policy.networks)


def _usable(order: WatchOrder, sightings: Iterable[Sighting]) -> list[Sighting]:
    """Those of this release, by witnesses whose clock can be trusted."""
    return [
        sighting
        for sighting in sightings
        if sighting.release == order.release and abs(sighting.clock_offset_ms) <= CLOCK_LIMIT_MS
    ]
