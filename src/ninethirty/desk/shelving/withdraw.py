"""Take down what is public: its paths answer 410 with the reason from now on."""

from dataclasses import dataclass
from pathlib import Path

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import ScheduleRefused
from ninethirty.core.schedule import Content, Gone, Opening
from ninethirty.core.times import Clock, Instant
from ninethirty.desk.shelving.book import Book, Entry, check_begun
from ninethirty.desk.shelving.change import change, note_on
from ninethirty.desk.shelving.note import What
from ninethirty.desk.shelving.plan import last_word
from ninethirty.desk.shelving.standing import Standing, Stands, in_force, standing, to_come
from ninethirty.desk.shelving.words import told

LONGEST = 2000
"""Characters of a reason; readers see it."""


@dataclass(frozen=True)
class Withdrawn:
    """What came of it; in force where a gate stands for this version."""

    was: Standing
    version: int
    at: Instant
    paths: tuple[str, ...]
    again: bool
    """It had been withdrawn before with these words, and nothing was signed now."""
    took_back: Instant | None
    """An opening that was to come, and no longer is."""
    by_a_desk: bool


def withdraw(path: str, reason: str, *, store: Path, key: SigningKey, clock: Clock) -> Withdrawn:
    """Sign a schedule in which everything public of this release is gone.

    Raises:
        ScheduleRefused: nothing of it is public, or no reason is given.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST:
        raise ScheduleRefused(
            f"--reason: expected words that readers will see, at most {LONGEST} characters; found "
            f"{len(reason)}"
        )
    check_begun(store, key.public)
    with change(store, key, clock) as changing:
        now = changing.now
        entry = changing.book.find(path)
        was = standing(entry, now)
        shown = in_force(entry.openings, now)
        waiting = to_come(entry.openings, now)
        late = _opened_all_the_same(changing.book, entry, was, now)
        _check_public(was, shows=bool(shown or late))
        gone = Gone(reason)
        again = (
            not waiting and not late and all(opening.answer == gone for opening in shown.values())
        )
        if again:
            version = changing.book.version
        else:
            version = changing.publish(
                entry.name,
                last_word([*shown.values(), *(Opening(at, now, gone) for at in {*shown, *late})]),
                note_on(entry, was, What.WITHDRAWN, at=now, public=now, reason=reason),
                unread={
                    shows.answer.digest
                    for shows in shown.values()
                    if isinstance(shows.answer, Content)
                },
            )
        return Withdrawn(
            was=was,
            version=version,
            at=was.opens if again else now,
            paths=tuple(sorted({*shown, *late})),
            again=again,
            took_back=min((opening.opens for opening in waiting), default=None),
            by_a_desk=not entry.ours,
        )


def _opened_all_the_same(book: Book, entry: Entry, was: Standing, now: Instant) -> frozenset[str]:
    """What a hold was to keep back, and what a gate that did not hear of it opened at T."""
    former = next(book.former(entry), None)
    if was.stands is not Stands.HELD or now < was.opens or former is None:
        return frozenset()
    return frozenset(in_force(former.openings, now))


def _check_public(was: Standing, *, shows: bool) -> None:
    if was.stands is Stands.TO_OPEN and was.public is None:
        # A 410 would tell before T which paths are waiting.
        raise ScheduleRefused(
            f"{was.path}: expected something public, found that it is to open at "
            f"{told(was.opens, was.zone)}; to take that back use: ninethirty hold {was.path}"
        )
    if not shows:
        raise ScheduleRefused(
            f"{was.path}: expected something public, found that it was held and answers nothing; "
            "there is nothing to withdraw"
        )
