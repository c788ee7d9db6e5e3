"""A folder as it is to be sealed: the page, its files, and what the path answers before T.

index.html      the page, at the path itself, as it is; or index.md, which is made into it
data.csv        at PATH/data.csv
before/         what the path answers before T: its index.html or index.md at the path, the rest
                below it
"""

import filecmp
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ninethirty.core.errors import BundleRefused
from ninethirty.core.manifest import NAME as MANIFEST
from ninethirty.core.seal import PAGE, check_name
from ninethirty.desk.public.written.page import with_page
from ninethirty.desk.public.written.text import SOURCE

BEFORE = "before"
STYLE_BEFORE = "before.css"
"""Of a page before T that is made of index.md: another address than that of the release's."""


@dataclass(frozen=True)
class Bundle:
    """Names below the path, and where their bytes lie; of what was made of index.md, the bytes."""

    files: Mapping[str, Path | bytes]
    before: Mapping[str, Path | bytes]

    def size_bytes(self) -> int:
        contents = [*self.files.values(), *self.before.values()]
        return sum(
            len(content) if isinstance(content, bytes) else content.stat().st_size
            for content in contents
        )


def read_bundle(folder: Path, path: str, *, secret: Iterable[Path]) -> Bundle:
    """What lies in the folder, to be public at that path.

    secret: places that must not lie in it, since sealing would publish them.

    Raises:
        BundleRefused: it cannot be what a path answers.
    """
    for place in secret:
        if place.resolve().is_relative_to(folder.resolve()):
            raise BundleRefused(f"{place} lies in the folder to be sealed, {folder}; move it out")
    found = _walk(folder)
    if not found:
        raise BundleRefused(f"{folder}: expected {PAGE} and the files of the release, found none")
    prefix = f"{BEFORE}/"
    files = {name: place for name, place in found.items() if not name.startswith(prefix)}
    before = {
        name.removeprefix(prefix): place for name, place in found.items() if name.startswith(prefix)
    }
    made = with_page(files, lambda name: files[name].read_bytes(), path)
    if PAGE not in files and not made:
        raise BundleRefused(
            f"{folder}: expected {PAGE} or {SOURCE}, which is the page of the release; "
            f"found {_some(files) or 'nothing but ' + prefix}"
        )
    if BEFORE in files:
        raise BundleRefused(
            f"{folder}/{BEFORE}: expected a folder with what the path answers before T, found a "
            "file; give it another name"
        )
    for name in (MANIFEST, f"{BEFORE}/{MANIFEST}"):
        if name in found:
            raise BundleRefused(
                f"{folder}/{name}: expected a free place for the signed manifest of the release, "
                "found a file; give it another name"
            )
    made_before = _before(before, path)
    if (folder / BEFORE).is_dir():
        _check_before(folder, files, before)
    for name in sorted(({**files, **made}.keys() & {**before, **made_before}.keys()) - _PAGES):
        # One address, public before T: even the same bytes would be the release, early.
        raise BundleRefused(
            f"{name} is both in the folder and in {BEFORE}/, so one address would be public before "
            "T; name one of them otherwise"
        )
    files.pop(SOURCE, None)
    before.pop(SOURCE, None)
    return Bundle({**files, **made}, {**before, **made_before})


_PAGES = {PAGE, SOURCE}


def _before(before: Mapping[str, Path], path: str) -> dict[str, bytes]:
    """What is made of its index.md. Raises BundleRefused."""
    try:
        return with_page(before, lambda name: before[name].read_bytes(), path, style=STYLE_BEFORE)
    except BundleRefused as wrong:
        raise BundleRefused(f"in {BEFORE}/: {wrong}") from wrong


def _walk(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        raise BundleRefused(f"{folder}: expected a folder, found {found}")
    found_files: dict[str, Path] = {}
    inside = folder.resolve()
    try:
        for parent, folders, files in os.walk(folder, onerror=_refuse):
            for name in sorted([*folders, *files]):
                place = Path(parent, name)
                named = place.relative_to(folder).as_posix()
                if place.is_symlink() and not Path(os.path.realpath(place)).is_relative_to(inside):
                    raise BundleRefused(
                        f"{named} is a link that leads out of the folder; put the file itself there"
                    )
                if place.is_symlink() and place.is_dir():
                    # Not walked into, its files would be missed by readers at T.
                    raise BundleRefused(
                        f"{named} is a link to a folder; put the folder itself there"
                    )
                if place.is_dir():
                    continue
                if not place.is_file():
                    raise BundleRefused(f"{named} is not a file, or a link that leads nowhere")
                check_name(named)
                if not place.stat().st_size:
                    raise BundleRefused(f"{named} is empty; fill it or take it out of the folder")
                found_files[named] = place
    except OSError as wrong:
        raise BundleRefused(f"{wrong.filename}: cannot be read: {wrong.strerror}") from wrong
    return found_files


def _check_before(folder: Path, files: Mapping[str, Path], before: Mapping[str, Path]) -> None:
    if not _PAGES & before.keys():
        raise BundleRefused(
            f"{folder}/{BEFORE}: expected {PAGE} or {SOURCE}, which the path answers before T; "
            f"found {_some(before) or 'nothing'}"
        )
    for page in sorted(_PAGES & files.keys() & before.keys()):
        if filecmp.cmp(files[page], before[page], shallow=False):
            raise BundleRefused(
                f"{BEFORE}/{page} is the page of the release itself, and would be public before T"
            )


def _some(names: Mapping[str, Path]) -> str:
    first = sorted(names)[:3]
    return ", ".join(first) + (", …" if len(names) > len(first) else "")


def _refuse(wrong: OSError) -> None:
    raise wrong
