"""Let people in: an account for whoever works here, and a link, good once, by which they begin.

No password is ever chosen for somebody else: whoever opens the link sets it.
"""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.naming import check_id, check_title
from ninethirty.core.release import OF_PEOPLE, Role
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.erase import PEOPLE
from ninethirty.desk.actions.people import RUNNER, role_of
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import Account, Person, Producer, WorksFor
from ninethirty.desk.setup import setup

LINK_LIVES_S = 24 * 3600

_SALT = "link"


@transaction.atomic
def add_person(
    person: str, name: str, role: Role, *, by: str, producers: Sequence[str] = ()
) -> Account:
    """The first one adds themselves, as operator; after that an operator does.

    Raises NotAllowed.
    """
    lock([PEOPLE])
    first = not Account.objects.exists()
    if not (first and by == person and role is Role.OPERATOR):
        _check_operator(by)
    check_id(person, longest=40)
    check_title(person, name, longest=200)
    _check_can_be(person, role, producers)
    known = Person.objects.filter(id=person).first()
    if Account.objects.filter(person_id=person).exists() or (known and known.left):
        raise NotAllowed(f"{person}: there is or was somebody with this id; choose another")
    if known and (known.role != role or known.name != name):
        raise NotAllowed(f"{person}: is {known.name}, {known.role}; say it so, or another id")
    row = known or Person.objects.create(id=person, name=name, role=str(role))
    named = (WorksFor(person=row, producer=one) for one in set(producers))
    WorksFor.objects.bulk_create(named, ignore_conflicts=True)
    account = Account(username=person, person=row)
    account.set_unusable_password()
    account.save()
    note(PEOPLE, Kind.PERSON_ADDED, by, id=person, role=str(role), producers=sorted(set(producers)))
    return account


@transaction.atomic
def change(person: str, role: Role, producers: Sequence[str], *, by: str) -> None:
    """What they are from now on, and for whom they work. Raises NotAllowed."""
    lock([PEOPLE])
    _check_operator(by)
    row = _here(person)
    _check_can_be(person, role, producers)
    if role is not Role.OPERATOR:
        _check_not_last(row)
    row.role = str(role)
    row.save(update_fields=["role"])
    WorksFor.objects.filter(person=row).delete()
    WorksFor.objects.bulk_create(WorksFor(person=row, producer=one) for one in set(producers))
    note(
        PEOPLE, Kind.PERSON_CHANGED, by, id=person, role=str(role), producers=sorted(set(producers))
    )


@transaction.atomic
def leave(person: str, *, by: str) -> None:
    """They can sign in no more, and are signed out at once. Raises NotAllowed."""
    lock([PEOPLE])
    _check_operator(by)
    row = _here(person)
    _check_not_last(row)
    row.left = setup().clock().now()
    row.save(update_fields=["left"])
    Account.objects.filter(person=row).update(is_active=False)
    _end_sessions(person)
    note(PEOPLE, Kind.PERSON_LEFT, by, id=person)


@transaction.atomic
def reset(person: str, *, by: str) -> Account:
    """Password and second factor are gone, all sessions end; a link begins anew.

    Raises NotAllowed.
    """
    lock([PEOPLE])
    _check_operator(by)
    account = Account.objects.filter(person_id=person, person__left=None, on_paper=False).first()
    if account is None:
        raise NotAllowed(f"{person}: nobody of this name has an account; add them")
    _unset(account)
    note(PEOPLE, Kind.ACCOUNT_RESET, by, id=person)
    return account


def link_of(account: Account) -> str:
    """The address by which they begin; good once, and for LINK_LIVES_S."""
    token = signing.dumps([account.pk, account.link], salt=_SALT)
    return f"{setup().console.address}/begin/{token}"


def account_of_link(token: str) -> Account:
    """Raises NotAllowed: used, replaced by another, too old, or not ours."""
    try:
        of, link = signing.loads(token, salt=_SALT, max_age=LINK_LIVES_S)
    except signing.BadSignature as wrong:
        raise NotAllowed("this link is over; ask for another one") from wrong
    account = Account.objects.filter(pk=of, link=link, is_active=True, person__left=None).first()
    if account is None:
        raise NotAllowed("this link was used, or another one was made; ask for another one")
    return account


@transaction.atomic
def begin(token: str, password: str, *, by: str) -> Account:
    """Set the password of whoever the link is for. Raises NotAllowed as `account_of_link`, and if
    the link is somebody else's."""
    lock([PEOPLE])
    account = account_of_link(token)
    if account.person_id != by:
        raise NotAllowed(f"{by}: this link is for somebody else")
    account.set_password(password)
    account.link += 1
    account.save(update_fields=["password", "link"])
    note(PEOPLE, Kind.PASSWORD_SET, by, id=by)
    return account


def _unset(account: Account) -> None:
    account.set_unusable_password()
    account.link += 1
    account.save(update_fields=["password", "link"])
    Authenticator.objects.filter(user=account).delete()
    _end_sessions(account.person_id)


def _end_sessions(person: str) -> None:
    for session in UserSession.objects.filter(user__person=person):
        session.end()


def _here(person: str) -> Person:
    row = Person.objects.filter(id=person, left=None).first()
    if row is None:
        raise NotAllowed(f"{person}: nobody of this name works here")
    return row


def _check_can_be(person: str, role: Role, producers: Sequence[str]) -> None:
    if role not in OF_PEOPLE or person.startswith(RUNNER):
        raise NotAllowed(f"{person}: a {role} is not a person, and cannot sign in")
    for producer in producers:
        if producer != OWN and not Producer.objects.filter(id=producer).exists():
            raise NotAllowed(f"{person}: there is no producer {producer}; add it first")


def _check_not_last(row: Person) -> None:
    """An operator without an account lets nobody in."""
    others = Account.objects.filter(person__role=Role.OPERATOR, person__left=None, on_paper=False)
    if row.role == Role.OPERATOR and not others.exclude(person=row).exists():
        raise NotAllowed(f"{row.id}: is the last operator; add another one first")


def _check_operator(by: str) -> None:
    if role_of(by) is not Role.OPERATOR:
        raise NotAllowed(f"{by}: an operator lets people in and out")
