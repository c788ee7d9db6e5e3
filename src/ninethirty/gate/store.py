"""What a gate holds: objects, and an index of the schedule in force.

    index.sqlite3        the root in force, its documents, what each path answers when, which
                         receipts are owed, and the smaller encodings of files that the gate has
                         made itself

Only the gate writes here. A change of schedule is one transaction, so a reader sees the old one
or the new one, never a mix.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ninethirty.core.document import canonical
from ninethirty.core.errors import PathTaken
from ninethirty.core.schedule import Content, Opening, read_answer, write_answer
from ninethirty.core.times import Instant
from ninethirty.gate.objects import Objects
from ninethirty.gate.owed import TABLES as owed_tables
from ninethirty.gate.owed import Owed, owe, owed, pay
from ninethirty.gate.squeeze import worth_squeezing

_TABLES = """
CREATE TABLE IF NOT EXISTS root (
  one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS lists (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
  name TEXT PRIMARY KEY, list TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_by_list ON documents (list);
CREATE TABLE IF NOT EXISTS openings (
  path TEXT NOT NULL, opens TEXT NOT NULL, document TEXT NOT NULL, answer TEXT NOT NULL,
  PRIMARY KEY (path, opens)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS openings_by_time ON openings (opens);
CREATE INDEX IF NOT EXISTS openings_by_document ON openings (document);
CREATE TABLE IF NOT EXISTS encodings (
  plain TEXT NOT NULL, encoding TEXT NOT NULL, digest TEXT NOT NULL, size_bytes INTEGER NOT NULL,
  PRIMARY KEY (plain, encoding)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unsqueezed (plain TEXT PRIMARY KEY, opens TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unsqueezed_by_time ON unsqueezed (opens);
"""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A smaller encoding of a file, an object of its own."""

    digest: str
    size_bytes: int


class Store(Objects):
    """One process's hold on a gate's folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        # One thread at a time uses a store; which thread may change.
        self._index = sqlite3.connect(
            folder / "index.sqlite3", isolation_level=None, check_same_thread=False
        )
        self._index.execute("PRAGMA journal_mode = WAL")
        self._index.execute("PRAGMA synchronous = FULL")
        self._index.execute("PRAGMA busy_timeout = 5000")
        self._index.executescript(_TABLES + owed_tables)

    def close(self) -> None:
        self._index.close()

    def changes(self) -> int:
        """A number that is another one after another process has changed the index."""
        number: int = self._index.execute("PRAGMA data_version").fetchone()[0]
        return number

    def root(self) -> bytes | None:
        """The signed root in force."""
        row = self._index.execute("SELECT bytes FROM root").fetchone()
        return row[0] if row else None

    def version(self) -> int:
        """Of the schedule in force; 0 if there is none."""
        row = self._index.execute("SELECT version FROM root").fetchone()
        return row[0] if row else 0

    def lists(self) -> dict[str, str]:
        return dict(self._index.execute("SELECT name, digest FROM lists"))

    def documents(self, in_list: str) -> dict[str, str]:
        return dict(
            self._index.execute("SELECT name, digest FROM documents WHERE list = ?", (in_list,))
        )

    def openings_of(self, documents: Iterable[str]) -> list[Opening]:
        """What these documents, by name, say in the schedule in force."""
        return [
            Opening(path, Instant.parse(opens), read_answer(json.loads(answer)))
            for name in documents
            for path, opens, answer in self._index.execute(
                "SELECT path, opens, answer FROM openings WHERE document = ?", (name,)
            )
        ]

    def put_in_force(
        self,
        root: bytes,
        version: int,
        lists: Mapping[str, str],
        documents: Mapping[str, tuple[str, str]],
        openings: Mapping[str, Sequence[Opening]],
        dropped: Iterable[str],
        now: Instant,
    ) -> None:
        """Whole or not at all, and with it which receipts are owed.

        documents: name -> (list, digest), of the documents that are new or changed; openings: what
        they hold; dropped: names of documents that are no longer there.

        Raises:
            PathTaken: two documents claim one path; the schedule in force stays.
        """
        self.settle()
        with self._index:
            self._index.execute("BEGIN IMMEDIATE")
            changed = [*dropped, *documents]
            after = chain.from_iterable(openings.values())
            owe(self._index, now, before=self.openings_of(changed), after=after)
            for name in changed:
                self._index.execute("DELETE FROM openings WHERE document = ?", (name,))
                self._index.execute("DELETE FROM documents WHERE name = ?", (name,))
            for name, (in_list, named) in documents.items():
                self._index.execute(
                    "INSERT INTO documents VALUES (?, ?, ?)", (name, in_list, named)
                )
                for opening in openings[name]:
                    self._add(name, opening)
                    self._queue(opening)
            self._index.execute("DELETE FROM lists")
            self._index.executemany("INSERT INTO lists VALUES (?, ?)", lists.items())
            self._index.execute("INSERT OR REPLACE INTO root VALUES (1, ?, ?)", (version, root))

    def _add(self, document: str, opening: Opening) -> None:
        other = self._index.execute(
            "SELECT document FROM openings WHERE path = ? AND document != ?",
            (opening.path, document),
        ).fetchone()
        if other:
            raise PathTaken(f"{opening.path}: claimed by {document} and by {other[0]}")
        self._index.execute(
            "INSERT INTO openings VALUES (?, ?, ?, ?)",
            (
                opening.path,
                opening.opens.text(),
                document,
                canonical(write_answer(opening.answer)).decode(),
            ),
        )

    def _queue(self, opening: Opening) -> None:
        if isinstance(opening.answer, Content) and worth_squeezing(opening.answer):
            self._index.execute(
                "INSERT OR IGNORE INTO unsqueezed SELECT ?1, ?2"
                " WHERE NOT EXISTS (SELECT 1 FROM encodings WHERE plain = ?1)",
                (opening.answer.digest, opening.opens.text()),
            )

    def timeline(self, path: str, now: Instant) -> tuple[Opening, ...]:
        """What the path answers from when on; empty unless one of its openings has come.

        A path that waits for its instant takes the same one look into the index as a path that
        nobody promised, so that the time we take does not tell them apart.
        """
        opened = self._index.execute(
            "SELECT 1 FROM openings WHERE path = ? AND opens <= ? LIMIT 1", (path, now.text())
        ).fetchone()
        if not opened:
            return ()
        rows = self._index.execute(
            "SELECT opens, answer FROM openings WHERE path = ? ORDER BY opens", (path,)
        )
        return tuple(
            Opening(path, Instant.parse(opens), read_answer(json.loads(answer)))
            for opens, answer in rows
        )

    def waits(self, path: str, now: Instant) -> bool:
        """Whether the path is to open, and has not yet. Not to be asked for an answer."""
        row = self._index.execute(
            "SELECT 1 FROM openings WHERE path = ?1 AND opens > ?2 AND NOT EXISTS"
            " (SELECT 1 FROM openings WHERE path = ?1 AND opens <= ?2) LIMIT 1",
            (path, now.text()),
        ).fetchone()
        return row is not None

    def waiting(self, now: Instant) -> int:
        """How many openings are to come."""
        row = self._index.execute("SELECT count(*) FROM openings WHERE opens > ?", (now.text(),))
        count: int = row.fetchone()[0]
        return count

    def owed(self, after: Instant | None, until: Instant) -> list[Owed]:
        return owed(self._index, after, until)

    def pay(self, paid: Iterable[Owed]) -> None:
        pay(self._index, paid)

    def next_opening(self, now: Instant) -> Instant | None:
        """The next change of any path on the site."""
        row = self._index.execute(
            "SELECT min(opens) FROM openings WHERE opens > ?", (now.text(),)
        ).fetchone()
        return Instant.parse(row[0]) if row[0] else None

    def encodings(self, plain: str) -> dict[str, Encoded]:
        """The smaller encodings of this file that we hold."""
        rows = self._index.execute(
            "SELECT encoding, digest, size_bytes FROM encodings WHERE plain = ?", (plain,)
        )
        return {encoding: Encoded(named, size) for encoding, named, size in rows}

    def unsqueezed(self, most: int) -> list[str]:
        """Files whose encodings are still to be made, what opens first first."""
        rows = self._index.execute("SELECT plain FROM unsqueezed ORDER BY opens LIMIT ?", (most,))
        return [plain for (plain,) in rows]

    def put_encodings(self, made: Mapping[str, Mapping[str, Encoded]]) -> None:
        """Record what was made of each file, if only that nothing smaller can be."""
        self.settle()
        with self._index:
            self._index.execute("BEGIN IMMEDIATE")
            for plain, encodings in made.items():
                self._index.executemany(
                    "INSERT OR REPLACE INTO encodings VALUES (?, ?, ?, ?)",
                    [(plain, name, one.digest, one.size_bytes) for name, one in encodings.items()],
                )
                self._index.execute("DELETE FROM unsqueezed WHERE plain = ?", (plain,))
