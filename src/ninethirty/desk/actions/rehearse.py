"""Rehearse a fault on stand-ins, with everything but the desk's own record, and end that."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.outside.rehearsal import Asked, Rehearsal, faults
from ninethirty.desk.record.facts import lock
from ninethirty.desk.setup import setup

REHEARSALS = "rehearsals"
"""The timeline of who rehearsed what. Of the rehearsal itself nothing is recorded here."""

MAY = (Role.OPERATOR, Role.HEAD_OF_PROFESSION)


def rehearse(asked: Asked, *, by: str) -> Fact:
    """Raises NotAllowed; NotYet: another one runs."""
    _check(by)
    if asked.fault not in faults():
        raise NotAllowed(f"{asked.fault}: no such fault can be rehearsed; choose one of the list")
    with transaction.atomic():
        lock([REHEARSALS])
        told = {"fault": asked.fault, "speed": int(asked.speed), "alone": asked.alone}
        fact = note(REHEARSALS, Kind.REHEARSED, by, **told)
        # Last: if it does not begin, nothing is recorded.
        Rehearsal(setup().home).begin(asked)
    return fact


def end_rehearsal(*, by: str) -> Fact:
    """Raises NotAllowed: also if none runs."""
    _check(by)
    if not Rehearsal(setup().home).end():
        raise NotAllowed("no rehearsal is running")
    return note(REHEARSALS, Kind.REHEARSAL_ENDED, by)


def _check(by: str) -> None:
    if role_of(by) not in MAY:
        raise NotAllowed(f"{by}: an operator or a head of profession rehearses")
