"""What the desk's schedule says of a release's addresses, and taking back what has not opened."""

from ninethirty.core.schedule import Opening
from ninethirty.core.times import Instant
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


def document_of(release: Release) -> str:
    """A correction is in the same document as what it corrects: no two may claim one path."""
    return f"release/{release.replaces or release.id}"


def openings_of(release: Release) -> list[Opening]:
    """What has opened by now; what is still to open is not in it."""
    now = setup().clock().now()
    return [opening for opening in scheduled(document_of(release)) if opening.opens <= now]


def take_back(release: Release, now: Instant) -> int:
    """Publish a schedule in which nothing of this release is still to open; its version."""
    shelf = setup().shelf()
    shelf.publish(document_of(release), openings_of(release), now)
    root = shelf.root()
    assert root is not None
    return root.version


def scheduled(document: str) -> list[Opening]:
    """What a document of the schedule says; nothing if it is not in it."""
    return list(setup().shelf().says(document))
