"""The way in on paper: a secret in a sealed envelope, for when no operator can sign in.

It is good once. Whoever uses it is an operator, and everybody on call is told; a banner stands on
every page of the console until a person has looked into it.
"""

import secrets

import structlog
from allauth.mfa.models import Authenticator
from django.db import transaction

from ninethirty.core.errors import CannotStart, NotAllowed, OutsideFailed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.act import kept, note
from ninethirty.desk.actions.erase import PEOPLE
from ninethirty.desk.actions.on_call import on_call
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import first_route, second_route
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Account, Person, Producer, WorksFor
from ninethirty.desk.setup import setup

ENVELOPE = "break-glass"
"""Who has come in by it: an id of its own, so that facts do not name anybody else."""

MAY_CLOSE = (Role.OPERATOR, Role.HEAD_OF_PROFESSION)

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""None that looks like another one on paper."""
_GROUPS, _IN_A_GROUP = 6, 5

log = structlog.get_logger()


@transaction.atomic
def make_paper(*, by: str) -> str:
    """The secret, which is kept nowhere else; the one before it is good no more. For every
    producer. Raises NotAllowed."""
    lock([PEOPLE])
    if role_of(by) is not Role.OPERATOR or by == ENVELOPE:
        raise NotAllowed(f"{by}: an operator, signed in as themselves, puts a way in on paper")
    named = {"name": "The way in on paper", "role": str(Role.OPERATOR)}
    person, _ = Person.objects.update_or_create(id=ENVELOPE, defaults={**named, "left": None})
    WorksFor.objects.filter(person=person).delete()
    producers = {OWN, *Producer.objects.values_list("id", flat=True)}
    WorksFor.objects.bulk_create(WorksFor(person=person, producer=one) for one in sorted(producers))
    account, _ = Account.objects.get_or_create(
        person=person, defaults={"username": ENVELOPE, "on_paper": True}
    )
    secret = "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS)
    )
    account.set_password(secret)
    account.is_active = True
    account.save()
    Authenticator.objects.filter(user=account).delete()
    note(PEOPLE, Kind.PAPER_MADE, by)
    return secret


def use_paper(*, by: str) -> Fact:
    """Its secret was shown, and is good no more; everybody on call is paged.

    Raises NotAllowed: it was used before, or by something else than its secret.
    """
    with transaction.atomic():
        lock([PEOPLE])
        account = Account.objects.get(person_id=by, on_paper=True)
        if not account.has_usable_password():
            raise NotAllowed("this way in was used; an operator makes a new one")
        account.set_unusable_password()
        account.save(update_fields=["password"])
        fact = note(PEOPLE, Kind.PAPER_USED, by)
    _tell_everybody(fact)
    return fact


def close_paper(why: str, *, by: str) -> Fact:
    """A person has looked into its use: the banner goes. Raises NotAllowed."""
    with transaction.atomic():
        lock([PEOPLE])
        if role_of(by) not in MAY_CLOSE or by == ENVELOPE:
            raise NotAllowed(
                f"{by}: an operator or a head of profession, signed in as themselves, closes this"
            )
        if in_use() is None:
            raise NotAllowed("its use was closed already")
        if not why.strip():
            raise NotAllowed("say what it was used for, and by whom it was opened")
        return note(PEOPLE, Kind.PAPER_CLOSED, by, why=kept(PEOPLE, Kind.PAPER_CLOSED, why))


def in_use() -> Fact | None:
    """Its last use, if nobody has looked into it yet."""
    facts = facts_of(PEOPLE, kinds=[Kind.PAPER_USED, Kind.PAPER_CLOSED])
    return facts[-1] if facts and facts[-1].kind is Kind.PAPER_USED else None


def _tell_everybody(used: Fact) -> None:
    """Whoever cannot be paged keeps nobody out: it is an emergency already."""
    for rung, person in on_call(setup().clock().now()).items() or [("on call", "")]:
        alert = Alert(
            f"{rung}, {person}: {used.kind.says}; if nobody of you did so, end its session now",
            f"{PEOPLE}/{used.n}/{rung}",
        )
        try:
            first_route(setup(), person).page(alert)
        except (OutsideFailed, CannotStart):
            try:
                second_route(setup()).page(alert)
            except (OutsideFailed, CannotStart) as failed:
                log.error("paper.nobody_paged", rung=rung, why=str(failed))
