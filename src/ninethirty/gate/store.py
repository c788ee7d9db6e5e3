"""What a gate holds: objects, and an index of the schedule in force.

    index.sqlite3        the root in force, its documents, what each path answers when, and which
                         receipts are owed

Only the gate writes here. A change of schedule is one transaction, so a reader sees the old one
or the new one, never a mix.

A path stands in the index as a keyed hash, and what it answers is locked, under keys made from the
gate's own, which lies elsewhere. When something opens is written plainly: the index is in that
order. So a stolen disk tells sizes and instants.
"""

import hmac
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ninethirty.core.document import canonical
from ninethirty.core.errors import CannotStart, PathTaken
from ninethirty.core.keyring import Box, GateKey
from ninethirty.core.schedule import Content, Opening, read_answer, write_answer
from ninethirty.core.times import Instant
from ninethirty.gate.objects import Objects
from ninethirty.gate.owed import TABLES as OWED_TABLES
from ninethirty.gate.owed import Debts, Owed

_FORMAT = 2
"""1 held its paths and answers in plain words."""

_PATH_BYTES = 16

_TABLES = f"""
CREATE TABLE IF NOT EXISTS made_with (one INTEGER PRIMARY KEY CHECK (one = 1), mark BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS root (
  one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, keyring TEXT NOT NULL,
  bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS lists (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, list TEXT NOT NULL, digest TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS documents_by_list ON documents (list);
CREATE INDEX IF NOT EXISTS documents_by_digest ON documents (digest);
CREATE TABLE IF NOT EXISTS openings (
  path BLOB NOT NULL, opens TEXT NOT NULL, document INTEGER NOT NULL, answer BLOB NOT NULL,
  PRIMARY KEY (path, opens)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS openings_by_time ON openings (opens);
CREATE INDEX IF NOT EXISTS openings_by_document ON openings (document);
CREATE TABLE IF NOT EXISTS files (
  document INTEGER NOT NULL, object TEXT NOT NULL, PRIMARY KEY (document, object)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_object ON files (object);
CREATE TABLE IF NOT EXISTS before (object TEXT PRIMARY KEY) WITHOUT ROWID;
{OWED_TABLES}
PRAGMA user_version = {_FORMAT};
"""


@dataclass(frozen=True)
class Document:
    """One that is new or changed: in which list, as which object, and what it says."""

    in_list: str
    object: str
    name: str
    openings: Sequence[Opening]


