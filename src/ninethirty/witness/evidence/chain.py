"""The chain: a line for all that happened, each holding the digest of the line before it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ninethirty.core.document import Json, canonical, digest, parse
from ninethirty.core.errors import CannotStart, Malformed, SealBroken

CHAIN = "chain.jsonl"
HEAD = "head"

NOTHING = "0" * 64
"""What the first line holds for the line before it."""


class Kind(StrEnum):
    BEGUN = "begun"
    """What was watched for, by whom, with which software."""
    CERTIFICATES = "certificates"
    """A chain of certificates, when a server shows it for the first time."""
    SIGHTING = "sighting"
    KEY = "key"
    """From here on content could be compared."""
    VERDICT = "verdict"
    ROOT = "root"
    """The Merkle root of the lines of a minute."""
    STAMP = "stamp"
    ENDED = "ended"


@dataclass(frozen=True)
class Line:
    n: int
    kind: Kind
    said: Json
    raw: bytes
    """Without its line end."""


class Chain:
    """Written by one thread. Raises CannotStart if the folder holds evidence already."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._head = folder / HEAD
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
            self._file = os.open(folder / CHAIN, flags, 0o644)
        except FileExistsError as taken:
            raise CannotStart(
                f"{folder} holds the evidence of an earlier watch; name another --evidence"
            ) from taken
        self._last = NOTHING
        self.lines = 0

    def add(self, kind: Kind, said: Json) -> bytes:
        """Write a line; returns it."""
        line = canonical({"n": self.lines, "previous": self._last, "kind": str(kind), "said": said})
        if os.write(self._file, line + b"\n") <= len(line):
            raise OSError(f"the disk took only part of a line: {self._head.parent}")
        self._last = digest(line)
        self.lines += 1
        return line

    def note_head(self) -> None:
        """Say beside the chain how far it goes, so that a cut end is seen."""
        new = self._head.with_suffix(".new")
        new.write_text(f"{self.lines} {self._last}\n")
        new.replace(self._head)

    def close(self) -> None:
        os.fsync(self._file)
        os.close(self._file)
        self.note_head()


def read_chain(folder: Path) -> Iterator[Line]:
    """The lines, each checked against the one before.

    Raises:
        CannotStart: no chain there. Malformed: a line that is none. SealBroken: a line changed,
        missing, added or out of order; both say which.
    """
    try:
        file = (folder / CHAIN).open("rb")
    except OSError as missing:
        raise CannotStart(f"{folder}: expected a folder with {CHAIN}, found none") from missing
    with file:
        last = NOTHING
        for n, line in enumerate(file):
            raw = line.removesuffix(b"\n")
            if raw == line:
                raise Malformed(f"{CHAIN} line {n + 1}: cut off in its middle")
            yield _line(n, raw, last)
            last = digest(raw)


def _line(n: int, raw: bytes, last: str) -> Line:
    where = f"{CHAIN} line {n + 1}"
    try:
        found: Any = parse(raw)
        if found["n"] != n or found["previous"] != last:
            raise SealBroken(
                f"{where}: expected number {n} after {last[:12]}…, "
                f"found number {found['n']} after {str(found['previous'])[:12]}…"
            )
        if not isinstance(found["said"], dict):
            raise Malformed("said: expected an object")
        return Line(n, Kind(found["kind"]), found["said"], raw)
    except (KeyError, TypeError, ValueError) as wrong:
        raise Malformed(f"{where}: not a line of evidence ({wrong!r})") from wrong
    except Malformed as wrong:
        raise Malformed(f"{where}: {wrong}") from wrong
