"""A parcel on its way: a folder of its own, which grows piece by piece and can be gone on with.

listed.json     what its sender will send
came/0, came/1  what has come of each file, under its number in the list
made/           the folder that is handed in, once all is there
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from ninethirty.core.errors import BundleRefused
from ninethirty.desk.disk import write
from ninethirty.desk.parcel.names import Listed, check_listing
from ninethirty.desk.parcel.unpack import unpack

_PIECE = 1 << 16
_GONE = "the upload was given up meanwhile; begin it again"


class Parcel:
    """In `folder`, which is this sender's alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, files: Sequence[Listed]) -> list[int]:
        """How many bytes of each file are here; what came of another list is thrown away.

        Raises BundleRefused.
        """
        check_listing(files)
        told = json.dumps([asdict(file) for file in files]).encode()
        with self._alone():
            if not self._list.is_file() or self._list.read_bytes() != told:
                self._empty()
                (self._folder / "came").mkdir()
                write(self._list, told)
            return [self._size(number) for number in range(len(files))]

    def add(self, number: int, offset: int, read: Callable[[int], bytes]) -> int:
        """Take a piece of a file, from what `read` gives until it gives nothing; how many bytes of
        the file are here now. If they are not `offset` before it, nothing is taken.

        Raises BundleRefused: no such file, or more than was listed.
        """
        with self._alone():
            files = self.files()
            if not 0 <= number < len(files):
                raise BundleRefused(_GONE)
            size = self._size(number)
            if size != offset:
                return size
            with self._came(number).open("ab") as target:
                while piece := read(_PIECE):
                    size += len(piece)
                    if size > files[number].size_bytes:
                        target.truncate(offset)
                        raise BundleRefused(
                            f"{files[number].name}: more came than was listed; it was changed "
                            "meanwhile. Choose the folder anew"
                        )
                    target.write(piece)
            return size

    def files(self) -> list[Listed]:
        try:
            return [Listed(**one) for one in json.loads(self._list.read_bytes())]
        except FileNotFoundError:
            return []

    @contextmanager
    def made(self) -> Iterator[Path]:
        """The folder to hand in; gone, with all that came, once that was done.

        Raises BundleRefused: something is still missing, or the zip file in it is not taken.
        """
        with self._alone():
            files = self.files()
            if not files:
                raise BundleRefused(_GONE)
            for number, file in enumerate(files):
                if self._size(number) != file.size_bytes:
                    raise BundleRefused(
                        f"{file.name}: {self._size(number):,} of {file.size_bytes:,} bytes have "
                        "come; choose the same folder again, and it goes on from there"
                    )
            made = self._folder / "made"
            shutil.rmtree(made, ignore_errors=True)
            if len(files) == 1 and files[0].name.lower().endswith(".zip"):
                unpack(self._came(0), made)
            else:
                for number, name in enumerate(_without_folder(files)):
                    place = made / name
                    place.parent.mkdir(parents=True, exist_ok=True)
                    os.link(self._came(number), place)
            yield made
            self._empty()

    def forget(self) -> None:
        with self._alone():
            self._empty()

    def last_came(self) -> float | None:
        """When, in seconds since 1970; None: nothing is here."""
        places = [self._list, *(self._folder / "came").glob("*")]
        return max((one.stat().st_mtime for one in places if one.exists()), default=None)

    def forget_unless_in_use(self, last: float) -> bool:
        """Whether it was thrown away: nobody is at it, and nothing came since `last`."""
        try:
            with self._alone(wait=False):
                if self.last_came() != last:
                    return False
                self._empty()
        except BlockingIOError:
            return False
        return True

    @property
    def _list(self) -> Path:
        return self._folder / "listed.json"

    def _came(self, number: int) -> Path:
        return self._folder / "came" / str(number)

    def _size(self, number: int) -> int:
        try:
            return self._came(number).stat().st_size
        except FileNotFoundError:
            return 0

    def _empty(self) -> None:
        for name in ("came", "made"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        self._list.unlink(missing_ok=True)

    @contextmanager
    def _alone(self, *, wait: bool = True) -> Iterator[None]:
        """Two windows of one person do not write into one file. Raises BlockingIOError: there is
        another, and we do not wait for it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield


def _without_folder(files: Sequence[Listed]) -> list[str]:
    """A browser gives the name of the folder that was chosen with each name in it."""
    first = files[0].name.partition("/")[0] + "/"
    if all(file.name.startswith(first) for file in files):
        return [file.name.removeprefix(first) for file in files]
    return [file.name for file in files]
