"""Hand in the files of a release."""

from pathlib import Path

from ninethirty.core.errors import BundleRefused
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.seal import PAGE, File, Manifest, check_names, media_type
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, note
from ninethirty.desk.folder import places_of
from ninethirty.desk.public.inside import looks_inside, preview
from ninethirty.desk.public.release import LARGEST_BYTES
from ninethirty.desk.public.written.page import with_page
from ninethirty.desk.public.written.text import SOURCE
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.bundle import BEFORE


def stage(release: str, folder: Path, *, by: str) -> Fact:
    """Copy every file of the folder to the shelf. Staging anew voids seal and approval.

    Raises:
        BundleRefused: no index.html, or an index.md in which something is wrong, an empty file, a
            broken table or workbook, a name that is not safe, a page before T. NotAllowed.
    """
    with acting(release, Kind.STAGED, by) as (row, _):
        path = row.path
    # Before anything is locked: the runner writes meanwhile, however large the files are.
    files = _shelved(folder, path)
    with acting(release, Kind.STAGED, by) as (row, _):
        row.manifest = Manifest(
            release, row.title, WallTime.parse(row.opens), row.path, row.announced, files
        ).document()
        row.save(update_fields=["manifest"])
        size_bytes = sum(file.size_bytes for file in files)
        return note(release, Kind.STAGED, by, files=len(files), bytes=size_bytes)


def _shelved(folder: Path, path: str) -> tuple[File, ...]:
    """Every file, checked and then kept, those that are not looked into in constant memory."""
    places = places_of(folder)
    if any(name.startswith(f"{BEFORE}/") for name in places):
        # As a file of the release it would be public from T on, which nobody means.
        raise BundleRefused(
            f"{BEFORE}/ is for `ninethirty seal`: a desk makes the page before T itself, from the "
            f"calendar; take {BEFORE}/ out of the folder"
        )
    made = with_page(places, lambda name: places[name].read_bytes(), path)
    if made:
        del places[SOURCE]
    written = {PAGE: made[PAGE]} if made else {}
    sizes = {name: place.stat().st_size for name, place in places.items()}
    check_names(sizes | {name: len(content) for name, content in written.items()})
    for name, place in places.items():
        if looks_inside(name) and sizes[name] <= LARGEST_BYTES:
            preview(name, place.read_bytes())  # Broken, it could not be opened by others either.
    shelf = setup().shelf()
    files = [
        File(name, shelf.put(content), len(content), media_type(name))
        for name, content in written.items()
    ]
    for name, place in places.items():
        digest, size_bytes = shelf.put_file(place, lambda _: None)
        files.append(File(name, digest, size_bytes, media_type(name)))
    return tuple(sorted(files, key=lambda file: file.name))
