"""Close the bundle: from here on it has a digest, and a second person can approve that."""

from ninethirty.core.document import canonical
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import acting, note
from ninethirty.desk.actions.bundle import manifest_of
from ninethirty.desk.setup import setup


def seal(release: str, *, by: str) -> Fact:
    """The manifest is kept on the shelf under its seal, so that the next bundle can be laid beside
    this one. Raises NotAllowed."""
    with acting(release, Kind.SEALED, by) as (row, _):
        sealed = setup().shelf().put(canonical(manifest_of(row).document()))
        return note(release, Kind.SEALED, by, seal=sealed)
