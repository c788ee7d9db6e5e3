"""Say that one is at it: for ten minutes from the last thing this person does, nobody is paged."""

from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.facts import append
from ninethirty.desk.setup import setup


def acknowledge(release: str, *, by: str) -> Fact:
    """Raises NotAllowed for somebody we do not know."""
    role_of(by)
    now = setup().clock().now()
    return append(release, Kind.ACKNOWLEDGED, at=now, recorded=now, actor=by)
