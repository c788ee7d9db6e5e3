"""Files and documents by the digest of what lies there, each written once and locked.

    objects/ab/ab12...   (temporary file, rename; many are synced at once, before anybody is told)

Only the gate writes here. After a power cut a name may hold less than it says: the index does not
name it then, and whoever is about to name it reads it through first (`intact`).
"""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO

from ninethirty.core.document import digest
from ninethirty.core.errors import SealBroken

_PIECE = 1 << 20
_AT_ONCE = 4096
_SIDE_BY_SIDE = 8


class Objects:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._objects = folder / "objects"
        self._objects.mkdir(parents=True, exist_ok=True)
        self._unsettled: set[Path] = set()

    def place(self, name: str) -> Path:
        """Where the object with this digest lies, or would."""
        return self._objects / name[:2] / name

    def folders(self) -> list[Path]:
        """The up to 256 folders, named by how the names of the objects in them begin."""
        return sorted(self._objects.iterdir())

    def size_bytes(self, name: str) -> int:
        """0 if it is not there."""
        try:
            return self.place(name).stat().st_size
        except FileNotFoundError:
            return 0

    def intact(self, name: str) -> bool:
        """Does it lie here, and is it still what it was? Read in constant memory."""
        try:
            with self.place(name).open("rb") as lying:
                return file_digest(lying, "sha256").hexdigest() == name
        except FileNotFoundError:
            return False

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
        half = place.with_suffix(f".{secrets.token_hex(8)}.part")
        found = sha256()
        try:
            with half.open("wb") as target:
                while piece := source.read(_PIECE):
                    found.update(piece)
                    target.write(piece)
            if found.hexdigest() != name:
                raise SealBroken(f"asked for {name[:12]}…, got {found.hexdigest()[:12]}…")
            half.replace(place)
            self._unsettled.add(place)
        finally:
            half.unlink(missing_ok=True)
        if len(self._unsettled) >= _AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """After this a power cut loses nothing taken so far. Only then may the index name it."""
        folders = {place.parent for place in self._unsettled}
        if folders:
            # The disk writes many at once in hardly more time than one.
            with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
                list(threads.map(_sync, self._unsettled))
                list(threads.map(_sync, [*folders, self._objects]))
        self._unsettled.clear()


def _sync(place: Path) -> None:
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
