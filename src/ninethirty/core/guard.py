"""The instant a gate may answer with, when clocks can be wrong.

The earlier of two: what the wall clock shows, and the last reading of it that was trusted, carried
on by the time since the machine started (which nobody can set). So a clock that jumps ahead opens
nothing early. But never earlier than the latest instant already answered with. So a clock that
jumps back closes nothing.

All are whole nanoseconds: `wall` since 1970, `boot` since the machine started. A trusted reading is
one number, `ahead`: by how much the wall clock was ahead of the other when it was right.
"""

from collections.abc import Iterable
from enum import StrEnum

from ninethirty.core.errors import ClockNotTrusted
from ninethirty.core.schedule import Gone, Opening

TOLERANCE = 50_000_000
"""Clocks further apart than this are not together: 50 ms."""

NO_READING = -(1 << 62)
"""As `ahead`: no reading was ever trusted. Carried on, it is before everything."""

ANY_READING = 1 << 62
"""As `ahead`: the wall clock is taken at its word. Carried on, it is after everything."""


class Trust(StrEnum):
    """How far a gate's clock can be trusted, with what that means. The text is shown to people."""

    says: str

    def __new__(cls, value: str, says: str) -> "Trust":
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    TRUSTED = "trusted", "its clock was checked, and has not jumped since"
    UNCHECKED = "unchecked", "its clock is taken at its word"
    DRILL = "drill", "it shows the time of a drill"
    APART = "apart", "its wall clock and the last trusted reading have come apart"
    AHEAD = "ahead", "it has answered with a later instant than it is now"
    UNTRUSTED = "untrusted", "nothing has yet confirmed its clock"

    @property
    def arms(self) -> bool:
        """Whether something new may be armed."""
        return self in (Trust.TRUSTED, Trust.UNCHECKED, Trust.DRILL)


def guarded(wall: int, boot: int, ahead: int, latest: int) -> int:
    """The instant to answer with.

    latest: the latest one answered with so far, by anybody of this gate, in this run or before.
    """
    return max(latest, min(wall, boot + ahead))


def settled(wall: int, boot: int, error: int = 0) -> int:
    """The trusted reading (`ahead`), now that somebody who knows the time has spoken.

    error: how far the wall clock is ahead of what they say.
    """
    return wall - boot - error


def error_of(offset: int, bound: int) -> int | None:
    """How far the wall clock is ahead, by somebody who says it is off by `offset`, give or take
    `bound`; None: they do not know well enough.

    Within the bound the wall clock is as likely right as they are, and it is steadier.
    """
    if bound > TOLERANCE:
        return None
    return 0 if abs(offset) <= bound else -offset


def offset(wall: int, boot: int, ahead: int) -> int | None:
    """By how much the wall clock is ahead of the trusted reading; None if there is none to ask."""
    return None if ahead in (NO_READING, ANY_READING) else wall - (boot + ahead)


def trust(wall: int, boot: int, ahead: int, latest: int) -> Trust:
    """How far the clock can be trusted now."""
    apart = offset(wall, boot, ahead)
    if ahead == NO_READING:
        return Trust.UNTRUSTED
    if apart is not None and abs(apart) > TOLERANCE:
        return Trust.APART
    if latest - min(wall, boot + ahead) > TOLERANCE:
        # What is armed now would open at once, if it opens before that later instant.
        return Trust.AHEAD
    return Trust.UNCHECKED if ahead == ANY_READING else Trust.TRUSTED


def check_may_arm(now: Trust, held: Iterable[Opening], offered: Iterable[Opening]) -> None:
    """May openings be put in the place of those held, at this trust in the clock?

    A hold always may, and what comes with it: opening what was taken back is worse than opening
    something new late.

    Raises:
        ClockNotTrusted: this only adds something to open.
    """
    if now.arms:
        return
    held, offered = set(held), set(offered)
    added, removed = offered - held, held - offered
    takes_back = any(_gives(opening) for opening in removed) or any(
        isinstance(opening.answer, Gone) for opening in added
    )
    if not takes_back and any(_gives(opening) for opening in added):
        raise ClockNotTrusted(
            f"expected a clock that can be trusted, found it {now}: {now.says}; holds and "
            "withdrawals are taken, nothing new is armed until it is settled (--time-from)"
        )


def _gives(opening: Opening) -> bool:
    return opening.answer is not None and not isinstance(opening.answer, Gone)
