"""Whoever works on a release and looks at it before its time is in its log too."""

from django.db import transaction

from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.access.act import note, subject_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import lock


@transaction.atomic
def note_look(release: str, what: str, seal: str, *, by: str) -> Fact:
    """what: which page or file. Written before it is shown."""
    role_on(release, by)
    lock([subject_of(release)])
    return note(release, Kind.LOOKED_AT, by, file=what, seal=seal)
