"""The bundle a release stands for now, and the page made of it."""

from ninethirty.core.document import Json, digest
from ninethirty.core.errors import NotAllowed
from ninethirty.core.page import visible_text
from ninethirty.core.seal import PAGE, File, Manifest
from ninethirty.core.times import WallTime
from ninethirty.desk.public.release import render, version_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


def manifest_of(release: Release) -> Manifest:
    """Raises NotAllowed: nothing was handed in yet."""
    if release.manifest is None:
        raise NotAllowed(f"{release.id}: nothing has been staged")
    return manifest_in(release.manifest)


def manifest_in(told: Json) -> Manifest:
    """The manifest as the row keeps it."""
    return Manifest(
        release=told["release"],
        title=told["title"],
        opens=WallTime.parse(told["opens"]),
        path=told["path"],
        announced=told["announced"],
        files=tuple(File(**file) for file in told["files"]),
    )


def index_of(manifest: Manifest) -> str:
    """The producer's own page."""
    named = next(file.digest for file in manifest.files if file.name == PAGE)
    return setup().shelf().read(named).decode(errors="replace")


def page_of(manifest: Manifest, seal: str) -> str:
    """The page as our gate will carry it."""
    return render(manifest, setup().producer, version_of(manifest, seal, setup().shelf().read))


def words_of(page: str) -> str:
    """The digest of what readers see in the main element. It is approved with the bundle, so that
    a later version of our templates may change the frame around it and nothing else."""
    return digest(visible_text(page).encode())
