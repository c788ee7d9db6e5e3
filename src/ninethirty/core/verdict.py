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
    used = [
        sighting
        for sighting in sightings
        if sighting.ended <= now and abs(sighting.clock_offset_ms) <= CLOCK_LIMIT_MS
    ]
    saw = tracks(channel, used, key)
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

    whole = [(track.whole(), track) for track in saw]
    there_at = _agreed([(w.by, t) for w, t in whole if w], policy.agree, policy.networks)
    if there_at and there_at <= opens + policy.provisional_after:
        return Call.ON_TIME, there_at, f"whole for {_count(w for w, _ in whole)}"
    if now < opens + policy.provisional_after:
        return Call.WAITING, now, ""

    late_at = _missed(saw, opens + policy.confirmed_after, policy)
    if late_at:
        recovered = [track.recovered() for track in saw]
        if len(saw) >= policy.witnesses and all(recovered):
            at = max(at for at in recovered if at)
            return Call.RECOVERED, at, "everything right for every witness, three rounds running"
        if all(_last_found(track) is Seen.DIFFERENT for track in saw):
            return Call.WRONG, late_at, "a page is there, but it is not what was sealed"
        return Call.LATE, late_at, f"whole for {_count(w for w, _ in whole)}"

    lacking = [(track, track.lacking(opens + policy.provisional_after)) for track in saw]
    lacking = [(track, looks) for track, looks in lacking if looks]
    in_part = len(lacking) >= policy.agree and any(w for w, _ in whole)
    if in_part or _page_only(lacking, policy):
        looks = [look for _, looks in lacking for look in looks]
        what = ", ".join(sorted({look.part for look in looks}))
        where = ", ".join(sorted({track.network for track, _ in lacking}))
        wrong = any(look.found is Seen.DIFFERENT for look in looks)
        return (
            Call.WRONG if wrong else Call.PARTIAL,
            max(look.ended for look in looks),
            f"not right on {where}: {what}",
        )
    if there_at:
        return Call.RECOVERED, there_at, "there before lateness was confirmed"
    provisional_at = _missed(saw, opens + policy.provisional_after, policy)
    if provisional_at:
        return Call.LATE_PROVISIONAL, provisional_at, f"whole for {_count(w for w, _ in whole)}"
    if now >= opens + policy.confirmed_after + BLIND_AFTER:
        able = [track for track in saw if any(look.started >= opens for look in track.page())]
        if len(able) < policy.witnesses or len({t.network for t in able}) < policy.networks:
            return Call.UNKNOWN, now, f"{len(able)} of {policy.witnesses} witnesses can see"
    return Call.WAITING, now, ""


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


def _missed(saw: Sequence[Track], since: Instant, policy: Policy) -> Instant | None:
    """When enough witnesses in enough networks had missed the page twice running since then.

    None if any of them had the whole release before: then it is not simply late.
    """
    missed = [(at, track) for track in saw if (at := track.missed_twice(since))]
    at = _agreed(missed, policy.witnesses, policy.networks)
    if at is None or any((w := track.whole()) and w.by <= at for track in saw):
        return None
    return at


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


def _page_only(lacking: Sequence[tuple[Track, list[Look]]], policy: Policy) -> bool:
    """The page is right for enough witnesses, and its files are not."""
    with_page = [t for t, looks in lacking if all(look.part != PAGE_PART for look in looks)]
    return len([t for t in with_page if _last_found(t) is Seen.RIGHT]) >= policy.agree


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
    past_caches = [busted[-1].found for track in saw if (busted := track.busted())]
    if not past_caches:
        return Cause.NOT_KNOWN, None
    if any(found is not Seen.RIGHT for found in past_caches):
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


def _count(whole: Iterable[Interval | None]) -> str:
    found = list(whole)
    return f"{sum(1 for w in found if w)} of {len(found)} witnesses"
