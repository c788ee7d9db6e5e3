"""What all processes of a gate share about time: one page of memory that is also a file.

    STORE/clock    which run of the machine, the trusted reading, how far is kept, and for each
                   worker the latest instant it answered with and what it counted

A worker writes what it is about to answer with before it answers. So after `kill -9` of everything
the file, whose pages the kernel holds, says exactly what was answered with. After a power cut it
says what was last brought to the disk: an instant LEASE ahead, which is past by the time a machine
has started again. So what is kept is never before an answer given, and never early.
"""

import fcntl
import mmap
import os
import struct
import time
from pathlib import Path

from ninethirty.core.errors import CannotStart
from ninethirty.core.guard import NO_READING

LEASE = 2_000_000_000
"""Nanoseconds written ahead. No machine is back from a power cut, with a gate on it, in less."""

PATIENCE = 10.0
"""Real seconds that a new worker waits for the place of one that died."""

MOST_WORKERS = 128

_SIZE = 4096
_LAYOUT = int.from_bytes(b"clock 01", "little")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

# Cells of eight bytes. One process writes each, so there is no lock, and no half of a number.
_IS, _RUN, _AHEAD, _KEPT, _BEFORE, _FIRST = 0, 1, 3, 4, 7, 8
_SERVED, _EARLY, _END = (_FIRST + n * MOST_WORKERS for n in (1, 2, 3))


class ClockFile:
    """One process's hold on the file."""

    def __init__(self, store: Path, workers: int) -> None:
        """Raises CannotStart: something else lies there, or there are too many workers."""
        if not 1 <= workers <= MOST_WORKERS:
            raise CannotStart(f"--workers {workers}: expected 1 to {MOST_WORKERS}")
        self._place = store / "clock"
        self._file = os.open(self._place, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._file, _SIZE)
        self._cells = memoryview(mmap.mmap(self._file, _SIZE)).cast("q")
        if self._cells[_IS] not in (0, _LAYOUT):
            raise CannotStart(
                f"{self._place}: expected what this version keeps of its clock, found something "
                "else; remove it"
            )
        self._workers = workers
        self.latest = self._cells[_BEFORE : _FIRST + workers]
        """What each worker last answered with; before them, the latest of all earlier runs."""
        self.ahead = self._cells[_AHEAD : _AHEAD + 1]
        """One cell: the trusted reading, as `core.guard` has it."""
        self.served, self.early = (
            self._cells[first : first + MOST_WORKERS] for first in (_SERVED, _EARLY)
        )
        """For each worker, how often it answered from an opening, and how often it was asked for a
        path before its time."""

    def begin(self) -> None:
        """For the main process, before there are workers: go on from what was kept."""
        cells = self._cells
        run = _this_run_of_the_machine()
        latest = max(cells[_BEFORE:_SERVED])
        if run is None or cells[_IS] != _LAYOUT or (cells[_RUN], cells[_RUN + 1]) != run:
            # The machine started anew, and so did the time that carries a reading.
            cells[_AHEAD] = NO_READING
            latest = max(latest, cells[_KEPT])
        cells[_BEFORE] = latest
        for place in range(_FIRST, _END):
            cells[place] = 0
        cells[_RUN], cells[_RUN + 1] = run or (0, 0)
        cells[_IS] = _LAYOUT
        self.keep(latest)

    def keep(self, latest: int) -> None:
        """Bring to the disk that nothing later than `latest` and LEASE will be answered with for
        the next LEASE. For the main process."""
        self._cells[_KEPT] = latest + LEASE
        os.fsync(self._file)

    def take_place(self) -> int:
        """For a worker: a number below `workers` that is its own for as long as it lives.

        Raises CannotStart if none becomes free.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for place in range(self._workers):
                try:
                    fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                except OSError:
                    continue
                return place
            time.sleep(0.05)
        raise CannotStart(f"{self._place}: all of {self._workers} workers are there already")


def _this_run_of_the_machine() -> tuple[int, int] | None:
    """A name of it, 16 random bytes; None where the system gives it none."""
    try:
        name = bytes.fromhex(_BOOT_ID.read_text().strip().replace("-", ""))
    except FileNotFoundError:
        return None
    first, second = struct.unpack("=qq", name)
    return first, second
