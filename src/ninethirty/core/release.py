"""Stages of a release; who may do what next.

announced -> staged -> sealed -> approved -> armed. What comes after is seen, not done.
"""

from collections.abc import Sequence
from enum import StrEnum

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind


class Role(StrEnum):
    STATISTICIAN = "statistician"
    APPROVER = "approver"
    HEAD_OF_PROFESSION = "head of profession"
    PUBLISHING_OFFICER = "publishing officer"
    OPERATOR = "operator"


ALLOWED: dict[Kind, tuple[frozenset[Kind], frozenset[Role]]] = {
    # act: (the stages it may follow, who may do it)
    Kind.ANNOUNCED: (frozenset(), frozenset({Role.HEAD_OF_PROFESSION, Role.STATISTICIAN})),
    Kind.STAGED: (
        frozenset({Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED}),
        frozenset({Role.STATISTICIAN}),
    ),
    Kind.SEALED: (frozenset({Kind.STAGED}), frozenset({Role.STATISTICIAN})),
    Kind.APPROVED: (
        frozenset({Kind.SEALED}),
        frozenset({Role.APPROVER, Role.HEAD_OF_PROFESSION}),
    ),
    Kind.ARMED: (
        frozenset({Kind.APPROVED}),
        frozenset({Role.PUBLISHING_OFFICER, Role.OPERATOR}),
    ),
}


def stage(facts: Sequence[Fact]) -> Kind | None:
    """The latest stage reached. Staging anew takes a release back: approval is void."""
    reached = [fact.kind for fact in facts if fact.kind in ALLOWED]
    return reached[-1] if reached else None


def check_may(act: Kind, role: Role, actor: str, facts: Sequence[Fact]) -> None:
    """Whether this person may do this now.

    Raises:
        NotAllowed: wrong role, wrong stage, or approving what one staged oneself.
    """
    before, roles = ALLOWED[act]
    if role not in roles:
        raise NotAllowed(f"{act}: not for a {role}; it takes a {' or a '.join(sorted(roles))}")
    reached = stage(facts)
    if (reached is not None or before) and reached not in before:
        wanted = " or ".join(sorted(before)) or "new"
        raise NotAllowed(f"{act}: the release is {reached or 'new'}, expected {wanted}")
    if act is Kind.APPROVED and actor in stagers(facts):
        raise NotAllowed("approved: nobody approves what they staged; a second person must")


def stagers(facts: Sequence[Fact]) -> frozenset[str]:
    """Who handed in and sealed the bundle that stands now."""
    people: set[str] = set()
    for fact in facts:
        if fact.kind is Kind.STAGED:
            people = {fact.actor}
        elif fact.kind is Kind.SEALED:
            people.add(fact.actor)
    return frozenset(people)
