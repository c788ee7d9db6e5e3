"""The files of a folder, as a bundle."""

from pathlib import Path

from ninethirty.core.errors import BundleRefused


def contents_of(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its name in it. Raises BundleRefused, as `places_of` does."""
    return {name: place.read_bytes() for name, place in places_of(folder).items()}


def places_of(folder: Path) -> dict[str, Path]:
    """Where every file below the folder is, by its name in it.

    Raises:
        BundleRefused: there is no such folder, a link leads out of it or nowhere, or something in
        it is no file.
    """
    if not folder.is_dir():
        raise BundleRefused(f"{folder} is not a folder")
    found: dict[str, Path] = {}
    for place in sorted(folder.rglob("*")):
        name = place.relative_to(folder).as_posix()
        if not place.resolve().is_relative_to(folder.resolve()):
            raise BundleRefused(f"{name} is a link that leads out of the folder")
        if place.is_dir():
            continue
        if not place.is_file():
            # Left out in silence, it would be missed by readers at T.
            raise BundleRefused(f"{name} is not a file, or a link that leads nowhere")
        found[name] = place
    return found
