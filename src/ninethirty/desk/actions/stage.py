"""Hand in the files of a release."""

from pathlib import Path

from django.db import transaction

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import check_may
from ninethirty.core.seal import Manifest, files_of
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.folder import contents_of
from ninethirty.desk.record.facts import append, facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


@transaction.atomic
def stage(release: str, folder: Path, *, by: str) -> Fact:
    """Copy every file of the folder to the shelf. Staging anew voids seal and approval.

    Raises:
        BundleRefused: no index.html, an empty file, a name that is not safe. NotAllowed.
    """
    check_may(Kind.STAGED, role_of(by), by, facts_of(release))
    row = Release.objects.select_for_update().get(id=release)
    contents = contents_of(folder)
    files = files_of(contents)
    shelf = setup().shelf()
    for content in contents.values():
        shelf.put(content)
    row.manifest = Manifest(
        release, row.title, WallTime.parse(row.opens), row.path, row.announced, files
    ).document()
    row.seal = ""
    row.save()
    now = setup().clock().now()
    return append(
        release,
        Kind.STAGED,
        at=now,
        recorded=now,
        actor=by,
        details={"files": len(files), "bytes": sum(file.size_bytes for file in files)},
    )
