"""The life of a breach report as data: its stages, what leads from one to the next, who may do it.

The same table serves the producer who writes the report and the body that receives it: each has
facts of its own, and what the other one said comes in as an act of the other's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role


class Stage(StrEnum):
    NEW = "new"
    DRAFT = "draft"
    IN_REVIEW = "in review"
    SIGNED = "signed"
    SUBMITTED = "submitted"
    """With a body; which one, the last submission says. Of a body: in its inbox."""
    ADVISED = "advised"
    """A body gave advice, and it can go to the next."""
    RETURNED = "returned"
    """With questions."""
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    SET_ASIDE = "set aside"
    """Not a breach."""


class Part(StrEnum):
    """What a body does with a report: says whether it is a breach, or takes it in."""

    ADVISES = "advises"
    ACCEPTS = "accepts"


class Advice(StrEnum):
    IS = "is a breach"
    IS_NOT = "is not a breach"


@dataclass(frozen=True)
class Move:
    """From any of these stages an act leads to the next; None: to where it is."""

    act: Kind
    before: frozenset[Stage]
    to: Stage | None
    by: frozenset[Role]


def _move(act: Kind, before: Iterable[Stage], to: Stage | None, *by: Role) -> Move:
    return Move(act, frozenset(before), to, frozenset(by))


_HOP = Role.HEAD_OF_PROFESSION
_WRITERS = (Role.STATISTICIAN, Role.PUBLISHING_OFFICER, Role.OPERATOR, _HOP)
_BODIES = (Role.REGULATOR, Role.BODY)
_OPEN = frozenset(Stage) - {Stage.NEW, Stage.SET_ASIDE}

MOVES: tuple[Move, ...] = (
    _move(Kind.BREACH_OPENED, [Stage.NEW], Stage.DRAFT, *_WRITERS, Role.RUNNER),
    _move(Kind.REPORT_WRITTEN, [Stage.DRAFT], Stage.DRAFT, *_WRITERS, Role.RUNNER),
    _move(Kind.REPORT_WRITTEN, [Stage.IN_REVIEW], Stage.IN_REVIEW, *_WRITERS),
    # What was signed or sent is another paper once it is changed; a published one gets a version.
    _move(
        Kind.REPORT_WRITTEN,
        [Stage.SIGNED, Stage.ADVISED, Stage.RETURNED, Stage.PUBLISHED],
        Stage.DRAFT,
        *_WRITERS,
    ),
    _move(Kind.REVIEW_ASKED, [Stage.DRAFT], Stage.IN_REVIEW, *_WRITERS),
    _move(Kind.COMMENTED, [Stage.DRAFT, Stage.IN_REVIEW], None, *_WRITERS, Role.APPROVER),
    _move(Kind.REPORT_SIGNED, [Stage.IN_REVIEW], Stage.SIGNED, _HOP),
    _move(Kind.STATEMENT_PUBLISHED, _OPEN, None, _HOP, Role.PUBLISHING_OFFICER),
    _move(
        Kind.REPORT_SUBMITTED,
        [Stage.SIGNED, Stage.ADVISED],
        Stage.SUBMITTED,
        _HOP,
        Role.PUBLISHING_OFFICER,
    ),
    # Of the producer: the body's receipt. Of the body: what comes in, anew or as another version.
    _move(
        Kind.REPORT_RECEIVED,
        [Stage.NEW, Stage.SUBMITTED, Stage.RETURNED, Stage.ADVISED, Stage.PUBLISHED],
        Stage.SUBMITTED,
        Role.BODY,
    ),
    _move(Kind.REPORT_ADVISED, [Stage.SUBMITTED], Stage.ADVISED, *_BODIES),
    _move(Kind.REPORT_RETURNED, [Stage.SUBMITTED], Stage.RETURNED, *_BODIES),
    _move(Kind.REPORT_ACCEPTED, [Stage.SUBMITTED], Stage.ACCEPTED, *_BODIES),
    _move(
        Kind.REPORT_PUBLISHED,
        [Stage.ACCEPTED],
        Stage.PUBLISHED,
        _HOP,
        Role.PUBLISHING_OFFICER,
        Role.REGULATOR,
    ),
    # Where no body is configured, the head of profession's signature is the last.
    _move(Kind.REPORT_PUBLISHED, [Stage.SIGNED], Stage.PUBLISHED, _HOP),
    # Imported: it was published elsewhere.
    _move(Kind.REPORT_PUBLISHED, [Stage.NEW], Stage.PUBLISHED, _HOP, Role.OPERATOR, Role.REGULATOR),
    _move(Kind.SET_ASIDE, [Stage.DRAFT, Stage.IN_REVIEW, Stage.ADVISED], Stage.SET_ASIDE, _HOP),
    _move(Kind.ACTION_PLANNED, _OPEN, None, *_WRITERS),
    _move(Kind.ACTION_DONE, _OPEN, None, *_WRITERS),
)

_NEXT = {(before, move.act): move.to or before for move in MOVES for before in move.before}

REPORT_MOVING = frozenset(move.act for move in MOVES)


def stage(facts: Iterable[Fact]) -> Stage:
    reached = Stage.NEW
    for fact in facts:
        reached = _NEXT.get((reached, fact.kind), reached)
    return reached


def check_may(
    act: Kind, role: Role, actor: str, facts: Sequence[Fact], *, reviewed: bool = True
) -> None:
    """Whether this person may do this with the report now.

    reviewed: a report is read by a second person before it is signed.

    Raises:
        NotAllowed: wrong role, wrong stage, or signing without a second pair of eyes.
    """
    roles = frozenset[Role]().union(*(move.by for move in MOVES if move.act is act))
    if role not in roles:
        raise NotAllowed(f"{act}: not for a {role}; it takes a {' or a '.join(sorted(roles))}")
    reached = stage(facts)
    moves = [move for move in MOVES if move.act is act and reached in move.before]
    if not moves:
        before = frozenset[Stage]().union(*(move.before for move in MOVES if move.act is act))
        raise NotAllowed(f"{act}: the report is {reached}, expected {' or '.join(sorted(before))}")
    if not any(role in move.by for move in moves):
        raise NotAllowed(f"{act}: not for a {role} while the report is {reached}")
    if act is Kind.REPORT_SIGNED and reviewed and not _readers(facts) - {actor}:
        raise NotAllowed("report_signed: a second person must have read and commented first")


def _readers(facts: Iterable[Fact]) -> set[str]:
    """Who commented on the version that stands now, or on one of this round of review."""
    people: set[str] = set()
    for fact in facts:
        if fact.kind is Kind.REVIEW_ASKED:
            people = set()
        elif fact.kind is Kind.COMMENTED:
            people.add(fact.actor)
    return people


def next_body(bodies: Sequence[tuple[str, Part]], facts: Iterable[Fact]) -> str | None:
    """Whose turn it is: those that were not asked about the version that was signed last.

    bodies: name and part, in the order in which they are asked. None: all were.
    """
    asked: set[str] = set()
    for fact in facts:
        if fact.kind is Kind.REPORT_SIGNED:
            asked = set()
        elif fact.kind is Kind.REPORT_SUBMITTED:
            asked.add(fact.details["to"])
    return next((name for name, _ in bodies if name not in asked), None)
