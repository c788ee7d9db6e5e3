"""Files written whole or not at all, and objects named by the digest of what lies there."""

import os
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from ninethirty.core.document import digest
from ninethirty.core.errors import FileMissing, SealBroken

OBJECTS = "objects"


def place_of(shelf: Path, name: str) -> Path:
    return shelf / OBJECTS / name[:2] / name


def read_object(shelf: Path, name: str) -> bytes:
    """What lies on a shelf under this digest. Raises FileMissing or SealBroken."""
    try:
        content = place_of(shelf, name).read_bytes()
    except FileNotFoundError as missing:
        raise FileMissing(f"{name[:12]}…: not on the shelf {shelf}") from missing
    if digest(content) != name:
        raise SealBroken(
            f"kept as {name[:12]}…, found {digest(content)[:12]}… on the shelf {shelf}"
        )
    return content


def keep(shelf: Path, pieces: Iterable[bytes]) -> str:
    """Keep an object, in constant memory; its name."""
    half = shelf / OBJECTS / f"{secrets.token_hex(8)}.part"
    found = sha256()
    try:
        with half.open("wb") as target:
            for piece in pieces:
                found.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        place = place_of(shelf, found.hexdigest())
        place.parent.mkdir(exist_ok=True)
        half.replace(place)
        sync(place.parent)
    finally:
        half.unlink(missing_ok=True)
    return found.hexdigest()


def write(place: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anybody is told."""
    place.parent.mkdir(parents=True, exist_ok=True)
    # Two threads may put the same file at once.
    half = place.with_suffix(f".{secrets.token_hex(8)}.part")
    try:
        with half.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        half.replace(place)
        sync(place.parent)
    finally:
        half.unlink(missing_ok=True)


def sync(directory: Path) -> None:
    """So that a name given in it outlives a power cut."""
    folder = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
