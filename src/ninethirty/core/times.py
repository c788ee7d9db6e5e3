"""Instants, wall time in a zone, and the only reading of the clock.

Inside everything is an `Instant`, in UTC. Wall time lives at the edges: a promise is a `WallTime`
(what a calendar shows, and where) and becomes an instant when somebody asks it to.

A drill's clock is a list of paces in a file that all its processes read. This module is the one
place in the core that touches the outside: the clock, and that file.
"""

import json
import time
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzdata  # type: ignore[import-untyped]  # it says which edition it is, and no more

from ninethirty.core.errors import AmbiguousTime, NoSuchTime, NotAnInstant, TimeError, UnknownZone

_SECOND = 1_000_000_000
_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # as near as other systems have it

REREAD = 0.1
"""Real seconds for which a drill's file may be taken as read. A pace is therefore only ever
added for an instant further ahead than this, so that every process changes pace together."""


class Instant(datetime):
    """A moment in UTC, to the microsecond. Sums and differences stay instants."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        self = super().__new__(cls, *args, **kwargs)
        if self.tzinfo is not UTC:
            raise NotAnInstant(f"an instant is in UTC; found {datetime.isoformat(self)}")
        return self

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The same moment, whatever its zone. Raises NotAnInstant if it has none."""
        if moment.tzinfo is None:
            raise NotAnInstant(f"{moment.isoformat(sep=' ')} has no zone")
        try:
            utc = moment.astimezone(UTC)
        except OverflowError as wrong:
            raise NotAnInstant(f"{moment.isoformat(sep=' ')} is out of range in UTC") from wrong
        # Past __new__, which checks what is right here: records are read through this.
        day = utc.year, utc.month, utc.day
        return datetime.__new__(cls, *day, utc.hour, utc.minute, utc.second, utc.microsecond, UTC)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `text()` wrote, or any ISO 8601 moment with a zone."""
        try:
            moment = datetime.fromisoformat(text)
        except (ValueError, TypeError) as wrong:
            raise NotAnInstant(f"{text!r} is not a moment such as 2026-12-01T09:30:00Z") from wrong
        return cls.of(moment)

    def replace(self, *args: Any, **kwargs: Any) -> Self:
        """As of any moment. A plain datetime if the zone is taken away, as database adapters do."""
        plain = datetime.combine(self.date(), self.time(), UTC).replace(*args, **kwargs)
        return type(self).of(plain) if plain.tzinfo is UTC else plain  # type: ignore[return-value]

    def rounded_up(self) -> Self:
        """The first whole second that is not before it: what "by" may say without denying time."""
        whole = self.replace(microsecond=0)
        return whole if whole == self else whole + timedelta(seconds=1)

    def text(self) -> str:
        """One text per instant, sorting as time does: 2026-12-01T09:30:00.000000Z."""
        return self.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


_EPOCH = Instant(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Interval:
    """Happened after `after` (None: nobody knows) and not later than `by`."""

    after: Instant | None
    by: Instant


When = Instant | Interval


def earliest(when: When) -> Instant:
    return when if isinstance(when, Instant) else when.after or when.by


def latest(when: When) -> Instant:
    return when if isinstance(when, Instant) else when.by


@dataclass(frozen=True)
class WallTime:
    """What a calendar promises: a local date and time, and the zone it is meant in."""

    local: datetime
    zone: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-12-01 09:30 Europe/London" (seconds allowed)."""
        day, clock, zone = (*text.split(), "", "", "")[:3]
        try:
            if text.split() != [day, clock, zone]:
                raise ValueError("expected three parts")
            local = datetime.fromisoformat(f"{day}T{clock}")
        except ValueError as wrong:
            raise TimeError(
                f'{text!r} is not a wall time such as "2026-12-01 09:30 Europe/London": {wrong}'
            ) from wrong
        if local.tzinfo is not None:
            raise TimeError(f"{text!r} has an offset; name the zone instead: Europe/London")
        zone_of(zone)
        return cls(local, zone)

    def __str__(self) -> str:
        clock = self.local.isoformat(sep=" ").removesuffix(":00")
        return f"{clock} {self.zone}"

    def resolve(self) -> Instant:
        """The instant meant.

        Raises:
            NoSuchTime: the clocks go forward over it. AmbiguousTime: they go back over it.
            Either way a person chooses another time.
        """
        zone = zone_of(self.zone)
        first, second = (self.local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() == second.utcoffset():
            return Instant.of(first)
        if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != self.local:
            raise NoSuchTime(f"{self}: the clocks go forward over this time")
        raise AmbiguousTime(f"{self}: the clocks go back, and show this time twice")


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as missing:
        raise UnknownZone(f"{name!r} is not a time zone such as Europe/London") from missing


@cache
def zone_rules() -> str:
    """Which edition of the time-zone database wall time is resolved by, such as 2026b; governments
    change their clocks at short notice, so that a promise can come to mean another instant."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "tzdata.zi").is_file():
            with (folder / "tzdata.zi").open(encoding="utf-8") as rules:
                return rules.readline().removeprefix("# version ").strip()
        if (folder / "Europe" / "London").is_file():
            return f"unknown, in {folder.name}"
    return str(tzdata.IANA_VERSION)


def at_local(instant: Instant, zone: str) -> datetime:
    """The wall clock of `zone` at that instant."""
    return datetime.combine(instant.date(), instant.time(), UTC).astimezone(zone_of(zone))


@dataclass(frozen=True)
class Pace:
    """From the real instant on the drill's clock shows `drill`, and runs `speed` times as fast."""

    real: Instant
    drill: Instant
    speed: float


def drill_time(paces: Sequence[Pace], real: Instant) -> Instant:
    """What the drill's clock shows. Before the first pace it stands still."""
    pace = paces[0]
    for later in paces[1:]:
        if later.real > real:
            break
        pace = later
    return pace.drill + max(real - pace.real, timedelta(0)) * pace.speed


def real_time(paces: Sequence[Pace], drill: Instant) -> Instant:
    """When the drill's clock will show this, as far as the paces known so far can tell."""
    pace = paces[0]
    for later in paces[1:]:
        if later.drill > drill:
            break
        pace = later
    return pace.real + (drill - pace.drill) / pace.speed


def write_paces(file: Path, paces: Sequence[Pace]) -> None:
    rows = [[pace.real.text(), pace.drill.text(), pace.speed] for pace in paces]
    new = file.with_suffix(".new")
    new.write_text(json.dumps(rows, indent=1) + "\n")
    new.replace(file)


def read_paces(file: Path) -> tuple[Pace, ...]:
    rows = json.loads(file.read_text())
    return tuple(Pace(Instant.parse(real), Instant.parse(drill), s) for real, drill, s in rows)


def wall_ns() -> int:
    """The wall clock, in nanoseconds since 1970. Anybody who may set it can make it wrong."""
    return time.time_ns()  # noqa: TID251  # the one place


def boot_ns() -> int:
    """Nanoseconds since the machine started, asleep or not. Nobody can set it."""
    return time.clock_gettime_ns(_BOOT)  # noqa: TID251  # the one place


def at_ns(nanoseconds: int) -> Instant:
    """The instant so long after 1970, never rounded up: that would be early."""
    second, rest = divmod(nanoseconds, _SECOND)
    # Past Instant.__new__, which checks what is right here, and takes four times as long.
    return datetime.__new__(Instant, *_fields(second), rest // 1000, UTC)


def ns_of(instant: Instant) -> int:
    """Nanoseconds since 1970."""
    return (instant - _EPOCH) // timedelta(microseconds=1) * 1000


@lru_cache(maxsize=4)
def _fields(second: int) -> tuple[int, int, int, int, int, int]:
    return time.gmtime(second)[:6]


class Clock(Protocol):
    drill: bool

    def now(self) -> Instant: ...

    def seconds_until(self, instant: Instant) -> float:
        """Real seconds from now; negative when past."""
        ...


class RealClock:
    """The clock of this machine."""

    drill = False

    def now(self) -> Instant:
        return at_ns(wall_ns())

    def seconds_until(self, instant: Instant) -> float:
        return (instant - self.now()).total_seconds()


class DrillClock:
    """A drill's clock, read from the file all processes of the drill share."""

    drill = True

    def __init__(self, file: Path) -> None:
        self._file = file
        self._real = RealClock()
        self._paces = read_paces(file)
        self._read_at = time.monotonic()

    def now(self) -> Instant:
        return drill_time(self._known(), self._real.now())

    def seconds_until(self, instant: Instant) -> float:
        return (real_time(self._known(), instant) - self._real.now()).total_seconds()

    def _known(self) -> tuple[Pace, ...]:
        if time.monotonic() - self._read_at > REREAD:
            self._paces = read_paces(self._file)
            self._read_at = time.monotonic()
        return self._paces


def clock(drill_file: Path | None) -> Clock:
    """The real clock, or the drill's if a file is named."""
    return DrillClock(drill_file) if drill_file else RealClock()
