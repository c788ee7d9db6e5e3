"""A folder that a web server reads, or a copier that belongs to somebody else.

Staged in a folder that only we may enter, and each file put in place by renaming it: whoever reads
gets the old one or the new one, whole.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from ninethirty.core.errors import OutsideFailed


class Folder:
    """place: the folder that stands for "/"; it must be there."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def stage(self, private: str, files: Mapping[str, bytes]) -> None:
        with self._explained():
            waiting = self._waiting(private)
            waiting.mkdir(mode=0o700, exist_ok=True)
            for name, content in files.items():
                _write(waiting / name, content)

    def open(self, private: str, path: str, names: Sequence[str]) -> None:
        with self._explained():
            for name in names:
                goal = self._public(path, name)
                goal.parent.mkdir(parents=True, exist_ok=True)
                (self._waiting(private) / name).replace(goal)
                _sync(goal.parent)
            shutil.rmtree(self._waiting(private))

    def read(self, path: str, name: str) -> bytes:
        with self._explained():
            return self._public(path, name).read_bytes()

    def check(self) -> None:
        with self._explained():
            trial = self._waiting(token_hex(16))
            trial.mkdir(mode=0o700)
            trial.rmdir()

    def _waiting(self, private: str) -> Path:
        return self._place / f".{private}"

    def _public(self, path: str, name: str) -> Path:
        return self._place / path.strip("/") / name

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as wrong:
            raise OutsideFailed(
                f"{wrong.filename or self._place}: {wrong.strerror}", retry=True
            ) from wrong


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    place.chmod(0o644)


def _sync(folder: Path) -> None:
    """A name is on the disk once its folder is."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
