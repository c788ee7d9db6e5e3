"""What every act on a report has in common: it is locked, allowed, done and told as one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import from_document
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.report import check_may
from ninethirty.core.times import When
from ninethirty.desk.actions.whose import OWN, role_for, role_on
from ninethirty.desk.record.facts import append, facts_of, lock
from ninethirty.desk.record.models import Breach, BreachVersion, Release
from ninethirty.desk.record.register import settle, subject_of
from ninethirty.desk.setup import setup


@contextmanager
def acting(
    reference: str, act: Kind, by: str, *, role: Role | None = None
) -> Iterator[tuple[Breach, list[Fact]]]:
    """The entry and its facts, which nobody else changes until this is left.

    role: of one who is not a person here, such as a body by its signed answer.

    Raises:
        NotAllowed: this person may not do this now, does not work for its producer, or there is
            no such breach.
    """
    with transaction.atomic():
        lock([subject_of(reference)])
        facts = facts_of(subject_of(reference))
        breach = breach_of(reference)
        check_may(
            act, role or role_at(breach.release, by), by, facts, reviewed=setup().reports.reviewed
        )
        yield breach, facts
        breach.refresh_from_db(fields=["stage"])
        settle(breach)


def role_at(release: str, by: str) -> Role:
    """Who somebody is to a report about this release; one about none of ours is the desk's own.

    Raises NotAllowed.
    """
    ours = Release.objects.filter(id=release).exists()
    return role_on(release, by) if ours else role_for(OWN, by)


def breach_of(reference: str) -> Breach:
    """Raises NotAllowed: there is none."""
    try:
        return Breach.objects.get(reference=reference)
    except Breach.DoesNotExist as missing:
        raise NotAllowed(f"{reference}: there is no such breach in the register") from missing


def version_of(breach: Breach, n: int = 0) -> BreachVersion:
    """That version; the newest unless one is named."""
    return BreachVersion.objects.get(breach=breach, n=n or breach.version)


def report_of(breach: Breach, n: int = 0) -> Report:
    return from_document(version_of(breach, n).document)


def note(
    reference: str,
    kind: Kind,
    by: str,
    *,
    at: When | None = None,
    key: str = "",
    said_by: str = "",
    **details: Any,
) -> Fact:
    """It happened now, unless said otherwise."""
    now = setup().clock().now()
    return append(
        subject_of(reference),
        kind,
        at=at or now,
        recorded=now,
        actor=by,
        key=key,
        said_by=said_by,
        details=details,
    )
