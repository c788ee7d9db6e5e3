"""Erase names and words: on request, or when their time is over. The facts stay and still verify.

The row stays too, with its id and key: facts point to it, and a runner must know that it was said.
"""

from datetime import timedelta

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.retention import Kept, ends
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.draft_report import is_drafted, redraft
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import (
    AccessEntry,
    Delivery,
    Message,
    Person,
    Reader,
    Release,
    SightingRow,
    Subscription,
)
from ninethirty.desk.setup import setup

PEOPLE = "people"
"""The timeline of what was done with the rows of people."""

REQUEST, PERIOD = "on request", "its time is over"

_MAY = (Role.HEAD_OF_PROFESSION, Role.OPERATOR)


def erase_person(person: str, *, by: str, why: str = REQUEST) -> Fact:
    """Raises NotAllowed: nobody with this id, or still at work."""
    _check_may(by)
    with transaction.atomic():
        lock([PEOPLE])
        row = Person.objects.filter(id=person).first()
        if row is None or row.erased:
            raise NotAllowed(f"{person}: there is no name to erase")
        if row.left is None:
            raise NotAllowed(f"{person}: works here; their name is erased after they have left")
        row.name, row.erased = "", setup().clock().now()
        row.save(update_fields=["name", "erased"])
        return note(PEOPLE, Kind.ERASED, by, row=Kept.PERSON, id=person, why=why)


def erase_message(message: int, *, by: str, why: str = REQUEST) -> Fact:
    """Also from a report that was drafted with it.

    Raises:
        NotAllowed: no such message, or its release is not over, so that steps may still need it.
    """
    _check_may(by)
    row = Message.objects.filter(id=message, erased=None).first()
    if row is None:
        raise NotAllowed(f"message {message}: there are no words to erase")
    with transaction.atomic():
        lock([row.subject])
        release = Release.objects.filter(id=row.subject).first()
        if release and not release.closed:
            raise NotAllowed(f"message {message}: {row.subject} is not over; close it first")
        row.title, row.text, row.link, row.url = "", "", "", ""
        row.erased = setup().clock().now()
        row.save()
        fact = note(row.subject, Kind.ERASED, by, row=Kept.MESSAGE, id=message, why=why)
    if release and is_drafted(release):
        redraft(release, facts_of(release.id))
    return fact


def erase_past(*, by: str) -> list[Fact]:
    """Everything whose time is over."""
    _check_may(by)
    now = setup().clock().now()
    days = setup().retention
    people = [
        row.id
        for row in Person.objects.filter(erased=None).exclude(left=None).order_by("id")
        if row.left and ends(Instant.of(row.left), days[Kept.PERSON]) <= now
    ]
    closed = Release.objects.filter(closed=True).exclude(opens="")
    messages = [
        row.id
        for row in Message.objects.filter(erased=None).order_by("id")
        if ends(Instant.of(row.at), days[Kept.MESSAGE]) <= now
        and not Release.objects.filter(id=row.subject, closed=False).exists()
    ]
    facts = [erase_person(person, by=by, why=PERIOD) for person in people]
    facts += [erase_message(message, by=by, why=PERIOD) for message in messages]
    for release in closed.order_by("id"):
        if ends(WallTime.parse(release.opens).resolve(), days[Kept.SIGHTINGS]) <= now:
            facts += _erase_sightings(release, by)
    facts += _erase_readers(now, days[Kept.READER], by)
    return facts + _erase_subscriptions(now, days[Kept.SUBSCRIPTION], by)


def erase_reader(reader: int, *, by: str, why: str = REQUEST) -> Fact:
    """The name and address of somebody who could see releases early; what they did stays.

    Raises NotAllowed: nobody with this id, or a release they are listed for is still to come.
    """
    _check_may(by)
    with transaction.atomic():
        lock([PEOPLE])
        row = Reader.objects.filter(id=reader, erased=None).first()
        if row is None:
            raise NotAllowed(f"reader {reader}: there is no name to erase")
        now = setup().clock().now()
        if (last := _last_release(row)) and last > now:
            raise NotAllowed(f"reader {reader}: is listed for a release to come; revoke that first")
        row.name, row.address, row.erased = "", "", now
        row.save(update_fields=["name", "address", "erased"])
        return note(PEOPLE, Kind.ERASED, by, row=Kept.READER, id=reader, why=why)


def _erase_readers(now: Instant, days: int, by: str) -> list[Fact]:
    return [
        erase_reader(row.id, by=by, why=PERIOD)
        for row in Reader.objects.filter(erased=None).order_by("id")
        if (last := _last_release(row)) and ends(last, days) <= now
    ]


def _last_release(reader: Reader) -> Instant | None:
    """The latest T among releases that they are or were to see; those taken back do not count while
    there are others."""
    listed = AccessEntry.objects.filter(reader=reader).values_list("release", "revoked")
    standing = [release for release, revoked in listed if revoked is None]
    named = standing or [release for release, _ in listed]
    opens = Release.objects.filter(id__in=named).exclude(opens="").values_list("opens", flat=True)
    return max((WallTime.parse(one).resolve() for one in opens), default=None)


def _erase_subscriptions(now: Instant, days: int, by: str) -> list[Fact]:
    """Those that were not confirmed, or that mail did not reach, and who was mailed what."""
    since = now - timedelta(days=days)
    with transaction.atomic():
        lock([PEOPLE])
        unconfirmed = Subscription.objects.filter(confirmed=None, stopped=None, asked__lte=since)
        count = unconfirmed.delete()[0]
        count += Subscription.objects.filter(stopped__lte=since).delete()[0]
        over = Delivery.objects.filter(at__lte=since).exclude(state__in=["waiting", "taken"])
        count += over.delete()[0]
        if not count:
            return []
        return [note(PEOPLE, Kind.ERASED, by, row=Kept.SUBSCRIPTION, count=count, why=PERIOD)]


def _erase_sightings(release: Release, by: str) -> list[Fact]:
    with transaction.atomic():
        lock([release.id])
        count, _ = SightingRow.objects.filter(release=release.id).delete()
        if not count:
            return []
        return [note(release.id, Kind.ERASED, by, row=Kept.SIGHTINGS, count=count, why=PERIOD)]


def _check_may(by: str) -> None:
    if role_of(by) not in _MAY:
        raise NotAllowed(f"erased: not for a {role_of(by)}; it takes a {' or a '.join(_MAY)}")
