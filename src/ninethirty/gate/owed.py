"""Which receipts a gate owes: a table of its index, written with the schedule that makes them due.

So after `kill -9` nothing is forgotten. What was paid is taken out later, when the index has
changed anyway, and not at T: every change makes workers look anew.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.document import canonical
from ninethirty.core.receipt import What, what_came_of
from ninethirty.core.schedule import Opening, read_answer, write_answer
from ninethirty.core.times import Instant

TABLES = """
CREATE TABLE IF NOT EXISTS owed (
  what TEXT NOT NULL, path TEXT NOT NULL, opens TEXT NOT NULL, answer TEXT NOT NULL,
  due TEXT NOT NULL, PRIMARY KEY (path, opens, what, answer, due)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS owed_by_time ON owed (due);
"""

A_MOMENT = timedelta(seconds=0.1)
"""What was taken back so shortly before it was to open may have been seen, and is not called
held."""


@dataclass(frozen=True)
class Owed:
    what: What
    opening: Opening
    due: Instant


def owe(
    index: sqlite3.Connection, now: Instant, before: Iterable[Opening], after: Iterable[Opening]
) -> None:
    """A schedule is put in force in which openings `before` make way for `after`."""
    before, after = set(before), set(after)
    for opening in before - after:
        if opening.opens <= now + A_MOMENT:
            continue  # It opened; its own receipt is owed or paid.
        came = what_came_of(opening.answer)
        index.execute(
            "DELETE FROM owed WHERE path = ? AND opens = ? AND what = ? AND answer = ?",
            _row(came, opening),
        )
        if came is What.OPENED:
            _add(index, What.HELD, opening, now)
    for opening in after - before:
        _add(index, what_came_of(opening.answer), opening, max(now, opening.opens))


def owed(index: sqlite3.Connection, after: Instant | None, until: Instant) -> list[Owed]:
    """What came due after the one instant (None: ever), and not after the other."""
    rows = index.execute(
        "SELECT what, path, opens, answer, due FROM owed WHERE due > ? AND due <= ? ORDER BY due,"
        " path",
        (after.text() if after else "", until.text()),
    )
    return [
        Owed(
            What(what),
            Opening(path, Instant.parse(opens), read_answer(json.loads(answer))),
            Instant.parse(due),
        )
        for what, path, opens, answer, due in rows
    ]


def pay(index: sqlite3.Connection, paid: Iterable[Owed]) -> None:
    """These are owed no more."""
    with index:
        index.execute("BEGIN IMMEDIATE")
        index.executemany(
            "DELETE FROM owed WHERE path = ? AND opens = ? AND what = ? AND answer = ? AND due = ?",
            [(*_row(one.what, one.opening), one.due.text()) for one in paid],
        )


def _add(index: sqlite3.Connection, what: What, opening: Opening, due: Instant) -> None:
    path, opens, named, answer = _row(what, opening)
    index.execute(
        "INSERT OR IGNORE INTO owed (path, opens, what, answer, due) VALUES (?, ?, ?, ?, ?)",
        (path, opens, named, answer, due.text()),
    )


def _row(what: What, opening: Opening) -> tuple[str, str, str, str]:
    answer = canonical(write_answer(opening.answer)).decode()
    return opening.path, opening.opens.text(), str(what), answer
