"""What files of a parcel may be called, so that the same folder comes out on every machine."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ninethirty.core.errors import BundleRefused
from ninethirty.core.seal import check_name

MOST_FILES = 1_000
MOST_BYTES = 5_000_000_000
"""Of a parcel, unpacked."""

LONGEST_NAME = 200
"""Bytes; what every file system takes, with room for a folder before it."""

_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))]
)
_MOST_OTHERS = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Listed:
    """A file as its sender lists it. modified: ms since 1970, by the sender's machine; it tells a
    file that was changed from one whose upload goes on."""

    name: str
    size_bytes: int
    modified: int = 0


def check_listing(files: Sequence[Listed]) -> None:
    """Raises BundleRefused: no parcel can hold these files together; says which, and what to do."""
    if not files:
        raise BundleRefused("there is no file in it; choose a folder with index.html or index.md")
    if len(files) > MOST_FILES:
        raise BundleRefused(
            f"it has {len(files):,} files, and at most {MOST_FILES:,} are taken; is it the right "
            "folder?"
        )
    for file in files:
        check_portable(file.name)
        if file.size_bytes <= 0:
            raise BundleRefused(f"{file.name} is empty; fill it, or take it out of the folder")
    check_apart(file.name for file in files)
    total = sum(file.size_bytes for file in files)
    if total > MOST_BYTES:
        raise BundleRefused(
            f"it is {total:,} bytes, and at most {MOST_BYTES:,} are taken; leave out what is not "
            "part of the release"
        )


def check_portable(name: str) -> None:
    """Raises BundleRefused: a name that leads elsewhere, or that Windows would not give back."""
    if "\\" in name:
        raise BundleRefused(f"{name!r}: has a backslash; pack the folder with / between names")
    if name.startswith("/"):
        raise BundleRefused(f"{name!r}: begins at the root of a disk; pack the folder itself")
    check_name(name)
    if len(name.encode()) > LONGEST_NAME:
        raise BundleRefused(f"{name[:60]!r}…: is longer than {LONGEST_NAME} bytes; shorten it")
    for part in name.split("/"):
        if part.endswith((".", " ")) or part.startswith(" "):
            raise BundleRefused(f"{name!r}: a name ends in a dot, or has a space at an end")
        if part.partition(".")[0].strip().upper() in _DEVICES:
            raise BundleRefused(f"{name!r}: {part} is the name of a device on Windows; rename it")
        if part.casefold() in _MOST_OTHERS:
            raise BundleRefused(f"{name!r}: Windows put it there, not you; delete it first")


def check_apart(names: Iterable[str]) -> None:
    """Raises BundleRefused: two are one file on some machine, or one is a folder of another."""
    seen: dict[str, str] = {}
    for name in names:
        folded = same(name)
        if folded in seen:
            raise BundleRefused(f"{seen[folded]!r} and {name!r} are one name; rename one of them")
        seen[folded] = name
    for folded, name in seen.items():
        parts = folded.split("/")
        for end in range(1, len(parts)):
            other = seen.get("/".join(parts[:end]))
            if other:
                raise BundleRefused(f"{other!r} is both a file and the folder of {name!r}")


def same(name: str) -> str:
    """Equal for names that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
