"""Leave a note for whoever takes over an incident."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import kept, note, release_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import lock


@transaction.atomic
def hand_over(release: str, text: str, *, by: str) -> Fact:
    """Raises NotAllowed: nobody we know, no such release, or not a word."""
    role_on(release, by)
    if not text.strip():
        raise NotAllowed("hand-over: write what the next person must know")
    lock([release])
    release_of(release)
    return note(release, Kind.HANDED_OVER, by, message=kept(release, Kind.HANDED_OVER, text))
