"""Hand in the files of a release."""

from pathlib import Path

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.seal import PAGE, Manifest, files_of
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, note
from ninethirty.desk.folder import contents_of
from ninethirty.desk.public.inside import preview
from ninethirty.desk.public.written.page import with_page
from ninethirty.desk.public.written.text import SOURCE
from ninethirty.desk.setup import setup


def stage(release: str, folder: Path, *, by: str) -> Fact:
    """Copy every file of the folder to the shelf. Staging anew voids seal and approval.

    Raises:
        BundleRefused: no index.html, or an index.md in which something is wrong, an empty file, a
            broken table or workbook, a name that is not safe. NotAllowed.
    """
    with acting(release, Kind.STAGED, by) as (row, _):
        contents = contents_of(folder)
        made = with_page(contents, contents.__getitem__, row.path)
        if made:
            del contents[SOURCE]
            contents[PAGE] = made[PAGE]
        for name, content in contents.items():
            preview(name, content)  # What cannot be shown beside it, nobody else can open either.
        files = files_of(contents)
        shelf = setup().shelf()
        for content in contents.values():
            shelf.put(content)
        row.manifest = Manifest(
            release, row.title, WallTime.parse(row.opens), row.path, row.announced, files
        ).document()
        row.save(update_fields=["manifest"])
        size_bytes = sum(file.size_bytes for file in files)
        return note(release, Kind.STAGED, by, files=len(files), bytes=size_bytes)
