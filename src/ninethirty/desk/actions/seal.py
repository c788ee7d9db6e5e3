"""Close the bundle: from here on it has a digest, and a second person can approve that."""

from django.db import transaction

from ninethirty.core import seal as rule
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import check_may
from ninethirty.desk.actions.bundle import manifest_of
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.facts import append, facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


@transaction.atomic
def seal(release: str, *, by: str) -> Fact:
    """Raises NotAllowed."""
    check_may(Kind.SEALED, role_of(by), by, facts_of(release))
    row = Release.objects.select_for_update().get(id=release)
    row.seal = rule.seal(manifest_of(row))
    row.save()
    now = setup().clock().now()
    return append(release, Kind.SEALED, at=now, recorded=now, actor=by, details={"seal": row.seal})
