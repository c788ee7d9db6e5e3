"""The desk's own store, from which gates pull: objects by digest, and the signed root.

    objects/ab/ab12...      files, documents and lists
    root                    the signed root of the schedule
    acknowledged/*.json     which gate stands for which root

No Django here: a schedule can be made without a desk's database.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.errors import FileMissing, SealBroken
from ninethirty.core.schedule import (
    Content,
    Opening,
    Root,
    list_for,
    next_version,
    read_list,
    read_root,
    write_document,
    write_list,
    write_root,
)
from ninethirty.core.times import Instant


class Shelf:
    def __init__(self, folder: Path, key: SigningKey, *, site: str, drill: bool) -> None:
        self._folder = folder
        self._key = key
        self._site = site
        self._drill = drill
        (folder / "objects").mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Keep these bytes; the digest is their name."""
        name = digest(content)
        place = self._place(name)
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            _write(place, content)
        return name

    def read(self, name: str) -> bytes:
        """Raises FileMissing, or SealBroken if the disk gives back other bytes."""
        try:
            content = self._place(name).read_bytes()
        except FileNotFoundError as missing:
            raise FileMissing(f"{name[:12]}…: not on the shelf {self._folder}") from missing
        if digest(content) != name:
            raise SealBroken(f"kept as {name[:12]}…, found {digest(content)[:12]}…")
        return content

    def publish(self, name: str, openings: Iterable[Opening], now: Instant) -> str:
        """Sign a schedule in which this document says this; the digest of its root.

        Raises:
            ScheduleRefused: the document cannot be. FileMissing: it names a file not put here.
        """
        openings = list(openings)
        for opening in openings:
            if isinstance(opening.answer, Content):
                self.read(opening.answer.digest)
        with self._alone():
            held = self.root()
            lists = dict(held.lists) if held else {}
            in_list = list_for(name)
            documents = read_list(self.read(lists[in_list])) if in_list in lists else {}
            documents[name] = self.put(write_document(name, openings))
            lists[in_list] = self.put(write_list(documents))
            version = next_version(now, held.version if held else 0)
            signed = write_root(Root(self._site, version, self._drill, lists), self._key)
            _write(self._folder / "root", signed)
        return digest(signed)

    def root(self) -> Root | None:
        try:
            return read_root((self._folder / "root").read_bytes(), self._key.public)
        except FileNotFoundError:
            return None

    def acknowledged(self) -> dict[str, int]:
        """Gate -> version of the schedule it stands for."""
        return {
            acknowledgement["gate"]: acknowledgement["version"]
            for place in sorted((self._folder / "acknowledged").glob("*.json"))
            for acknowledgement in [json.loads(place.read_bytes())]
        }

    def _place(self, name: str) -> Path:
        return self._folder / "objects" / name[:2] / name

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anybody is told."""
    half = place.with_suffix(f".{os.getpid()}.part")
    with half.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    half.replace(place)