class Store(Objects):
    """One process's hold on a gate's folder.

    Raises:
        CannotStart: it was made with another key, or by a version that locked nothing.
    """

    def __init__(self, folder: Path, key: GateKey) -> None:
        super().__init__(folder)
        self.key = key
        self._paths = key.derive("paths")
        self._answers = Box(key.derive("answers"))
        # One thread at a time uses a store; which thread may change.
        self._index = sqlite3.connect(
            folder / "index.sqlite3", isolation_level=None, check_same_thread=False
        )
        self._index.execute("PRAGMA journal_mode = WAL")
        self._index.execute("PRAGMA synchronous = FULL")
        self._index.execute("PRAGMA busy_timeout = 5000")
        self._debts = Debts(self._index, key)
        try:
            if not self._made(folder):
                self._make()
            self._check_key(folder)
        except CannotStart:
            self.close()
            raise

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
        """What these documents, by opaque name, say in the schedule in force."""
        return [
            self._opening(hashed, opens, words)
            for known in self._known(documents)
            for hashed, opens, words in self._index.execute(
                "SELECT path, opens, answer FROM openings WHERE document = ?", (known,)
            )
        ]

    def put_in_force(
        self,
        root: bytes,
        version: int,
        keyring: str,
        lists: Mapping[str, str],
        documents: Mapping[str, Document],
        dropped: Iterable[str],
        now: Instant,
    ) -> None:
        """Whole or not at all, and with it which receipts are owed.

        documents: by opaque name, those that are new or changed; dropped: opaque names of those
        that are no longer there.

        Raises:
            PathTaken: two documents claim one path; the schedule in force stays.
        """
        self.settle()
        with self._index:
            self._index.execute("BEGIN IMMEDIATE")
            changed = [*dropped, *documents]
            after = chain.from_iterable(document.openings for document in documents.values())
            self._debts.owe(now, before=self.openings_of(changed), after=after)
            gone = self._known(changed)
            self._remember_before(gone)
            for known in gone:
                self._index.execute("DELETE FROM openings WHERE document = ?", (known,))
                self._index.execute("DELETE FROM files WHERE document = ?", (known,))
                self._index.execute("DELETE FROM documents WHERE id = ?", (known,))
            for opaque, document in documents.items():
                self._add(opaque, document)
            self._index.execute("DELETE FROM lists")
            self._index.executemany("INSERT INTO lists VALUES (?, ?)", lists.items())
            self._index.execute(
                "INSERT OR REPLACE INTO root VALUES (1, ?, ?, ?)", (version, keyring, root)
            )

    def timeline(self, path: str, now: Instant) -> tuple[Opening, ...]:
        """What the path answers from when on; empty unless one of its openings has come.

        A path that waits for its instant takes the same one look into the index as a path that
        nobody promised, so that the time we take does not tell them apart.
        """
        hashed = self._hashed(path)
        opened = self._index.execute(
            "SELECT 1 FROM openings WHERE path = ? AND opens <= ? LIMIT 1", (hashed, now.text())
        ).fetchone()
        if not opened:
            return ()
        rows = self._index.execute(
            "SELECT opens, answer FROM openings WHERE path = ? ORDER BY opens", (hashed,)
        )
        return tuple(self._opening(hashed, opens, words) for opens, words in rows)

    def waits(self, path: str, now: Instant) -> bool:
        """Whether the path is to open, and has not yet. Not to be asked for an answer."""
        row = self._index.execute(
            "SELECT 1 FROM openings WHERE path = ?1 AND opens > ?2 AND NOT EXISTS"
            " (SELECT 1 FROM openings WHERE path = ?1 AND opens <= ?2) LIMIT 1",
            (self._hashed(path), now.text()),
        ).fetchone()
        return row is not None

    def waiting(self, now: Instant) -> int:
        """How many openings are to come."""
        row = self._index.execute("SELECT count(*) FROM openings WHERE opens > ?", (now.text(),))
        count: int = row.fetchone()[0]
        return count

    def owed(self, after: Instant | None, until: Instant) -> list[Owed]:
        return self._debts.owed(after, until)

    def pay(self, paid: Iterable[Owed]) -> None:
        self._debts.pay(paid)

    def next_opening(self, now: Instant) -> Instant | None:
        """The next change of any path on the site."""
        row = self._index.execute(
            "SELECT min(opens) FROM openings WHERE opens > ?", (now.text(),)
        ).fetchone()
        return Instant.parse(row[0]) if row[0] else None

    def named(self, first: str) -> set[str]:
        """Objects whose names begin so, and that the root in force or the one before names."""
        span = (first, first + "g")
        rows = self._index.execute(
            "SELECT object FROM files WHERE object BETWEEN ?1 AND ?2"
            " UNION SELECT object FROM before WHERE object BETWEEN ?1 AND ?2"
            " UNION SELECT digest FROM documents WHERE digest BETWEEN ?1 AND ?2"
            " UNION SELECT digest FROM lists WHERE digest BETWEEN ?1 AND ?2"
            " UNION SELECT keyring FROM root WHERE keyring BETWEEN ?1 AND ?2",
            span,
        )
        return {name for (name,) in rows}

    def _add(self, opaque: str, document: Document) -> None:
        added = self._index.execute(
            "INSERT INTO documents (name, list, digest) VALUES (?, ?, ?)",
            (opaque, document.in_list, document.object),
        ).lastrowid
        for opening in document.openings:
            hashed = self._hashed(opening.path)
            self._check_free(hashed, opening.path, added, document.name)
            opens = opening.opens.text()
            # The name of the document, so that we can say who claims a path.
            words = canonical([document.name, opening.path, write_answer(opening.answer)])
            self._index.execute(
                "INSERT INTO openings VALUES (?, ?, ?, ?)",
                (hashed, opens, added, self._answers.close(words, hashed + opens.encode())),
            )
            if isinstance(opening.answer, Content):
                self._index.executemany(
                    "INSERT OR IGNORE INTO files VALUES (?, ?)",
                    [(added, one.object) for one in opening.answer.lies.values()],
                )

    def _check_free(self, hashed: bytes, path: str, document: int | None, name: str) -> None:
        other = self._index.execute(
            "SELECT opens, answer FROM openings WHERE path = ? AND document != ?",
            (hashed, document),
        ).fetchone()
        if other:
            opens, answer = other
            claims = json.loads(self._answers.open(answer, hashed + opens.encode()))[0]
            raise PathTaken(f"{path}: claimed by {name} and by {claims}")

    def _known(self, names: Iterable[str]) -> list[int]:
        found = (
            self._index.execute("SELECT id FROM documents WHERE name = ?", (name,)).fetchone()
            for name in names
        )
        return [row[0] for row in found if row]

    def _remember_before(self, gone: Iterable[int]) -> None:
        """What the root in force names and the next may not: it is not swept away yet."""
        self._index.execute("DELETE FROM before")
        for of_all in ("SELECT digest FROM lists", "SELECT keyring FROM root"):
            self._index.execute(f"INSERT OR IGNORE INTO before {of_all}")  # ours
        for known in gone:
            self._index.execute(
                "INSERT OR IGNORE INTO before SELECT object FROM files WHERE document = ?1"
                " UNION SELECT digest FROM documents WHERE id = ?1",
                (known,),
            )

    def _opening(self, hashed: bytes, opens: str, words: bytes) -> Opening:
        _, path, answer = json.loads(self._answers.open(words, hashed + opens.encode()))
        return Opening(path, Instant.parse(opens), read_answer(answer))

    def _hashed(self, path: str) -> bytes:
        return hmac.digest(self._paths, path.encode(), "sha256")[:_PATH_BYTES]

    def _made(self, folder: Path) -> bool:
        """Raises CannotStart if it is of another version."""
        found = self._index.execute("PRAGMA user_version").fetchone()[0]
        if found == _FORMAT:
            return True
        if self._index.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise CannotStart(
                f"{folder} is the store of another version of this gate, which did not lock its "
                "files; remove it, and the gate fetches anew what it needs"
            )
        return False

    def _make(self) -> None:
        """In one transaction: killed in between, there is no store, and not half of one."""
        with self._index:
            self._index.execute("BEGIN IMMEDIATE")
            for statement in filter(str.strip, _TABLES.split(";")):
                self._index.execute(statement)
            self._index.execute(
                "INSERT OR IGNORE INTO made_with VALUES (1, ?)", (self.key.derive("mark"),)
            )

    def _check_key(self, folder: Path) -> None:
        made_with = self._index.execute("SELECT mark FROM made_with").fetchone()
        if made_with[0] != self.key.derive("mark"):
            raise CannotStart(
                f"{folder} was made with another key than {self.key.public[:12]}…; name that one "
                "with --gate-key, or remove the folder, and the gate fetches anew what it needs"
            )
