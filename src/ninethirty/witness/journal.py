"""Every sighting, on disk before it is sent.

One line per sighting, handed to the operating system at once (so `kill -9` loses nothing) and
forced to the disk a moment later by a thread of its own (so a power cut loses a moment, and no look
waits for the disk).
"""

import fcntl
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from ninethirty.core.document import canonical
from ninethirty.core.errors import CannotStart
from ninethirty.core.sighting import Sighting, document

SYNC_SECONDS = 0.05
"""At least so long between two forcings to disk."""

KEPT_BYTES = 20_000_000
"""Of what the desk has taken; more is thrown away."""

READ_BYTES = 2_000_000
"""Read at a time. Longer than any line: libcurl takes 300 kB of headers, each byte at worst six."""


@dataclass(frozen=True)
class Entry:
    line: bytes
    end: int
    """To acknowledge everything up to and with this entry."""


class Journal:
    """Raises CannotStart if another witness keeps its journal in the folder."""

    def __init__(self, folder: Path, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self._file = _opened(folder / "sightings.jsonl")
        self._sent_file = folder / "sent"
        self.end = _drop_half_line(self._file)
        """Where the next sighting will begin. Places only grow while a witness runs, whatever was
        thrown away before them."""
        # Acknowledged beyond the end: a power cut took the lines, not the note.
        self.sent = min(_offset(self._sent_file), self.end)
        self._dropped = 0
        self._lock = threading.Lock()
        self._unsynced = threading.Event()
        self._closing = threading.Event()
        self._syncing = threading.Thread(target=self._keep_synced, name="journal")
        self._syncing.start()

    def write(self, sighting: Sighting) -> None:
        line = canonical(document(sighting)) + b"\n"
        with self._lock:
            if os.write(self._file, line) < len(line):
                raise OSError(f"the disk took only part of a sighting: {self._sent_file.parent}")
            self.end += len(line)
        self._unsynced.set()

    def unsent(self, limit: int) -> list[Entry]:
        """The oldest that nobody has acknowledged."""
        end = self.sent
        entries = []
        *whole, _ = os.pread(self._file, READ_BYTES, end - self._dropped).split(b"\n")
        for line in whole[:limit]:
            end += len(line) + 1
            entries.append(Entry(line, end))
        return entries

    def acknowledge(self, end: int) -> None:
        """The desk has everything up to there. If this note is lost they are sent twice, and
        stored once."""
        with self._lock:
            if end == self.end and end - self._dropped > self._kept_bytes:
                # First the lines, then the note: one that lies beyond the end is understood.
                os.ftruncate(self._file, 0)
                self._dropped = end
            self._note(end - self._dropped)
            self.sent = end

    def _note(self, place: int) -> None:
        new = self._sent_file.with_suffix(".new")
        new.write_text(f"{place}\n")
        new.replace(self._sent_file)

    def close(self) -> None:
        self._closing.set()
        self._unsynced.set()
        self._syncing.join()
        os.close(self._file)

    def _keep_synced(self) -> None:
        while not self._closing.wait(SYNC_SECONDS):
            self._unsynced.wait()
            self._unsynced.clear()
            os.fsync(self._file)
        os.fsync(self._file)


def _opened(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        os.close(descriptor)
        raise CannotStart(
            f"{file.parent}: another witness keeps its journal here; choose another --journal"
        ) from taken
    return descriptor


def _drop_half_line(descriptor: int) -> int:
    """What a crash left unfinished at the end was never seen by anybody. Returns the size then."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, READ_BYTES, max(0, size - READ_BYTES))
    size -= len(tail) - (tail.rfind(b"\n") + 1)
    os.ftruncate(descriptor, size)
    return size


def _offset(file: Path) -> int:
    try:
        return max(0, int(file.read_text()))
    except (FileNotFoundError, ValueError):
        return 0
