"""What each witness sees now, part by part, as it is asked for by users and past the caches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ninethirty.core.cause import Cause, cause
from ninethirty.core.finding import GOOD
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant, Interval
from ninethirty.core.track import Look, Track
from ninethirty.core.verdict import SILENT_AFTER
from ninethirty.core.watch import Channel, WatchOrder
from ninethirty.core.witnessed import Witnessed


@dataclass(frozen=True)
class Cell:
    """good: None where nobody has looked, or not lately."""

    says: str
    good: bool | None = None
    at: Instant | None = None


@dataclass(frozen=True)
class Row:
    witness: str
    where: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """Of one channel. columns: parts, and the page past the caches. heals: when the caches should
    let go, the first and the last of them."""

    channel: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cause: Cause = Cause.NOT_KNOWN
    heals: Interval | None = None
    missing: bool = False
    """Something is not right for somebody."""


PAST_CACHES = "page, past the caches"


def grid(
    order: WatchOrder, channel: Channel, sightings: Iterable[Sighting], key: bytes, now: Instant
) -> Grid:
    """sightings: the newest of each witness, and what stood there before T."""
    seen = Witnessed(order, channel)
    seen.add(sightings)
    tracks = seen.tracks(now, key if now >= order.opens else None)
    parts = [part.name for part in channel.parts]
    missing = any(track.lacking() for track in tracks)
    why, heals = cause(tracks) if missing else (Cause.NOT_KNOWN, None)
    columns = (*parts, PAST_CACHES) if channel.cache_busting else tuple(parts)
    rows = tuple(Row(one.witness, one.where, _cells(one, parts, channel, now)) for one in tracks)
    return Grid(channel.name, columns, rows, why, heals, missing)


def _cells(track: Track, parts: Sequence[str], channel: Channel, now: Instant) -> tuple[Cell, ...]:
    looks = [track.last.get(part) for part in parts]
    if channel.cache_busting:
        looks.append(track.past_caches[-1] if track.past_caches else None)
    return tuple(_cell(look, now) for look in looks)


def _cell(look: Look | None, now: Instant) -> Cell:
    if look is None:
        return Cell("not looked at")
    if look.ended < now - SILENT_AFTER:
        return Cell("no look for three minutes", None, look.ended)
    return Cell(look.found.says, look.found.counts in GOOD, look.ended)
