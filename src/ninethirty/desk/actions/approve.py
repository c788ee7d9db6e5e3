"""A second person puts their name to the seal."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import check_may
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.facts import append, facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


@transaction.atomic
def approve(release: str, seal: str, *, by: str) -> Fact:
    """`seal`: the digest this person looked at; if the bundle has another by now, nothing is done.

    Raises:
        NotAllowed
    """
    check_may(Kind.APPROVED, role_of(by), by, facts_of(release))
    row = Release.objects.select_for_update().get(id=release)
    if row.seal != seal:
        raise NotAllowed(f"{release}: sealed as {row.seal[:12]}…, you looked at {seal[:12]}…")
    now = setup().clock().now()
    return append(release, Kind.APPROVED, at=now, recorded=now, actor=by, details={"seal": seal})
