"""The life of a release as data: its stages, what leads from one to the next, and who may do it.

What people do is refused unless the table lists it. What is seen only moves a release on: nobody
is asked whether a late release may be seen. The drawing in docs/reference/lifecycle.md is made
from this table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind


class Role(StrEnum):
    """Who somebody is. A regulator answers reports; an auditor only reads."""

    STATISTICIAN = "statistician"
    APPROVER = "approver"
    HEAD_OF_PROFESSION = "head of profession"
    PUBLISHING_OFFICER = "publishing officer"
    OPERATOR = "operator"
    REGULATOR = "regulator"
    AUDITOR = "auditor"
    BODY = "body"
    """Not a person: one that reports are submitted to, by its signed answer."""
    RUNNER = "runner"
    """Not a person: the steps of a runbook."""


OF_PEOPLE = tuple(role for role in Role if role not in (Role.BODY, Role.RUNNER))


class Stage(StrEnum):
    NEW = "new"
    PROVISIONAL = "provisional"
    ANNOUNCED = "announced"
    STAGED = "staged"
    SEALED = "sealed"
    APPROVED = "approved"
    ARMED = "armed"
    HELD = "held"
    PUBLIC = "public"
    WITNESSED = "witnessed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Move:
    """From any of these stages an act leads to the next. by: who may; nobody where it is seen."""

    act: Kind
    before: frozenset[Stage]
    to: Stage
    by: frozenset[Role] = frozenset()


def _move(act: Kind, before: Iterable[Stage], to: Stage, *by: Role) -> Move:
    return Move(act, frozenset(before), to, frozenset(by))


_UNDATED = (Stage.NEW, Stage.PROVISIONAL)
_BUNDLE = (Stage.STAGED, Stage.SEALED, Stage.APPROVED, Stage.HELD)
_OUT = (Stage.PUBLIC, Stage.WITNESSED)
_HOP = Role.HEAD_OF_PROFESSION

MOVES: tuple[Move, ...] = (
    _move(Kind.PROVISIONAL, _UNDATED, Stage.PROVISIONAL, _HOP, Role.STATISTICIAN),
    _move(Kind.ANNOUNCED, _UNDATED, Stage.ANNOUNCED, _HOP, Role.STATISTICIAN),
    # Staging anew, or promising another time, makes another bundle: seal and approval are void.
    _move(Kind.STAGED, [Stage.ANNOUNCED, *_BUNDLE], Stage.STAGED, Role.STATISTICIAN),
    _move(Kind.RESCHEDULED, [Stage.ANNOUNCED], Stage.ANNOUNCED, _HOP),
    _move(Kind.RESCHEDULED, _BUNDLE, Stage.STAGED, _HOP),
    _move(Kind.SEALED, [Stage.STAGED], Stage.SEALED, Role.STATISTICIAN),
    _move(Kind.APPROVED, [Stage.SEALED], Stage.APPROVED, Role.APPROVER, _HOP),
    _move(
        Kind.ARMED,
        [Stage.APPROVED, Stage.HELD],
        Stage.ARMED,
        Role.PUBLISHING_OFFICER,
        Role.OPERATOR,
    ),
    _move(Kind.HELD, [Stage.ARMED], Stage.HELD, _HOP, Role.PUBLISHING_OFFICER, Role.OPERATOR),
    # What is armed is held first, so that no gate opens it.
    _move(Kind.CANCELLED, [Stage.PROVISIONAL, Stage.ANNOUNCED, *_BUNDLE], Stage.CANCELLED, _HOP),
    *(
        _move(seen, [Stage.ARMED, Stage.HELD], Stage.PUBLIC)
        for seen in (Kind.FIRST_SEEN, Kind.EARLY, Kind.PARTIAL, Kind.WRONG)
    ),
    *(
        _move(seen, [Stage.ARMED, Stage.HELD, Stage.PUBLIC], Stage.WITNESSED)
        for seen in (Kind.ON_TIME, Kind.RECOVERED)
    ),
    _move(
        Kind.CLOSED,
        [Stage.WITNESSED, Stage.REPLACED],
        Stage.CLOSED,
        _HOP,
        Role.PUBLISHING_OFFICER,
        Role.RUNNER,
    ),
    _move(Kind.REPLACED, [*_OUT, Stage.CLOSED], Stage.REPLACED, _HOP),
)

MOVING = frozenset(move.act for move in MOVES)
"""Facts that can change the stage."""

ACTS = frozenset(move.act for move in MOVES if move.by)
"""What somebody does; the other moves are seen."""


def stage(facts: Iterable[Fact]) -> Stage:
    """The stage reached. A fact that leads nowhere from where it stands changes nothing; if it is
    an act, `misplaced` names it."""
    return _walk(facts)[0]


def is_over(facts: Iterable[Fact]) -> bool:
    """No more steps are taken and nobody looks. A correction ordered later has steps of its own."""
    return any(fact.kind in (Kind.CLOSED, Kind.CANCELLED) for fact in facts)


def misplaced(facts: Iterable[Fact]) -> list[Fact]:
    """Acts recorded at a stage that does not allow them: the record was not written by us."""
    return _walk(facts)[1]


def check_may(act: Kind, role: Role, actor: str, facts: Sequence[Fact]) -> None:
    """Whether this person may do this now.

    Raises:
        NotAllowed: wrong role, wrong stage, or approving what one staged oneself.
    """
    moves = [move for move in MOVES if move.act is act]
    roles = frozenset[Role]().union(*(move.by for move in moves))
    if role not in roles:
        raise NotAllowed(f"{act}: not for a {role}; it takes a {' or a '.join(sorted(roles))}")
    reached = stage(facts)
    before = frozenset[Stage]().union(*(move.before for move in moves))
    if reached not in before:
        wanted = " or ".join(sorted(before))
        raise NotAllowed(f"{act}: the release is {reached}, expected {wanted}")
    if act is Kind.APPROVED and actor in stagers(facts):
        raise NotAllowed("approved: nobody approves what they staged; a second person must")


def stagers(facts: Iterable[Fact]) -> frozenset[str]:
    """Who made the bundle that stands now: handed it in, changed its time, sealed it."""
    people: set[str] = set()
    for fact in facts:
        if fact.kind is Kind.STAGED:
            people = {fact.actor}
        elif fact.kind in (Kind.SEALED, Kind.RESCHEDULED):
            people.add(fact.actor)
    return frozenset(people)


def approval(facts: Iterable[Fact]) -> Fact | None:
    """The approval in force: that of the bundle as it stands."""
    found: Fact | None = None
    for fact in facts:
        if fact.kind is Kind.APPROVED:
            found = fact
        elif fact.kind in (Kind.STAGED, Kind.RESCHEDULED):
            found = None
    return found


def move_asked(facts: Iterable[Fact]) -> Fact | None:
    """The other date that somebody asked for, if the head of profession has not answered yet."""
    found: Fact | None = None
    for fact in facts:
        if fact.kind is Kind.MOVE_ASKED:
            found = fact
        elif fact.kind in (Kind.RESCHEDULED, Kind.MOVE_REFUSED, Kind.CANCELLED):
            found = None
    return found


def _walk(facts: Iterable[Fact]) -> tuple[Stage, list[Fact]]:
    reached, wrong = Stage.NEW, []
    for fact in facts:
        to = _NEXT.get((reached, fact.kind))
        if to is not None:
            reached = to
        elif fact.kind in ACTS:
            wrong.append(fact)
    return reached, wrong


_NEXT = {(before, move.act): move.to for move in MOVES for before in move.before}
