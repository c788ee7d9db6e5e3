"""The bundle a release stands for now."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.seal import File, Manifest
from ninethirty.core.times import WallTime
from ninethirty.desk.record.models import Release


def manifest_of(release: Release) -> Manifest:
    """Raises NotAllowed: nothing was handed in yet."""
    told = release.manifest
    if told is None:
        raise NotAllowed(f"{release.id}: nothing has been staged")
    return Manifest(
        release=told["release"],
        title=told["title"],
        opens=WallTime.parse(told["opens"]),
        path=told["path"],
        announced=told["announced"],
        files=tuple(File(**file) for file in told["files"]),
    )
