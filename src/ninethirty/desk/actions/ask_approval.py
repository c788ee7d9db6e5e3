"""Say that a sealed bundle waits for a second person."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role, Stage, stage
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import facts_of, lock


def ask_approval(release: str, *, by: str) -> Fact:
    """Raises NotAllowed: it is not sealed, or is approved already, or somebody else's to ask."""
    role = role_on(release, by)
    if role is not Role.STATISTICIAN:
        raise NotAllowed(f"approval_asked: not for a {role}; it takes a {Role.STATISTICIAN}")
    with transaction.atomic():
        lock([release])
        reached = stage(facts_of(release))
        if reached is not Stage.SEALED:
            raise NotAllowed(f"approval_asked: the release is {reached}, expected {Stage.SEALED}")
        return note(release, Kind.APPROVAL_ASKED, by)
