"""How one document stands at an instant: to open, open, held, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ninethirty.core.schedule import Gone, Opening
from ninethirty.core.times import Instant
from ninethirty.desk.shelving.book import Entry
from ninethirty.desk.shelving.note import What
from ninethirty.desk.shelving.words import UTC_ZONE


class Stands(StrEnum):
    TO_OPEN = "to open"
    OPEN = "open"
    HELD = "held"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Standing:
    path: str
    stands: Stands
    opens: Instant
    """T of what was last done here; for one withdrawn, when it was withdrawn."""
    zone: str
    public: Instant | None
    """Since when a release, or its withdrawal, has been public; None: at most a page before T."""


def standing(entry: Entry, now: Instant) -> Standing:
    note = entry.note
    if note is None:
        return _unnoted(entry, now)
    match note.what:
        case What.HELD:
            return Standing(entry.path, Stands.HELD, note.opens, note.zone, note.public)
        case What.WITHDRAWN:
            return Standing(entry.path, Stands.WITHDRAWN, note.at, note.zone, note.at)
        case What.SEALED if note.opens > now:
            return Standing(entry.path, Stands.TO_OPEN, note.opens, note.zone, note.public)
        case _:
            return Standing(entry.path, Stands.OPEN, note.opens, note.zone, note.opens)


def in_force(openings: Iterable[Opening], now: Instant) -> dict[str, Opening]:
    """What each path answers now, and since when; paths that answer nothing are left out."""
    latest: dict[str, Opening] = {}
    for opening in sorted(openings, key=lambda opening: opening.opens):
        if opening.opens <= now:
            latest[opening.path] = opening
    return {path: opening for path, opening in latest.items() if opening.answer is not None}


def to_come(openings: Iterable[Opening], now: Instant) -> list[Opening]:
    return [opening for opening in openings if opening.opens > now]


def _unnoted(entry: Entry, now: Instant) -> Standing:
    """Of a document that a desk made, or whose note was lost: whatever it shows is public."""
    shown = in_force(entry.openings, now)
    public = min((opening.opens for opening in shown.values()), default=None)
    waiting = [opening.opens for opening in to_come(entry.openings, now)]
    if waiting:
        return Standing(entry.path, Stands.TO_OPEN, min(waiting), UTC_ZONE, public)
    if public is None:
        closed = max((opening.opens for opening in entry.openings), default=now)
        return Standing(entry.path, Stands.HELD, closed, UTC_ZONE, None)
    page = shown.get(entry.path)
    gone = page is not None and isinstance(page.answer, Gone)
    return Standing(entry.path, Stands.WITHDRAWN if gone else Stands.OPEN, public, UTC_ZONE, public)
