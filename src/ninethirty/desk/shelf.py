"""The desk's own store, from which gates pull: objects by digest, and the signed root.

    objects/ab/ab12...      files, documents and lists
    root                    the signed root of the schedule
    acknowledged/*.json     which gate stands for which root
    notes/ab12...           what people meant by a document; gates do not take it

No Django here: a schedule can be made without a desk's database.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
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

_PIECE = 1 << 20


class Shelf:
    def __init__(self, folder: Path, key: SigningKey, *, site: str, drill: bool) -> None:
        self._folder = folder
        self._key = key
        self.site = site
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

    def put_file(self, source: Path, tell: Callable[[int], None]) -> tuple[str, int]:
        """Keep the bytes of a file, in constant memory; their digest, and how many they are.

        tell: hears of every piece copied, for somebody who waits.
        """
        half = self._folder / "objects" / f"{secrets.token_hex(8)}.part"
        found, size_bytes = sha256(), 0
        try:
            with source.open("rb") as content, half.open("wb") as target:
                while piece := content.read(_PIECE):
                    found.update(piece)
                    target.write(piece)
                    size_bytes += len(piece)
                    tell(len(piece))
                target.flush()
                os.fsync(target.fileno())
            place = self._place(found.hexdigest())
            if not place.exists():
                place.parent.mkdir(exist_ok=True)
                half.replace(place)
                _sync(place.parent)
        finally:
            half.unlink(missing_ok=True)
        return found.hexdigest(), size_bytes

    def put_note(self, document: str, note: bytes) -> None:
        """Keep a note on the document with this digest."""
        place = self._folder / "notes" / document
        place.parent.mkdir(exist_ok=True)
        _write(place, note)

    def read(self, name: str) -> bytes:
        """Raises FileMissing, or SealBroken if the disk gives back other bytes."""
        return read_object(self._folder, name)

    def check(self, name: str, what: str) -> None:
        """Raises as `read` does, and names what it is for; in constant memory."""
        found = sha256()
        try:
            with self._place(name).open("rb") as content:
                while piece := content.read(_PIECE):
                    found.update(piece)
        except FileNotFoundError as missing:
            raise FileMissing(
                f"{what}: {name[:12]}… is not on the shelf {self._folder}"
            ) from missing
        if found.hexdigest() != name:
            raise SealBroken(
                f"{what}: kept as {name[:12]}…, found {found.hexdigest()[:12]}… "
                f"in {self._place(name)}"
            )

    def publish(
        self,
        name: str,
        openings: Iterable[Opening],
        now: Instant,
        *,
        unread: Collection[str] = (),
    ) -> str:
        """Sign a schedule in which this document says this; the digest of its root.

        unread: digests of files that are not read again, since gates hold them already: a hold is
        not refused because our own copy of what it does not touch went bad.

        Raises:
            ScheduleRefused: the document cannot be. FileMissing: it names a file not put here.
        """
        openings = list(openings)
        for opening in openings:
            if isinstance(opening.answer, Content) and opening.answer.digest not in unread:
                self.check(opening.answer.digest, opening.path)
        with self.alone("root"):
            held = self.root()
            lists = dict(held.lists) if held else {}
            in_list = list_for(name)
            documents = read_list(self.read(lists[in_list])) if in_list in lists else {}
            documents[name] = self.put(write_document(name, openings))
            lists[in_list] = self.put(write_list(documents))
            version = next_version(now, held.version if held else 0)
            signed = write_root(Root(self.site, version, self._drill, lists), self._key)
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

    def put_acknowledgement(self, gate: str, said: bytes) -> None:
        """Keep what a gate said that cannot write here itself."""
        place = self._folder / "acknowledged" / f"{gate}.json"
        place.parent.mkdir(exist_ok=True)
        _write(place, said)

    def _place(self, name: str) -> Path:
        return self._folder / "objects" / name[:2] / name

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """While this is held nobody else, in any process, changes `what`."""
        with (self._folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def read_object(shelf: Path, name: str) -> bytes:
    """What lies on a shelf under this digest. Raises FileMissing or SealBroken."""
    try:
        content = (shelf / "objects" / name[:2] / name).read_bytes()
    except FileNotFoundError as missing:
        raise FileMissing(f"{name[:12]}…: not on the shelf {shelf}") from missing
    if digest(content) != name:
        raise SealBroken(
            f"kept as {name[:12]}…, found {digest(content)[:12]}… on the shelf {shelf}"
        )
    return content


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anybody is told."""
    # Two threads may put the same file at once.
    half = place.with_suffix(f".{secrets.token_hex(8)}.part")
    with half.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    half.replace(place)
    _sync(place.parent)


def _sync(directory: Path) -> None:
    """So that a name given in it outlives a power cut."""
    folder = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
