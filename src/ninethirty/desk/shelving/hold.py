"""Take an opening back before its time."""

from dataclasses import dataclass
from pathlib import Path

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import ScheduleRefused
from ninethirty.core.schedule import Content
from ninethirty.core.times import Clock, Instant
from ninethirty.desk.shelving.book import check_begun
from ninethirty.desk.shelving.change import change, note_on
from ninethirty.desk.shelving.note import What
from ninethirty.desk.shelving.standing import Standing, Stands, in_force, standing
from ninethirty.desk.shelving.words import told


@dataclass(frozen=True)
class Held:
    """What came of it; safe only when every gate stands for this version."""

    was: Standing
    version: int
    at: Instant
    again: bool
    """It had been held before, and nothing was signed now."""
    answers: bool
    """Whether the path answers anything meanwhile."""
    by_a_desk: bool


def hold(path: str, *, store: Path, key: SigningKey, clock: Clock) -> Held:
    """Sign a schedule in which nothing more opens at this path.

    Raises:
        ScheduleRefused: nothing is to open there; if it is open already, withdraw it.
    """
    check_begun(store, key.public)
    with change(store, key, clock) as changing:
        now = changing.now
        entry = changing.book.find(path)
        was = standing(entry, now)
        shown = in_force(entry.openings, now)
        match was.stands:
            case Stands.OPEN:
                raise ScheduleRefused(
                    f"{path}: expected an opening to come, found it open since "
                    f"{told(was.opens, was.zone)}; to take it down use: ninethirty withdraw {path}"
                )
            case Stands.WITHDRAWN:
                raise ScheduleRefused(
                    f"{path}: expected an opening to come, found it withdrawn since "
                    f"{told(was.opens, was.zone)}"
                )
            case Stands.HELD:
                version = changing.book.version
            case _:
                version = changing.publish(
                    entry.name,
                    [opening for opening in entry.openings if opening.opens <= now],
                    note_on(entry, was, What.HELD, at=now, public=was.public),
                    unread={
                        shows.answer.digest
                        for shows in entry.openings
                        if isinstance(shows.answer, Content)
                    },
                )
        return Held(
            was=was,
            version=version,
            at=entry.note.at if was.stands is Stands.HELD and entry.note else now,
            again=was.stands is Stands.HELD,
            answers=path in shown,
            by_a_desk=not entry.ours,
        )
