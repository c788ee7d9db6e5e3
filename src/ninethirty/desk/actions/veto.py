"""A person stops the public steps of an incident, or lets them go on; and says why."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.release import Role, is_over
from ninethirty.desk.actions.act import kept, note, release_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import facts_of, lock

MAY = (Role.HEAD_OF_PROFESSION, Role.PUBLISHING_OFFICER, Role.OPERATOR)


def veto(release: str, *, by: str, reason: str) -> Fact:
    """From here on no runner begins a public step. The fact says what had been told by then: a
    veto takes nothing back.

    Raises:
        NotAllowed: also if there is no doubt about the release. A veto given in advance would be
        forgotten, and nobody be told on the day.
    """
    with _deciding(release, by, reason) as facts:
        progress = Progress(facts)
        if progress.vetoed:
            raise NotAllowed(f"{release}: the public steps are stopped already")
        if not progress.first(Kind.LATE_PROVISIONAL):
            raise NotAllowed(f"{release}: is not in doubt, so there is nothing to stop")
        told = [
            f"{fact.details['about']} on {fact.details['channel']}"
            for fact in facts
            if fact.kind is Kind.USERS_TOLD
        ]
        reason_kept = kept(release, Kind.VETOED, reason)
        return note(release, Kind.VETOED, by, reason_kept=reason_kept, told=told)


def lift_veto(release: str, *, by: str, reason: str) -> Fact:
    """The public steps that still make sense go on at once.

    Raises:
        NotAllowed: also for others than who vetoed, or a head of profession.
    """
    with _deciding(release, by, reason) as facts:
        progress = Progress(facts)
        given = progress.last(Kind.VETOED)
        if given is None or not progress.vetoed:
            raise NotAllowed(f"{release}: nothing is stopped")
        if by != given.actor and role_on(release, by) is not Role.HEAD_OF_PROFESSION:
            raise NotAllowed(
                f"{release}: {given.actor} stopped it; they or a head of profession may lift that"
            )
        return note(
            release, Kind.VETO_LIFTED, by, reason_kept=kept(release, Kind.VETO_LIFTED, reason)
        )


@contextmanager
def _deciding(release: str, by: str, reason: str) -> Iterator[Sequence[Fact]]:
    """The facts, to which nobody else adds until this is left."""
    role = role_on(release, by)
    if role not in MAY:
        raise NotAllowed(f"veto: not for a {role}; it takes a {' or a '.join(MAY)}")
    if not reason.strip():
        raise NotAllowed("veto: say why")
    release_of(release)
    with transaction.atomic():
        lock([release])
        facts = facts_of(release)
        if is_over(facts):
            raise NotAllowed(f"{release}: is over")
        yield facts
