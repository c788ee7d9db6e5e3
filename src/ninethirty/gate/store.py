"""What a gate holds: files by digest, and an index of the schedule in force.

    objects/ab/ab12...   files and documents, written once (temporary file, fsync, rename)
    index.sqlite3        the root in force, its documents, and what each path answers when

Only the gate writes here. A change of schedule is one transaction, so a reader sees the old one
or the new one, never a mix.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ninethirty.core.document import canonical, digest
from ninethirty.core.errors import PathTaken, SealBroken
from ninethirty.core.schedule import Opening, read_answer, write_answer
from ninethirty.core.times import Instant

_PIECE = 1 << 20

_TABLES = """
CREATE TABLE IF NOT EXISTS root (
  one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS lists (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
  name TEXT PRIMARY KEY, list TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS openings (
  path TEXT NOT NULL, opens TEXT NOT NULL, document TEXT NOT NULL, answer TEXT NOT NULL,
  PRIMARY KEY (path, opens)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS openings_by_time ON openings (opens);
CREATE INDEX IF NOT EXISTS openings_by_document ON openings (document);
"""


class Store:
    """One process's hold on a gate's folder."""

    def __init__(self, folder: Path) -> None:
        self._objects = folder / "objects"
        self._objects.mkdir(parents=True, exist_ok=True)
        # One thread at a time uses a store; which thread may change (granian, the puller).
        self._index = sqlite3.connect(
            folder / "index.sqlite3", isolation_level=None, check_same_thread=False
        )
        self._index.execute("PRAGMA journal_mode = WAL")
        self._index.execute("PRAGMA synchronous = FULL")
        self._index.execute("PRAGMA busy_timeout = 5000")
        self._index.executescript(_TABLES)
        self._timelines: dict[str, tuple[Opening, ...]] = {}
        self._seen_version = -1

    def close(self) -> None:
        self._index.close()

    def place(self, name: str) -> Path:
        """Where the object with this digest lies, or would."""
        return self._objects / name[:2] / name

    def has(self, name: str) -> bool:
        return self.place(name).exists()

    def read(self, name: str) -> bytes:
        """Raises SealBroken if the disk no longer gives back what was put."""
        content = self.place(name).read_bytes()
        if digest(content) != name:
            raise SealBroken(f"sealed as {name[:12]}…, found {digest(content)[:12]}…")
        return content

    def take(self, name: str, source: BinaryIO) -> None:
        """Copy an object in, in constant memory.

        Raises:
            SealBroken: the source gave other bytes; nothing is kept.
        """
        place = self.place(name)
        place.parent.mkdir(exist_ok=True)
        half = place.with_suffix(f".{os.getpid()}.part")
        found = sha256()
        try:
            with half.open("wb") as target:
                while piece := source.read(_PIECE):
                    found.update(piece)
                    target.write(piece)
                target.flush()
                os.fsync(target.fileno())
            if found.hexdigest() != name:
                raise SealBroken(f"asked for {name[:12]}…, got {found.hexdigest()[:12]}…")
            half.replace(place)
        finally:
            half.unlink(missing_ok=True)

    def root(self) -> bytes | None:
        """The signed root in force."""
        row = self._index.execute("SELECT bytes FROM root").fetchone()
        return row[0] if row else None

    def lists(self) -> dict[str, str]:
        return dict(self._index.execute("SELECT name, digest FROM lists"))

    def documents(self, in_list: str) -> dict[str, str]:
        return dict(
            self._index.execute("SELECT name, digest FROM documents WHERE list = ?", (in_list,))
        )

    def put_in_force(
        self,
        root: bytes,
        version: int,
        lists: Mapping[str, str],
        documents: Mapping[str, tuple[str, str]],
        openings: Mapping[str, Iterable[Opening]],
        dropped: Iterable[str],
    ) -> None:
        """Whole or not at all.

        documents: name -> (list, digest), of the documents that are new or changed; openings: what
        they hold; dropped: names of documents that are no longer there.

        Raises:
            PathTaken: two documents claim one path; the schedule in force stays.
        """
        with self._index:
            self._index.execute("BEGIN IMMEDIATE")
            for name in [*dropped, *documents]:
                self._index.execute("DELETE FROM openings WHERE document = ?", (name,))
                self._index.execute("DELETE FROM documents WHERE name = ?", (name,))
            for name, (in_list, named) in documents.items():
                self._index.execute(
                    "INSERT INTO documents VALUES (?, ?, ?)", (name, in_list, named)
                )
                for opening in openings[name]:
                    self._add(name, opening)
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

    def timeline(self, path: str) -> tuple[Opening, ...]:
        """What the path answers from when on; empty if no document names it."""
        self._forget_if_changed()
        known = self._timelines.get(path)
        if known is not None:
            return known
        rows = self._index.execute(
            "SELECT opens, answer FROM openings WHERE path = ? ORDER BY opens", (path,)
        )
        found = tuple(
            Opening(path, Instant.parse(opens), read_answer(json.loads(answer)))
            for opens, answer in rows
        )
        if found:
            # Paths that are not there are not kept: anyone can ask for endlessly many.
            self._timelines[path] = found
        return found

    def next_opening(self, now: Instant) -> Instant | None:
        """The next change of any path on the site."""
        row = self._index.execute(
            "SELECT min(opens) FROM openings WHERE opens > ?", (now.text(),)
        ).fetchone()
        return Instant.parse(row[0]) if row[0] else None

    def _forget_if_changed(self) -> None:
        version: int = self._index.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen_version:
            self._timelines.clear()
            self._seen_version = version
