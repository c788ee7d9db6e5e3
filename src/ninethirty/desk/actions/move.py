"""Ask for another date than the one that was confirmed; the head of profession answers.

The Code leaves changes of a date to the head of profession alone, with a reason that is published.
"""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import MOVES, MOVING, Role, Stage, move_asked, stage
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import kept, note, release_of
from ninethirty.desk.actions.check_promise import check_promise
from ninethirty.desk.actions.hold import hold
from ninethirty.desk.actions.reschedule import reschedule
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Message

_MAY_ASK = (Role.STATISTICIAN, Role.PUBLISHING_OFFICER)

_MOVABLE = frozenset({Stage.ARMED}).union(
    *(move.before for move in MOVES if move.act is Kind.RESCHEDULED)
)


def move(release: str, opens: WallTime, *, by: str, reason: str, binding: bool = True) -> Fact:
    """Done at once if the head of profession says it, else asked for. What is armed is taken back
    first.

    Raises NotAllowed, or a TimeError.
    """
    role = role_on(release, by)
    if role is Role.HEAD_OF_PROFESSION:
        take_back_if_armed(release, by=by, reason=reason)
        return reschedule(release, opens, by=by, reason=reason, binding=binding)
    if role not in _MAY_ASK:
        raise NotAllowed(f"move: not for a {role}; it takes a {' or a '.join(_MAY_ASK)}")
    if not reason.strip():
        raise NotAllowed(f"{release}: another date is announced with its reason; none was given")
    with transaction.atomic():
        lock([release])
        row, facts = release_of(release), facts_of(release, kinds=MOVING)
        if stage(facts) not in _MOVABLE:
            raise NotAllowed(f"{release}: it is {stage(facts)}; a confirmed date can be moved")
        if row.opens == str(opens):
            raise NotAllowed(f"{release}: {opens} is promised already")
        promise = check_promise(release, opens, series=row.series, binding=binding)
        reason_kept = kept(release, Kind.MOVE_ASKED, reason)
        return note(release, Kind.MOVE_ASKED, by, was=row.opens, reason_kept=reason_kept, **promise)


def approve_move(release: str, *, by: str, binding: bool = True, read: int = 0) -> Fact:
    """Do what was asked for, with the reason that was given. read: number of the fact that was read
    before this was said; 0: whichever it is.

    Raises NotAllowed: nothing is asked for, or not the head of profession; or a TimeError.
    """
    _check_head(release, by)
    asked = _asked(release, read)
    reason = _reason(asked)
    take_back_if_armed(release, by=by, reason=reason)
    with transaction.atomic():
        lock([release])
        _asked(release, asked.n)
        return reschedule(
            release,
            WallTime.parse(asked.details["opens"]),
            by=by,
            reason=reason,
            binding=binding,
            asked=asked.n,
        )


def refuse_move(release: str, *, by: str, reason: str, read: int = 0) -> Fact:
    """The date stays. read: as of `approve_move`. Raises NotAllowed."""
    _check_head(release, by)
    with transaction.atomic():
        lock([release])
        asked = _asked(release, read)
        reason_kept = kept(release, Kind.MOVE_REFUSED, reason)
        return note(release, Kind.MOVE_REFUSED, by, asked=asked.n, reason_kept=reason_kept)


def take_back_if_armed(release: str, *, by: str, reason: str) -> None:
    """Another date voids arming: no gate may open it at the old one.

    Raises NotAllowed: a gate has not acknowledged, so that it may still open; it is held all the
    same, and the next try goes on from there.
    """
    if release_of(release).stage != Stage.ARMED:
        return
    silent = hold(release, by=by, reason=reason).details["silent"]
    if silent:
        raise NotAllowed(
            f"{release}: held, but {', '.join(silent)} did not answer and may still open it; see "
            "to that gate, then ask again"
        )


def _check_head(release: str, by: str) -> None:
    role = role_on(release, by)
    if role is not Role.HEAD_OF_PROFESSION:
        raise NotAllowed(f"rescheduled: not for a {role}; it takes a {Role.HEAD_OF_PROFESSION}")


def _asked(release: str, read: int = 0) -> Fact:
    asked = move_asked(facts_of(release))
    if asked is None:
        raise NotAllowed(f"{release}: nobody has asked for another date")
    if read not in (0, asked.n):
        raise NotAllowed(f"{release}: another date was asked for meanwhile; look again")
    return asked


def _reason(asked: Fact) -> str:
    return Message.objects.get(id=asked.details["reason_kept"]).text
