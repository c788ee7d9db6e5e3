"""Add a producer, and record the leave it was given to depart from the usual time."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ninethirty.core.announcement import Leave
from ninethirty.core.errors import NotAllowed, UnknownZone
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.naming import check_id, check_length, check_title
from ninethirty.core.release import Role
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.whose import OWN, producers_of, role_for
from ninethirty.desk.outside.calendars.days_off import days_off
from ninethirty.desk.promises import read_promises
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import Producer, WorksFor
from ninethirty.desk.setup import setup


def subject_of(producer: str) -> str:
    """Its timeline. No release has such an id."""
    return f"producer:{producer}"


@transaction.atomic
def add_producer(
    producer: str,
    name: str,
    *,
    by: str,
    about: str = "",
    url: str = "",
    contact: Mapping[str, str] | None = None,
    promises: Mapping[str, Any] | None = None,
) -> Fact:
    """promises: as the table [promises] of desk.toml, where its rules differ.

    Whoever adds it works for it from then on too: else nobody could begin.

    Raises NotAllowed: also for an id that is taken, and for rules that cannot be.
    """
    _check_head(by)
    check_id(producer, longest=40)
    check_title(producer, name, longest=200)
    check_length(producer, "address", url, 500)
    rules = dict(promises or {})
    _check_rules(producer, rules)
    lock([subject_of(producer)])
    if producer == OWN or Producer.objects.filter(id=producer).exists():
        raise NotAllowed(f"{producer}: there is a producer with this id; choose another")
    Producer.objects.create(
        id=producer,
        name=name,
        about=about,
        url=url,
        contact=dict(contact or {}),
        promises=rules,
    )
    named = (WorksFor(person_id=by, producer=one) for one in {*producers_of(by), producer})
    WorksFor.objects.bulk_create(named, ignore_conflicts=True)
    return note(subject_of(producer), Kind.PRODUCER_ADDED, by, rules=sorted(rules))


@transaction.atomic
def record_leave(producer: str, leave: Leave, *, by: str) -> Fact:
    """An alternative release time or an exemption, which others granted.

    Raises NotAllowed.
    """
    _check_head(by)
    lock([subject_of(producer)])
    row = Producer.objects.filter(id=producer).first()
    if row is None:
        raise NotAllowed(f"{producer}: there is no such producer; add it first")
    role_for(producer, by)
    if leave.until is not None and leave.until < leave.since:
        raise NotAllowed(f"{producer}: {leave.reference} ends before it begins")
    told = {"reference": leave.reference, "at": f"{leave.at}", "since": f"{leave.since}"}
    told |= {"until": f"{leave.until}"} if leave.until else {}
    row.promises["leave"] = [*row.promises.get("leave", []), told]
    _check_rules(producer, row.promises)
    row.save(update_fields=["promises"])
    return note(subject_of(producer), Kind.LEAVE_RECORDED, by, **told)


def _check_rules(producer: str, rules: dict[str, Any]) -> None:
    try:
        read = read_promises(rules, setup().promises)
    except (ValueError, UnknownZone) as wrong:
        raise NotAllowed(f"{producer}: {wrong}") from wrong
    days_off(read.places, read.closures)


def _check_head(by: str) -> None:
    role = role_of(by)
    if role is not Role.HEAD_OF_PROFESSION:
        raise NotAllowed(f"producer: not for a {role}; it takes a {Role.HEAD_OF_PROFESSION}")
