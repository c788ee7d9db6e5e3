"""What every act on a list of early access has in common: locked, allowed, done and told as one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction

from ninethirty.core.access import (
    Ceiling,
    Standing,
    Tier,
    Window,
    ceiling_on,
    check_may,
    window,
)
from ninethirty.core.announcement import DaysOff
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Stage
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import release_of
from ninethirty.desk.actions.rules import rules_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.outside.calendars.days_off import days_off
from ninethirty.desk.record.facts import append, lock
from ninethirty.desk.record.models import AccessEntry, AccessList, Release
from ninethirty.desk.setup import setup

_LIST = "access:"
_FINAL = (Stage.SEALED, Stage.APPROVED, Stage.ARMED)


def subject_of(release: str) -> str:
    """No release has such an id."""
    return f"{_LIST}{release}"


def release_in(subject: str) -> str:
    """Whose list this is about; any other subject is itself."""
    return subject.removeprefix(_LIST)


@contextmanager
def acting(release: str, act: Kind, by: str, *others: str) -> Iterator[Release]:
    """The release, whose list nobody else changes until this is left. others: subjects to lock too.

    Raises:
        NotAllowed: this person may not, or there is no such release, or it has no date.
    """
    with transaction.atomic():
        lock([subject_of(release), *others])
        check_may(act, role_on(release, by), by)
        row = release_of(release)
        if not row.opens:
            raise NotAllowed(f"{release}: has no exact date yet, so nobody can be listed for it")
        yield row


def note(release: str, kind: Kind, by: str, **details: Any) -> Fact:
    now = setup().clock().now()
    return append(subject_of(release), kind, at=now, recorded=now, actor=by, details=details)


def entry_of(entry: int, release: str) -> AccessEntry:
    """Raises NotAllowed: there is none such on the list of this release, or it is over."""
    found = AccessEntry.objects.filter(id=entry, release=release).first()
    if found is None:
        raise NotAllowed(f"{release}: its list has no entry {entry}")
    if found.revoked or found.expired:
        raise NotAllowed(f"{release}: entry {entry} has ended; write another one")
    return found


def standing_entries(release: str) -> list[AccessEntry]:
    """Those that have not ended, in the order in which they were written."""
    rows = AccessEntry.objects.filter(release=release, revoked=None, expired=None)
    return list(rows.select_related("reader").order_by("id"))


def window_of(entry: AccessEntry, release: Release) -> Window:
    return window(
        WallTime.parse(release.opens),
        timedelta(minutes=entry.begins),
        timedelta(minutes=entry.ends),
    )


def standing_of(entry: AccessEntry, release: Release) -> Standing:
    return Standing(
        tier=Tier(entry.tier),  # type: ignore[call-arg]  # looked up by value alone
        window=window_of(entry, release),
        confirmed=entry.confirmed == release.opens,
        revoked=entry.revoked is not None,
        expired=entry.expired is not None,
        sealed=bool(release.seal) and release.stage in _FINAL,
    )


def ceiling_of(release: Release) -> Ceiling:
    """Raises NotAllowed: nobody has said by which law its list is."""
    told = AccessList.objects.filter(release=release.id).first()
    if told is None:
        raise NotAllowed(f"{release.id}: say first by which law its list is: begin the list")
    day = WallTime.parse(release.opens).local.date()
    return ceiling_on(told.law, day, sensitive=told.sensitive)


def days_off_of(release: Release) -> DaysOff:
    rules = rules_of(release.series)
    return days_off(rules.places, rules.closures)
