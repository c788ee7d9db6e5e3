"""Who may see a release before everybody else does: ceilings in law, windows, and what refuses.

Most real breaches are figures seen too soon by the wrong people, most of those by mail. So whoever
is on a list of a release gets a personal link in place of a copy, and this says when it shows
something.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ninethirty.core.announcement import DaysOff
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.guard import Trust
from ninethirty.core.release import Role
from ninethirty.core.times import Instant, WallTime, at_local, zone_of

DUTIES = (
    "Do not pass on what you see, nor hint at it: not the figures, not whether they are good.",
    "Use it for the purpose you were listed for, and for nothing else.",
    "Gain nothing by it, for yourself or for a party.",
    "Ask nobody to change what it says or when it is released.",
    "If you think that somebody else has seen it, say so at once to whoever sent you the link.",
)
"""What the orders on pre-release access ask of whoever gets it, in our words."""


class Tier(StrEnum):
    """By what right somebody sees it early. The text is shown to people."""

    says: str

    def __new__(cls, value: str, says: str) -> "Tier":
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    LISTED = "pre-release", "to be able to answer or act at the time of release"
    PRESS_OFFICE = "press office", "prepares for the producer what the press will ask"
    PRESS = "press under embargo", "reports at the time of release; only by leave, with a reason"
    OPERATIONAL = "operational use", "runs a service by the same data; recorded, given no link"

    @property
    def sees(self) -> bool:
        return self is not Tier.OPERATIONAL


@dataclass(frozen=True)
class Ceiling:
    """The longest access before T, from a day on: hours as they pass, or whole working days back to
    the same time of day. certain: we read it in the order itself, or in a page that cites it."""

    since: date
    source: str
    hours: int = 0
    working_days: int = 0
    certain: bool = True

    @property
    def says(self) -> str:
        if self.working_days:
            return (
                "1 working day" if self.working_days == 1 else f"{self.working_days} working days"
            )
        return f"{self.hours} hours"


@dataclass(frozen=True)
class Law:
    """ceilings: the newest last. sensitive: of what can move a market, where that differs."""

    name: str
    ceilings: tuple[Ceiling, ...]
    sensitive: tuple[Ceiling, ...] = ()


LAWS: Mapping[str, Law] = {
    "uk": Law(
        "United Kingdom, and England alone",
        (Ceiling(date(2008, 12, 1), "Statutory Instrument 2008/2998", hours=24),),
    ),
    "scotland": Law(
        "Scotland",
        (
            Ceiling(
                date(2008, 12, 1),
                "Scottish Statutory Instrument 2008/399",
                working_days=5,
                certain=False,
            ),
        ),
        (
            Ceiling(
                date(2008, 12, 1),
                "Scottish Statutory Instrument 2008/399",
                working_days=1,
                certain=False,
            ),
        ),
    ),
    "wales": Law(
        "Wales",
        (
            # Its month is not known to us; before the first day of 2009 there was none.
            Ceiling(
                date(2009, 1, 1), "the Welsh order on pre-release access", hours=24, certain=False
            ),
        ),
    ),
    "northern-ireland": Law(
        "Northern Ireland",
        (Ceiling(date(2009, 4, 1), "Statutory Rule 2009/71", hours=24),),
    ),
    "none": Law(
        "nobody: this producer gives no pre-release access",
        (Ceiling(date.min, "the producer's own rule"),),
    ),
}
"""By the name under which a list is begun."""


def ceiling_on(law: str, day: date, *, sensitive: bool = False) -> Ceiling:
    """Raises NotAllowed: no such law, or not in force that day."""
    if law not in LAWS:
        raise NotAllowed(f"{law}: expected one of {', '.join(LAWS)}")
    known = LAWS[law]
    found = (known.sensitive or known.ceilings) if sensitive else known.ceilings
    in_force = [one for one in found if one.since <= day]
    if not in_force:
        raise NotAllowed(f"{law}: no rule on pre-release access is known for {day}")
    return in_force[-1]


@dataclass(frozen=True)
class Window:
    """From `since` on, and not at `until` any more."""

    since: Instant
    until: Instant


def window(opens: WallTime, begins: timedelta, ends: timedelta = timedelta(0)) -> Window:
    """begins, ends: so long before T, in time that passes.

    Raises:
        NotAllowed: it would be empty, or go on after T. A TimeError: T cannot be told.
    """
    if ends < timedelta(0):
        raise NotAllowed("access ends at the time of release at the latest: from then on it is "
                         "there for everybody")  # fmt: skip
    if begins <= ends:
        raise NotAllowed("access ends before it begins: say first from when, then until when")
    t = opens.resolve()
    return Window(t - begins, t - ends)


def earliest(opens: WallTime, ceiling: Ceiling, day_off: DaysOff) -> Instant:
    """The first instant that the ceiling allows."""
    if not ceiling.working_days:
        return opens.resolve() - timedelta(hours=ceiling.hours)
    day, left = opens.local.date(), ceiling.working_days
    while left:
        day -= timedelta(days=1)
        left -= _works(day, day_off)
    local = opens.local.replace(year=day.year, month=day.month, day=day.day)
    zone = zone_of(opens.zone)
    # A time that the clocks skip or show twice that day: the later reading, so never too long.
    return max(Instant.of(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))


def _works(day: date, day_off: DaysOff) -> bool:
    return day.weekday() not in (5, 6) and not day_off(day)


def check_within(asked: Window, opens: WallTime, ceiling: Ceiling, day_off: DaysOff) -> None:
    """Raises NotAllowed: it begins before the ceiling allows."""
    first = earliest(opens, ceiling, day_off)
    if asked.since < first:
        raise NotAllowed(
            f"access from {_local(asked.since, opens.zone)} is longer than {ceiling.says}, the "
            f"most that {ceiling.source} allows: {_local(first, opens.zone)} at the earliest. "
            "If it is to be longer, ask for an extension and give the reason"
        )


def remarks(asked: Window, opens: WallTime, day_off: DaysOff) -> list[str]:
    """What somebody should know of a window before they confirm it: nothing of it is refused."""
    start, end = (at_local(at, opens.zone) for at in (asked.since, asked.until))
    said = []
    if start.utcoffset() != end.utcoffset():
        said.append(
            f"the clocks change within it: it begins at {start:%H:%M on %A %-d %B} by the clock of "
            "that day, and lasts as long as it says"
        )
    day = start.date()
    while day <= end.date():
        name = day_off(day) or (f"{day:%A}" if day.weekday() in (5, 6) else "")
        if name:
            said.append(f"{day} is within it, and is a day off: {name}")
        day += timedelta(days=1)
    return said


def _local(at: Instant, zone: str) -> str:
    return f"{at_local(at, zone):%Y-%m-%d %H:%M} {zone}"


class Refusal(StrEnum):
    """Why somebody on a list is shown nothing, with the sentence they read."""

    says: str

    def __new__(cls, value: str, says: str) -> "Refusal":
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    REVOKED = "revoked", "Your access was taken back. Ask whoever sent you the link."
    EXPIRED = "expired", "You were listed for another job than you have now, so this has ended."
    NO_LINK = "no-link", "This entry only records a use; it shows nothing."
    CHANGED = (
        "changed",
        (
            "The list was changed, or the date of the release, and the head of profession has not "
            "confirmed your entry as it stands. Nothing is shown until then."
        ),
    )
    CLOCK = "clock", "Our clock cannot be trusted at the moment, so nothing is shown. Ask us."
    EARLY = "early", "Your access has not begun yet."
    OVER = "over", "Your access is over."
    UNSEALED = "unsealed", "There is no final version yet, and nothing else is shown."


@dataclass(frozen=True)
class Standing:
    """How somebody's entry stands. confirmed: as it is now, for the time of release as it is now.
    expired: their job is not the one they were listed for. sealed: what they would see is final."""

    tier: Tier
    window: Window
    confirmed: bool = False
    revoked: bool = False
    expired: bool = False
    sealed: bool = False


def refusal(entry: Standing, now: Instant, trust: Trust) -> Refusal | None:
    """None: it is shown. Where the clock cannot be trusted nobody can tell whether it is time."""
    reasons = (
        (Refusal.REVOKED, entry.revoked),
        (Refusal.EXPIRED, entry.expired),
        (Refusal.NO_LINK, not entry.tier.sees),
        (Refusal.CHANGED, not entry.confirmed),
        (Refusal.CLOCK, not trust.arms),
        (Refusal.EARLY, now < entry.window.since),
        (Refusal.OVER, now >= entry.window.until),
        (Refusal.UNSEALED, not entry.sealed),
    )
    return next((reason for reason, holds in reasons if holds), None)


_HOP = Role.HEAD_OF_PROFESSION
_KEEPERS = frozenset({Role.STATISTICIAN, Role.PUBLISHING_OFFICER, _HOP})
_ANY = _KEEPERS | {Role.APPROVER, Role.OPERATOR}

MAY: Mapping[Kind, frozenset[Role]] = {
    Kind.ACCESS_ADDED: _KEEPERS,
    Kind.ACCESS_CHANGED: _KEEPERS,
    Kind.ACCESS_EXTENDED: _KEEPERS,
    Kind.ACCESS_EXPIRED: _KEEPERS,
    Kind.ACCESS_LINKED: _KEEPERS,
    Kind.ACCESS_CONFIRMED: frozenset({_HOP}),
    Kind.ACCESS_REVOKED: _ANY,
    Kind.SLIPPED: _ANY,
    Kind.SLIP_DECIDED: frozenset({_HOP}),
}
"""Who may do what with a list. To take access back, and to say that something slipped, nobody has
to wait for anybody."""


def check_may(act: Kind, role: Role, actor: str, written_by: Iterable[str] = ()) -> None:
    """written_by: of a confirmation, who wrote the entries that it would confirm.

    Raises:
        NotAllowed: wrong role, or confirming what one wrote oneself.
    """
    if role not in MAY[act]:
        wanted = " or a ".join(sorted(MAY[act]))
        raise NotAllowed(f"{act}: not for a {role}; it takes a {wanted}")
    if act is Kind.ACCESS_CONFIRMED and actor in written_by:
        raise NotAllowed(
            "access_confirmed: nobody confirms entries that they wrote; a second person must"
        )


@dataclass(frozen=True)
class Mark:
    """What stands on a reader's copy. copy: its number, which the log has too."""

    name: str
    job: str
    organisation: str
    until: WallTime
    copy: str

    @property
    def says(self) -> str:
        who = ", ".join(part for part in (self.name, self.job, self.organisation) if part)
        return f"Not to be passed on before {self.until}. Copy {self.copy}, for {who} alone."
