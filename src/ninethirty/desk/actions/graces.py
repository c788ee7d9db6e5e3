"""How long lateness waits: past delays beside the graces, and a person who changes them."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction

from ninethirty.core.delay import delays, drawn
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.times import WallTime
from ninethirty.core.watch import WatchOrder, read_order, write_order
from ninethirty.desk.actions.act import kept, note, release_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup

MAY = {Role.PUBLISHING_OFFICER, Role.OPERATOR, Role.HEAD_OF_PROFESSION}

DRAWN = 30
"""Of the latest releases on the same platform."""


def past_delays(row: Release) -> list[timedelta | None]:
    """Of earlier releases on the platform that this one is announced on, oldest first: until each
    was first seen there. None: it never was."""
    now = setup().clock().now()
    host = urlsplit(row.announced).netloc
    opened = [
        (at, other.id)
        for other in Release.objects.exclude(id=row.id).exclude(order=b"")
        if (at := WallTime.parse(other.opens).resolve()) <= now
        and urlsplit(other.announced).netloc == host
    ]
    found = [delays(facts_of(id), at).announced for at, id in sorted(opened)[-DRAWN:]]
    return [delay.at_most if delay else None for delay in found]


def drawn_for(release: str) -> str:
    """The strip that a person looks at. Raises NotAllowed: not armed, or there is no such."""
    row = release_of(release)
    policy = _order(row).policy
    return drawn(past_delays(row), policy.provisional_after, policy.confirmed_after)


def change_graces(
    release: str, first: timedelta, second: timedelta, *, by: str, reason: str
) -> Fact:
    """Give the witnesses a watch order with other graces, for this release alone.

    Raises:
        NotAllowed: not for this person; not armed; the time has come. OrderRefused: graces so long
        that they would teach the alarm to sleep.
    """
    role = role_on(release, by)
    if role not in MAY:
        raise NotAllowed(f"graces: not for a {role}; it takes a {' or a '.join(sorted(MAY))}")
    with transaction.atomic():
        lock([release])
        row = release_of(release)
        order, now = _order(row), setup().clock().now()
        if order.opens <= now:
            raise NotAllowed(f"{release}: its time has come; what counts as late is settled")
        before = order.policy
        policy = replace(before, provisional_after=first, confirmed_after=second)
        row.order = write_order(replace(order, policy=policy, issued=now), setup().key())
        row.save(update_fields=["order"])
        past = [delay and _ms(delay) for delay in past_delays(row)]
        return note(
            release,
            Kind.GRACES_CHANGED,
            by,
            before_ms=[_ms(before.provisional_after), _ms(before.confirmed_after)],
            after_ms=[_ms(first), _ms(second)],
            past_delays_ms=past,
            reason_kept=kept(release, Kind.GRACES_CHANGED, reason),
        )


def _order(row: Release) -> WatchOrder:
    if not row.order:
        raise NotAllowed(f"{row.id}: not armed, so nobody waits for it yet")
    return read_order(bytes(row.order), setup().key().public)


def _ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
