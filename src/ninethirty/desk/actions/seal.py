"""Close the bundle: from here on it has a digest, and a second person can approve that."""

from ninethirty.core import seal as rule
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import acting, note
from ninethirty.desk.actions.bundle import manifest_of


def seal(release: str, *, by: str) -> Fact:
    """Raises NotAllowed."""
    with acting(release, Kind.SEALED, by) as (row, _):
        return note(release, Kind.SEALED, by, seal=rule.seal(manifest_of(row)))
