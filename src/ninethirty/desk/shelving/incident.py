"""Unequal access: a hold that some gates stood for at T, and others did not hear of in time."""

from collections.abc import Iterable
from dataclasses import dataclass

from ninethirty.core.schedule import next_version
from ninethirty.core.times import Instant
from ninethirty.desk.shelving.book import Book
from ninethirty.desk.shelving.gates import Acknowledgement
from ninethirty.desk.shelving.standing import Stands, standing


@dataclass(frozen=True)
class Incident:
    """T has passed; it opened at the silent gates, since the promise wins over a late order, and
    did not at the others."""

    path: str
    opens: Instant
    zone: str
    holding: tuple[str, ...]
    silent: tuple[str, ...]


def incidents(book: Book, said: Iterable[Acknowledgement], now: Instant) -> list[Incident]:
    """Those that go on, as far as gates have said. One that every gate has since come to stand
    for is over; that it was is in their receipts."""
    said = list(said)
    found: list[Incident] = []
    for entry in book.entries():
        stood = standing(entry, now)
        if stood.stands is not Stands.HELD or stood.opens > now or entry.note is None:
            continue
        # A schedule is signed at its version, so what was signed since has the hold in it.
        hold = next_version(entry.note.at, 0)
        holding = tuple(one.gate for one in said if one.version >= hold)
        silent = tuple(one.gate for one in said if one.version < hold)
        if holding and silent:
            found.append(Incident(entry.path, stood.opens, stood.zone, holding, silent))
    return found
