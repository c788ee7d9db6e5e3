"""Which receipts a gate owes: a table of its index, written with the schedule that makes them due.

So after `kill -9` nothing is forgotten. What was paid is taken out later, when the index has
changed anyway, and not at T: every change makes workers look anew. It names what has not opened,
and is locked as the rest of the index is.
"""

import hmac
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.document import canonical
from ninethirty.core.keyring import Box, GateKey
from ninethirty.core.receipt import What, what_came_of
from ninethirty.core.schedule import Opening, read_answer, write_answer
from ninethirty.core.times import Instant

TABLES = """
CREATE TABLE IF NOT EXISTS owed (
  name BLOB NOT NULL, due TEXT NOT NULL, words BLOB NOT NULL,
  PRIMARY KEY (name, due)) WITHOUT ROWID;
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


class Debts:
    def __init__(self, index: sqlite3.Connection, key: GateKey) -> None:
        self._index = index
        self._names = key.derive("owed names")
        self._box = Box(key.derive("owed"))

    def owe(self, now: Instant, before: Iterable[Opening], after: Iterable[Opening]) -> None:
        """A schedule is put in force in which openings `before` make way for `after`."""
        before, after = set(before), set(after)
        for opening in before - after:
            if opening.opens <= now + A_MOMENT:
                continue  # It opened; its own receipt is owed or paid.
            came = what_came_of(opening.answer)
            name = self._name(_words(came, opening))
            self._index.execute("DELETE FROM owed WHERE name = ?", (name,))
            if came is What.OPENED:
                self._add(What.HELD, opening, now)
        for opening in after - before:
            self._add(what_came_of(opening.answer), opening, max(now, opening.opens))

    def owed(self, after: Instant | None, until: Instant) -> list[Owed]:
        """What came due after the one instant (None: ever), and not after the other."""
        rows = self._index.execute(
            "SELECT name, due, words FROM owed WHERE due > ? AND due <= ?",
            (after.text() if after else "", until.text()),
        )
        found = [self._read(name, due, words) for name, due, words in rows]
        return sorted(found, key=lambda one: (one.due, one.opening.path))

    def pay(self, paid: Iterable[Owed]) -> None:
        """These are owed no more."""
        with self._index:
            self._index.execute("BEGIN IMMEDIATE")
            self._index.executemany(
                "DELETE FROM owed WHERE name = ? AND due = ?",
                [(self._name(_words(one.what, one.opening)), one.due.text()) for one in paid],
            )

    def _add(self, what: What, opening: Opening, due: Instant) -> None:
        words = _words(what, opening)
        name = self._name(words)
        self._index.execute(
            "INSERT OR IGNORE INTO owed VALUES (?, ?, ?)",
            (name, due.text(), self._box.close(words, name)),
        )

    def _read(self, name: bytes, due: str, words: bytes) -> Owed:
        what, path, opens, answer = json.loads(self._box.open(words, name))
        opening = Opening(path, Instant.parse(opens), read_answer(answer))
        return Owed(What(what), opening, Instant.parse(due))

    def _name(self, words: bytes) -> bytes:
        return hmac.digest(self._names, words, "sha256")


def _words(what: What, opening: Opening) -> bytes:
    answer = write_answer(opening.answer)
    return canonical([str(what), opening.path, opening.opens.text(), answer])
