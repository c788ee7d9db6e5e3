"""What a runner has begun to hand in, and what came of it: a file that outlives a killed process.

boot ID           of the machine, since when it runs
begun 12          written before the server is given the end of a mail
sent 12           and what it answered; or refused, bounced, later
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass
class Told:
    """begun: without an answer. whole: nothing that was written can be missing."""

    whole: bool
    begun: set[int] = field(default_factory=set)
    ended: dict[int, str] = field(default_factory=dict)


class Journal:
    def __init__(self, place: Path) -> None:
        place.parent.mkdir(exist_ok=True)
        self._file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.forget()

    def note(self, word: str, id: int) -> None:
        """One write, which the kernel has from then on, whatever becomes of us."""
        os.write(self._file, f"{word} {id}\n".encode())

    def forget(self) -> None:
        """All of it is in the record by now."""
        os.ftruncate(self._file, 0)
        os.write(self._file, f"boot {_boot()}\n".encode())

    def close(self) -> None:
        os.close(self._file)


def read(place: Path) -> Told:
    """A machine that lost its power may have lost the end of the file; another has no such file."""
    try:
        first, *lines = place.read_text().splitlines()
    except (FileNotFoundError, ValueError):
        return Told(whole=False)
    told = Told(whole=first == f"boot {_boot()}")
    for line in lines:
        word, _, id = line.partition(" ")
        if not id.isdigit():
            continue
        if word == "begun":
            told.begun.add(int(id))
        else:
            told.begun.discard(int(id))
            told.ended[int(id)] = word
    return told


def _boot() -> str:
    return _BOOT.read_text().strip() if _BOOT.exists() else ""
