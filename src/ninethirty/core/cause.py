"""Why it is not there, as far as the last looks tell, and when the caches should let go."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum

from ninethirty.core.caching import heals_at, kept
from ninethirty.core.finding import GOOD, SAYS_OTHERWISE, UNREAD, Counts, Finding
from ninethirty.core.times import Instant, Interval
from ninethirty.core.track import Look, Track
from ninethirty.core.watch import PAGE_PART


class Cause(StrEnum):
    NOT_KNOWN = "not_known"
    CACHED = "cached"
    """A request that passes the caches is answered right; the user's view is not."""
    NOT_PUBLISHED = "not_published"
    INCOMPLETE = "incomplete"
    """The page is there; a file of it or a listing is not."""
    CONTENT = "content"
    """Something stands there that nobody sealed."""
    MIRROR = "mirror"
    """The origin fails, and a copy of an earlier day answers for it."""
    ACCESS = "access"
    """It asks to sign in, or leads elsewhere."""
    WALLED = "walled"
    """The platform keeps robots out, or us."""
    DNS = "dns"
    TLS = "tls"
    OUTAGE = "outage"
    PLATFORM_OUTAGE = "platform_outage"
    """Other pages of the platform do not answer either."""
    REGIONAL = "regional"
    """It is there for others; some networks, or one internet protocol, do not get it."""


ORIGIN_FAILS = 3
"""Looks past the caches in a row without an answer."""


def cause(saw: Sequence[Track]) -> tuple[Cause, Interval | None]:
    """The cause, and between which two instants the caches should ask again, the first and the
    last of them."""
    missing = [(track, look) for track in saw for look in track.lacking()]
    pages = [(track, look) for track, look in missing if look.part == PAGE_PART]
    missing = pages or missing
    answered = [one for one in missing if one[1].found.counts not in UNREAD]
    if not missing:
        return Cause.NOT_KNOWN, None
    if not answered:
        return _silence(missing, saw), None
    found = [look.found for _, look in answered]
    for named, is_so in _BY_FINDING:
        if all(is_so(one) for one in found):
            return named, None
    if pages:
        return _behind_caches(answered, saw)
    looks = [look for _, look in answered]
    if all(look.found.counts is Counts.OLD and kept(look.headers, look.ended) for look in looks):
        return Cause.CACHED, healing(looks)
    return Cause.INCOMPLETE, None


def healing(looks: Sequence[Look]) -> Interval | None:
    known = [at for look in looks if (at := heals_at(look.headers, look.ended))]
    return Interval(min(known), max(known)) if known else None


def heals_soon(saw: Sequence[Track], at: Instant, within: timedelta) -> Instant | None:
    """When all of them (one or more) are proven to see it right, if that is not further off than
    `within`: past the caches it was right for each by `at`, and each cache had said when it lets
    go."""
    ends: list[Instant] = []
    for track in saw:
        page, past = _by(track.page, at), _by(track.past_caches, at)
        heals = heals_at(page.headers, page.ended) if page else None
        if heals is None or past is None or past.found.counts not in GOOD:
            return None
        ends.append(heals)
    last = max(ends)
    return last if at < last <= at + within else None


def _by(looks: Sequence[Look], at: Instant) -> Look | None:
    return next((look for look in reversed(looks) if look.ended <= at), None)


_BY_FINDING: tuple[tuple[Cause, Callable[[Finding], bool]], ...] = (
    (Cause.MIRROR, lambda found: found is Finding.MIRROR),
    (Cause.WALLED, lambda found: found.counts is Counts.WALLED),
    (Cause.CONTENT, lambda found: found.counts is Counts.DIFFERENT),
    (
        Cause.ACCESS,
        lambda found: found in (Finding.SIGN_IN, Finding.REDIRECTS, Finding.PRIVATE_ADDRESS),
    ),
)


def _silence(missing: Sequence[tuple[Track, Look]], saw: Sequence[Track]) -> Cause:
    if all(track.platform_down for track, _ in missing):
        return Cause.PLATFORM_OUTAGE
    found = [look.found for _, look in missing]
    if any(track.all_good for track in saw):
        return Cause.REGIONAL
    for named, start in ((Cause.DNS, "dns"), (Cause.TLS, "tls")):
        if all(one.startswith(start) for one in found):
            return named
    return Cause.OUTAGE


def _behind_caches(
    missing: Sequence[tuple[Track, Look]], saw: Sequence[Track]
) -> tuple[Cause, Interval | None]:
    own = [track.past_caches[-1].found.counts for track, _ in missing if track.past_caches]
    looks = [look for _, look in missing]
    if all(track.past_caches_unread >= ORIGIN_FAILS for track, _ in missing):
        # The caches go on with what they have: nothing answers behind them.
        return Cause.OUTAGE, healing(looks)
    if own and all(counts in GOOD for counts in own):
        return Cause.CACHED, healing(looks)
    released = min((track.released for track in saw if track.released), default=None)
    if released:
        # It is out, so who still gets an answer made before that gets it from a cache.
        since = [stored.since for k in looks if (stored := kept(k.headers, k.ended))]
        if since and all(at is None or at < released for at in since):
            return Cause.CACHED, healing(looks)
    if any(track.all_good for track in saw):
        return Cause.REGIONAL, None
    if any(counts in SAYS_OTHERWISE for counts in own):
        return Cause.NOT_PUBLISHED, None
    return Cause.NOT_KNOWN, None
