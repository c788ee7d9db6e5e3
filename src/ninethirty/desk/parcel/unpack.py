"""Unpack a zip file beside it, in constant memory, or refuse it before a byte of it is believed."""

import shutil
import stat
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from ninethirty.core.errors import BundleRefused
from ninethirty.desk.parcel.names import MOST_BYTES, MOST_FILES, Listed, check_listing

MOST_RATIO = 200
"""Unpacked to packed. A table of zeros reaches 100; a bomb a thousand."""

_SMALL = 10_000_000
"""Bytes unpacked up to which the ratio does not matter."""

_PIECE = 1 << 20
_NOT_OURS = ("__MACOSX/", ".DS_Store")
"""What the Mac puts into every zip file it makes."""

_BROKEN = (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, ZlibError)


def unpack(packed: Path, into: Path) -> None:
    """Every file of the archive, below `into`, which must not exist yet. One folder around them
    all is left away.

    Raises:
        BundleRefused: a bomb, unsafe or double names, too many files, a link, a password, or
            damaged; `into` is then not there.
    """
    into.mkdir(parents=True)
    try:
        with ZipFile(packed) as archive:
            entries = _entries(archive)
            names = _without_folder([entry.filename for entry in entries])
            check_listing([Listed(n, e.file_size) for n, e in zip(names, entries, strict=True)])
            left = MOST_BYTES
            for name, entry in zip(names, entries, strict=True):
                left -= _write(archive, entry, into / name, left)
    except BaseException as wrong:
        shutil.rmtree(into)
        if isinstance(wrong, _BROKEN):
            raise BundleRefused(
                "the zip file is cut off or damaged; pack and send it anew"
            ) from wrong
        raise


def _entries(archive: ZipFile) -> list[ZipInfo]:
    found = archive.infolist()
    if len(found) > 2 * MOST_FILES:
        raise BundleRefused(
            f"it has {len(found):,} files, and at most {MOST_FILES:,} are taken; is it the right "
            "folder?"
        )
    kept = []
    for entry in found:
        # The reader gives names with the signs of this machine; what was written is orig_filename.
        name = entry.orig_filename
        if entry.is_dir() or name.startswith(_NOT_OURS[0]) or name.endswith(_NOT_OURS[1]):
            continue
        entry.filename = name
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise BundleRefused(f"{name!r} is a link or a device; put the file itself there")
        if entry.flag_bits & 1:
            raise BundleRefused(f"{name!r} is behind a password; pack it without one")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BundleRefused(f"{name!r} is packed in a way not taken; use an ordinary zip file")
        if entry.file_size > max(_SMALL, MOST_RATIO * entry.compress_size):
            raise BundleRefused(
                f"{name!r} says that it unpacks to {entry.file_size:,} bytes from "
                f"{entry.compress_size:,}; send that file without packing it"
            )
        kept.append(entry)
    return kept


def _without_folder(names: Sequence[str]) -> list[str]:
    first = names[0].partition("/")[0] + "/" if names and "/" in names[0] else ""
    if first and all(name.startswith(first) for name in names):
        return [name.removeprefix(first) for name in names]
    return list(names)


def _write(archive: ZipFile, entry: ZipInfo, place: Path, most: int) -> int:
    """What an archive says of its own sizes need not be so: what comes out is counted."""
    place.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as packed, place.open("xb") as target:
        while piece := packed.read(_PIECE):
            written += len(piece)
            if written > min(most, entry.file_size):
                raise BundleRefused(f"{place.name}: unpacks to more than it says; pack it anew")
            target.write(piece)
    if written != entry.file_size:
        raise BundleRefused(f"{place.name}: unpacks to less than it says; pack it anew")
    return written
