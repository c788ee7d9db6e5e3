"""Recompute every chain of facts, and write down what came of it."""

from ninethirty.core.errors import NotAllowed, RecordError
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.facts import check_chain, subjects

RECORD = "record"
"""The timeline of these checks."""

MAY = (Role.AUDITOR, Role.OPERATOR)
_NAMED = 20


def check_record(*, by: str) -> Fact:
    """Its details: how many `subjects` and `facts` there are, and which timelines are `broken`, as
    far as their number allows. Raises NotAllowed."""
    if role_of(by) not in MAY:
        raise NotAllowed(f"{by}: an auditor or an operator has the record checked")
    facts, broken = 0, []
    names = subjects()
    for subject in names:
        try:
            facts += check_chain(subject)
        except RecordError:
            broken.append(subject)
    return note(
        RECORD,
        Kind.RECORD_CHECKED,
        by,
        subjects=len(names),
        facts=facts,
        wrong=len(broken),
        broken=broken[:_NAMED],
    )
