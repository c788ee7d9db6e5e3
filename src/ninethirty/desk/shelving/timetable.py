"""What is scheduled, for a person or a program."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core import manifest
from ninethirty.core.document import Json
from ninethirty.core.schedule import Content, Gone, Opening
from ninethirty.core.times import Instant
from ninethirty.desk.shelving.book import Book, Entry
from ninethirty.desk.shelving.standing import Standing, Stands, in_force, standing, to_come
from ninethirty.desk.shelving.words import page_and, span, told_in, utc

HEAD = ("PATH", "OPENS", "UTC", "WHAT", "STATE")
_ORDER = list(Stands)


@dataclass(frozen=True)
class Row:
    entry: Entry
    standing: Standing
    answers: tuple[Opening, ...]
    """What is to open; if nothing is, what is public."""


def rows(book: Book, now: Instant) -> list[Row]:
    """What is to open first comes first; then what was held, and what is public, latest first."""
    found = [_row(entry, now) for entry in book.entries()]
    return sorted(found, key=_place)


def table(found: Iterable[Row], now: Instant) -> list[str]:
    """Columns that fit what is in them: a path is never cut."""
    cells = [HEAD, *(_cells(row, now) for row in found)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def document(row: Row) -> Json:
    """For programs."""
    note = row.entry.note
    stood = row.standing
    return {
        "path": row.entry.path,
        "state": stood.stands.value,
        "opens": stood.opens.text(),
        "local": told_in(stood.opens, stood.zone),
        "public_since": stood.public.text() if stood.public else None,
        "files": [
            {
                "path": opening.path,
                "opens": opening.opens.text(),
                "digest": opening.answer.digest,
                "size_bytes": opening.answer.size_bytes,
                "media_type": opening.answer.media_type,
            }
            for opening in row.answers
            if isinstance(opening.answer, Content)
        ],
        "digest": note.seal if note else "",
        "reason": note.reason if note else "",
        "document": row.entry.name,
    }


def _row(entry: Entry, now: Instant) -> Row:
    shown, waiting = in_force(entry.openings, now), to_come(entry.openings, now)
    if waiting:
        # From then on: what changes, and what stays as it is.
        shown |= {opening.path: opening for opening in waiting}
    answers = [opening for opening in shown.values() if opening.answer is not None]
    return Row(
        entry, standing(entry, now), tuple(sorted(answers, key=lambda opening: opening.path))
    )


def _place(row: Row) -> tuple[int, timedelta, str]:
    stood = row.standing
    epoch = stood.opens - Instant.parse("1970-01-01T00:00:00Z")
    first = epoch if stood.stands is Stands.TO_OPEN else -epoch
    return _ORDER.index(stood.stands), first, row.entry.path


def _cells(row: Row, now: Instant) -> tuple[str, str, str, str, str]:
    stood = row.standing
    gone = {o.answer.reason for o in row.answers if isinstance(o.answer, Gone)}
    told = [o for o in row.answers if o.path != manifest.address(row.entry.path)]
    what = page_and(len(told) - 1) if told else "-"
    return (
        row.entry.path,
        told_in(stood.opens, stood.zone),
        utc(stood.opens).removesuffix(" UTC"),
        f"{what}: {' '.join(min(gone).split())}" if gone else what,
        _state(stood, now),
    )


def _state(stood: Standing, now: Instant) -> str:
    since = f"; public since {told_in(stood.public, stood.zone)}" if stood.public else ""
    match stood.stands:
        case Stands.TO_OPEN:
            return f"opens in {span(stood.opens - now)}{since}"
        case Stands.HELD:
            return f"held, does not open{since}"
        case Stands.OPEN:
            return "open"
        case Stands.WITHDRAWN:
            return "withdrawn, answers 410"
