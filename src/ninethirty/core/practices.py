"""Editions of the Code of Practice for Statistics as dated data, and what a breach touches in each.

The edition in force on the day it occurred is the one that binds. The words are ours and short; a
person confirms what is suggested. Only practices on release are held here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Breach(StrEnum):
    """Kinds of breach, as real reports fall into them."""

    LATE = "late"
    EARLY = "early"
    WRONG_AUDIENCE = "wrong_audience"
    """Seen before release by somebody not entitled to."""
    WRONG_CONTENT = "wrong_content"
    QUOTED = "quoted"
    """A figure used in public before it was released."""
    ACCESS_TOO_LONG = "access_too_long"
    """Pre-release access beyond its ceiling."""
    PRESS_EMBARGO = "press_embargo"
    PROMISE_BROKEN = "promise_broken"
    """A date moved or missed without notice."""
    UNEQUAL_ACCESS = "unequal_access"


@dataclass(frozen=True)
class Practice:
    """One numbered demand. certain: we read it in the edition itself, or a page that cites it."""

    code: str
    says: str
    certain: bool = True


@dataclass(frozen=True)
class Edition:
    name: str
    since: date
    practices: Mapping[str, Practice]
    touched: Mapping[Breach, tuple[str, ...]]
    """A kind that is not here is left to a person."""
    day_certain: bool = True
    """Whether the day is known, or only the month."""


def _by_code(*practices: Practice) -> dict[str, Practice]:
    return {practice.code: practice for practice in practices}


_OFFICIAL_2009 = Edition(
    "Code of Practice for Official Statistics",
    date(2009, 1, 6),
    _by_code(
        Practice("Protocol 2", "release practices: announced, orderly, to everyone at once"),
        Practice("Protocol 2.8", "tell of accidental or wrongful release at once"),
    ),
    {
        Breach.LATE: ("Protocol 2",),
        Breach.EARLY: ("Protocol 2", "Protocol 2.8"),
        Breach.WRONG_AUDIENCE: ("Protocol 2", "Protocol 2.8"),
        Breach.QUOTED: ("Protocol 2",),
        Breach.ACCESS_TOO_LONG: ("Protocol 2",),
        Breach.PRESS_EMBARGO: ("Protocol 2",),
        Breach.PROMISE_BROKEN: ("Protocol 2",),
        Breach.UNEQUAL_ACCESS: ("Protocol 2",),
    },
    day_certain=False,
)

_PILLARS = (
    Practice("T1.3", "nothing said or done that weakens trust in independence"),
    Practice("T2.1", "the chief statistician alone decides content and time of release"),
    Practice("T2.7", "accidental or wrongful release is reported at once"),
    Practice("T2.9", "what cannot be met needs an exemption, and that is published"),
    Practice("T3.2", "changes of date are agreed, announced soon, and given reasons"),
    Practice("T3.3", "before release only those who make, check and carry it; access is recorded"),
    Practice("T3.4", "early copies only to people who are eligible, listed and few"),
    Practice("T3.5", "released when ready"),
    Practice("T3.7", "a named contact"),
    Practice("T3.8", "kept apart from statements of policy and press"),
    Practice("T3.9", "revisions and corrections soon, openly, under a policy", certain=False),
    Practice("V2", "equally accessible to everyone"),
)

_TOUCHED = {
    Breach.LATE: ("T3.6",),
    Breach.EARLY: ("T3.3", "T3.6"),
    Breach.WRONG_AUDIENCE: ("T3.3", "T3.4"),
    Breach.QUOTED: ("T3.3", "T3.8"),
    Breach.ACCESS_TOO_LONG: ("T3.4",),
    Breach.PRESS_EMBARGO: ("T3.3", "T3.4"),
    Breach.PROMISE_BROKEN: ("T3.1", "T3.2"),
    Breach.UNEQUAL_ACCESS: ("V2",),
}

_SECOND = Edition(
    "Code of Practice for Statistics, edition 2.0",
    date(2018, 2, 26),
    _by_code(
        *_PILLARS,
        Practice("T3.1", "a calendar of twelve months; the date four weeks ahead"),
        Practice("T3.6", "released to everyone at 9.30am on a weekday"),
    ),
    _TOUCHED,
    day_certain=False,
)

_SECOND_REVISED = Edition(
    "Code of Practice for Statistics, edition 2.1",
    date(2022, 5, 5),
    _by_code(
        *_PILLARS,
        Practice("T3.1", "a calendar of twelve months; date and time four weeks ahead"),
        Practice(
            "T3.6", "released to everyone at 9.30am on a weekday, or at another time once granted"
        ),
    ),
    _TOUCHED,
)

_THIRD = Edition(
    "Code of Practice for Statistics, edition 3.0",
    date(2025, 11, 4),
    _by_code(
        Practice("Standard 2", "lead responsibly: concerns are raised with the regulator"),
        # The numbers of its later practices, the time of release among them, were not seen.
        Practice("Standard 3", "be transparent: announced, released to everyone at once"),
        Practice("3.1", "a calendar of twelve months; date and time four weeks ahead"),
        Practice("3.2", "changes are agreed, announced soon, and given reasons"),
        Practice("3.3", "access before release is limited and listed, and hints at nothing"),
        Practice("3.4", "early copies follow the law on pre-release access"),
        Practice("3.5", "released when ready, and in time"),
    ),
    {
        Breach.LATE: ("Standard 3",),
        Breach.EARLY: ("Standard 3", "3.3"),
        Breach.WRONG_AUDIENCE: ("3.3", "3.4"),
        Breach.QUOTED: ("3.3",),
        Breach.ACCESS_TOO_LONG: ("3.4",),
        Breach.PRESS_EMBARGO: ("3.3", "3.4"),
        Breach.PROMISE_BROKEN: ("3.1", "3.2"),
        Breach.UNEQUAL_ACCESS: ("Standard 3",),
    },
)

EDITIONS = (_OFFICIAL_2009, _SECOND, _SECOND_REVISED, _THIRD)
"""In order of time."""


def edition_on(day: date) -> Edition | None:
    """The edition in force that day; None before the first of them."""
    return next((edition for edition in reversed(EDITIONS) if edition.since <= day), None)


def touched(kind: Breach, day: date) -> tuple[Practice, ...]:
    """What a breach of this kind on that day touches: for a person to confirm. Empty where the
    edition does not settle it."""
    edition = edition_on(day)
    if edition is None:
        return ()
    return tuple(edition.practices[code] for code in edition.touched.get(kind, ()))
