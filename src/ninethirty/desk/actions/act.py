"""What every act on a release has in common: it is locked, allowed, done and told as one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import check_may
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import append, facts_of, lock
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.setup import setup


@contextmanager
def acting(release: str, act: Kind, by: str) -> Iterator[tuple[Release, list[Fact]]]:
    """The release and its facts, which nobody else changes until this is left.

    Raises:
        NotAllowed: this person may not do this now, does not work for its producer, or there is
            no such release.
    """
    with transaction.atomic():
        # Whoever only asked before the lock could be overtaken between question and act.
        lock([release])
        facts = facts_of(release)
        check_may(act, role_on(release, by), by, facts)
        yield release_of(release), facts


def release_of(release: str) -> Release:
    """Raises NotAllowed: there is none."""
    try:
        return Release.objects.get(id=release)
    except Release.DoesNotExist as missing:
        raise NotAllowed(f"{release}: there is no such release") from missing


def note(release: str, kind: Kind, by: str, **details: Any) -> Fact:
    """It happened now, and we did it."""
    now = setup().clock().now()
    return append(release, kind, at=now, recorded=now, actor=by, details=details)


def kept(release: str, about: Kind, text: str) -> int:
    """The id of a row that keeps what somebody wrote; a fact may hold the id, never the words."""
    now = setup().clock().now()
    earlier = Message.objects.filter(subject=release, channel="reason").count()
    return Message.objects.create(
        key=f"{release}/reason/{earlier + 1}",
        subject=release,
        channel="reason",
        about=str(about),
        at=now,
        text=text,
    ).id
