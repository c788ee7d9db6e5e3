"""How a producer promises dates: the table [promises] in desk.toml.

[promises]
like = "us-bls"                 # another country's zone and usual time; else those of the UK
zone = "Europe/London"          # these are the defaults
at = 09:30:00
notice_days = 28
shunned = ["Monday", "Friday"]  # none by default
places = ["GB-ENG", "GB-NIR"]   # whose bank holidays count; none by default
closures = { 2026-12-24 = "the office is closed" }

[[promises.leave]]              # an alternative release time, or an exemption
reference = "ART 2020/7"
at = 07:00:00
since = 2020-03-25
until = 2026-03-31              # need not be told

A producer whose rules differ has the same table in its row, with dates and times as texts.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from ninethirty.core.announcement import ELSEWHERE, Leave, Usual
from ninethirty.core.times import zone_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_SETTINGS = ("like", "zone", "at", "notice_days", "shunned", "places", "closures", "leave")

T = TypeVar("T")


@dataclass(frozen=True)
class Promises:
    usual: Usual = field(default_factory=Usual)
    places: tuple[str, ...] = ()
    closures: Mapping[date, str] = field(default_factory=dict)
    leave: tuple[Leave, ...] = ()


def read_promises(told: Any, base: Promises | None = None) -> Promises:
    """base: what holds where nothing is told; the rules of the United Kingdom, if none is named.
    `like` names those of another country instead.

    Raises ValueError, saying which setting is wrong; UnknownZone.
    """
    _known("promises", told, _SETTINGS)
    base = _like(told) if "like" in told else base or Promises()
    days = _is(told, "shunned", list, [_DAYS[day] for day in base.usual.shunned])
    usual = replace(
        base.usual,
        zone=_is(told, "zone", str, base.usual.zone),
        at=_is(told, "at", time, base.usual.at),
        notice=timedelta(days=_is(told, "notice_days", int, base.usual.notice.days)),
        shunned=frozenset(_day(name) for name in days),
    )
    zone_of(usual.zone)
    closures, leave = _is(told, "closures", dict, {}), _is(told, "leave", list, [])
    return Promises(
        usual,
        tuple(_is(told, "places", list, list(base.places))),
        {**base.closures, **{_date(day): str(name) for day, name in closures.items()}},
        (*base.leave, *(_leave(place, one) for place, one in enumerate(leave))),
    )


def _like(told: dict[str, Any]) -> Promises:
    name = _is(told, "like", str, "")
    if name not in ELSEWHERE:
        raise ValueError(f"promises.like: expected {', '.join(ELSEWHERE)}, found {name!r}")
    return Promises(ELSEWHERE[name])


def _leave(place: int, told: Any) -> Leave:
    where = f"promises.leave[{place}]"
    _known(where, told, ("reference", "at", "since", "until"))
    for name in ("reference", "at", "since"):
        if name not in told:
            raise ValueError(f"{where}.{name} is missing")
    return Leave(
        _is(told, "reference", str, "", where),
        _is(told, "at", time, time(), where),
        _is(told, "since", date, date.min, where),
        _is(told, "until", date, date.min, where) if "until" in told else None,
    )


def _known(where: str, told: Any, known: Collection[str]) -> None:
    if not isinstance(told, dict):
        raise ValueError(f"{where} is not a table")
    for name in told:
        if name not in known:
            raise ValueError(f"{where}.{name} is not a setting; known: {', '.join(sorted(known))}")


def _is(told: dict[str, Any], name: str, kind: type[T], default: T, where: str = "promises") -> T:
    value = told.get(name, default)
    if issubclass(kind, date | time) and isinstance(value, str):
        with suppress(ValueError):  # a text that is none is then found to be a text
            value = kind.fromisoformat(value)
    # A moment is a date to Python, and true and false are numbers: not here.
    if not isinstance(value, kind) or isinstance(value, datetime | bool):
        raise ValueError(f"{where}.{name}: expected a {kind.__name__}, found {value!r}")
    return value


def _day(name: Any) -> int:
    if name not in _DAYS:
        raise ValueError(f"promises.shunned: expected {', '.join(_DAYS)}, found {name!r}")
    return _DAYS.index(name)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(f"promises.closures: expected a date, found {text!r}") from wrong
