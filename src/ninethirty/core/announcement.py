"""Dates promised, and what a producer's own rules say of a date before it is promised.

Rules differ by country and producer, so they are data: zone, usual time, notice, days off. A rule
either refuses a promise or warns of it; a warning is kept with the promise, so that nobody can say
later that nobody knew.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from ninethirty.core.errors import TimeError
from ninethirty.core.times import WallTime, zone_of

DaysOff = Callable[[date], str | None]
"""What day off this is where the producer works, if it is one: "Good Friday", or a closure."""


@dataclass(frozen=True)
class Provisional:
    """Some day from `first` to `last`, both included: a month, or a range."""

    first: date
    last: date

    @classmethod
    def month(cls, year: int, month: int) -> "Provisional":
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def parse(cls, text: str) -> "Provisional":
        """Read "2026-12", "2026-12 to 2027-01", or "2026-12-07 to 2026-12-18".

        Raises TimeError: no such month or day, or the last before the first.
        """
        first, _, last = text.partition(" to ")
        try:
            found = cls(_period(first)[0], _period(last or first)[1])
        except ValueError as wrong:
            raise TimeError(
                f'{text!r} is neither a month such as "2026-12" nor a range such as '
                f'"2026-12-07 to 2026-12-18": {wrong}'
            ) from wrong
        if found.last < found.first:
            raise TimeError(f"{text!r} ends before it begins")
        return found

    def __str__(self) -> str:
        """What `parse` reads, as short as it can be."""
        first, last = f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"
        if (self.first.day, self.last) == (1, Provisional.month(*_month(self.last)).last):
            return first if first == last else f"{first} to {last}"
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Usual:
    """How this producer promises: at which time, how long ahead, and on which days not gladly.

    notice: an exact date is given at least so long before. shunned: weekdays (Monday is 0) that it
    would rather not use: Monday, when pre-release access would run over a weekend; Friday, when
    nobody is there to ask on the next day.
    """

    zone: str = "Europe/London"
    at: time = time(9, 30)
    notice: timedelta = timedelta(weeks=4)
    shunned: frozenset[int] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})


ELSEWHERE = {
    "uk": Usual(),
    "us-bls": Usual("America/New_York", time(8, 30)),
    "eu-eurostat": Usual("Europe/Luxembourg", time(11, 0)),
    "ca-statcan": Usual("America/Toronto", time(8, 30)),
    "au-abs": Usual("Australia/Sydney", time(11, 30)),
    "fr-insee": Usual("Europe/Paris", time(8, 45)),
    "de-destatis": Usual("Europe/Berlin", time(8, 0)),
}
"""Usual times of other bodies, each in its own zone."""


class Weight(StrEnum):
    REFUSED = "refused"
    WARNED = "warned"


@dataclass(frozen=True)
class Finding:
    """What a rule says of a promise. code: the same for ever, for counting."""

    weight: Weight
    code: str
    says: str


@dataclass(frozen=True)
class Leave:
    """Leave to depart from the usual time: an alternative release time, or an exemption.

    at: the time granted. until: its last day; None if it was granted without end.
    """

    reference: str
    at: time
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Circumstances:
    """What has to be known to judge a promise: today where the producer works, its days off, what
    leave it was given, and how many other releases open at the same instant.

    binding: whether weekday and time are rules. They are only wished for where the promise was
    made elsewhere already, or the release is an unscheduled one.
    """

    today: date
    days_off: DaysOff = field(default=lambda day: None)
    leave: tuple[Leave, ...] = ()
    others: int = 0
    binding: bool = True


def judge(promise: WallTime, usual: Usual, known: Circumstances) -> list[Finding]:
    """What speaks against this promise: what refuses it first, then what warns of it.

    An empty list is a promise that nobody needs to think about twice.
    """
    found = [
        finding
        for rule in (
            _exists,
            _to_come,
            _weekday,
            _day_off,
            _time,
            _zone,
            _notice,
            _shunned,
            _shared,
        )
        for finding in rule(promise, usual, known)
    ]
    return sorted(found, key=lambda finding: finding.weight is Weight.WARNED)


def _exists(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    try:
        promise.resolve()
    except TimeError as wrong:
        yield Finding(Weight.REFUSED, "no-such-time", str(wrong))


def _to_come(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    if promise.local.date() < known.today:
        yield Finding(Weight.REFUSED, "past", f"{promise}: is past; today is {known.today}")


def _weekday(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    if promise.local.weekday() in usual.weekend:
        yield Finding(
            _weight(known),
            "weekend",
            f"{promise}: is a {promise.local:%A}; statistics are released on a weekday",
        )


def _weight(known: Circumstances) -> Weight:
    return Weight.REFUSED if known.binding else Weight.WARNED


def _day_off(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    name = known.days_off(promise.local.date())
    if name:
        yield Finding(Weight.WARNED, "day-off", f"{promise}: is a day off, {name}")


def _time(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    day, clock = promise.local.date(), promise.local.time()
    if clock != usual.at and not any(
        leave.at == clock and leave.covers(day) for leave in known.leave
    ):
        yield Finding(
            _weight(known),
            "other-time",
            f"{promise}: releases are at {usual.at:%H:%M}; another time needs an alternative "
            "release time or an exemption that covers that day, and none is recorded",
        )


def _zone(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    if promise.zone != usual.zone:
        yield Finding(
            Weight.WARNED,
            "other-zone",
            f"{promise}: in the zone {promise.zone}; the producer's is {usual.zone}",
        )


def _notice(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    ahead = promise.local.date() - known.today
    if timedelta(0) <= ahead < usual.notice:
        yield Finding(
            Weight.WARNED,
            "short-notice",
            f"{promise}: {_days(ahead)} ahead; "
            f"an exact date is promised {_days(usual.notice)} ahead",
        )


def _shunned(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    if promise.local.weekday() in usual.shunned:
        yield Finding(
            Weight.WARNED,
            "shunned-day",
            f"{promise}: is a {promise.local:%A}, which this producer would rather not use",
        )


def _shared(promise: WallTime, usual: Usual, known: Circumstances) -> Iterable[Finding]:
    if known.others:
        releases = "release opens" if known.others == 1 else "releases open"
        yield Finding(
            Weight.WARNED,
            "shared-instant",
            f"{promise}: {known.others} other {releases} at that instant",
        )


def check_confirms(promise: WallTime, provisional: Provisional) -> Finding | None:
    """Whether an exact date lies where the provisional one said it would."""
    if provisional.holds(promise.local.date()):
        return None
    return Finding(
        Weight.WARNED,
        "outside-provisional",
        f"{promise}: was promised for {provisional.first} to {provisional.last}",
    )


def judge_provisional(promise: Provisional, usual: Usual, today: date) -> list[Finding]:
    """What speaks against a month or a range, in the words of `judge`."""
    if promise.last < today:
        return [Finding(Weight.REFUSED, "past", f"{promise}: is past; today is {today}")]
    due = exact_by(promise, usual)
    if due < today:
        says = f"{promise}: its exact date was due by {due}, {_days(usual.notice)} ahead"
        return [Finding(Weight.WARNED, "date-due", says)]
    return []


def exact_by(promise: Provisional, usual: Usual) -> date:
    """Until when an exact date can be given that lies within it and leaves the usual notice."""
    return promise.last - usual.notice


class Rhythm(StrEnum):
    """How often a series comes out."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


def next_edition(last: WallTime, rhythm: Rhythm, usual: Usual, days_off: DaysOff) -> WallTime:
    """A date to propose for the next edition: the same weekday of the same week of the month as the
    last, and the next day that is neither weekend nor off, at the usual time.

    Raises UnknownZone.
    """
    zone_of(usual.zone)
    day = last.local.date()
    day = day + timedelta(weeks=1) if rhythm is Rhythm.WEEKLY else _later(day, _MONTHS[rhythm])
    while day.weekday() in usual.weekend or days_off(day):
        day += timedelta(days=1)
    return WallTime(datetime.combine(day, usual.at), usual.zone)


def editions_until(
    last: WallTime, rhythm: Rhythm, usual: Usual, days_off: DaysOff, until: date
) -> Iterator[WallTime]:
    """Dates to propose for the editions that follow the last, up to a day and with it. Each is
    reckoned from the one before as it would be without days off, so that one holiday does not
    move all that come after it."""
    anchor = last
    while True:
        proposed = next_edition(anchor, rhythm, usual, days_off)
        if proposed.local.date() > until:
            return
        yield proposed
        anchor = next_edition(anchor, rhythm, usual, lambda day: None)


def _later(day: date, months: int) -> date:
    """The same weekday of the same week, that many months later; of its last week, if it has only
    four of that day."""
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    same = first + timedelta(days=(day.weekday() - first.weekday()) % 7)
    wanted = same + timedelta(weeks=(day.day - 1) // 7)
    return wanted if wanted.month == first.month else wanted - timedelta(weeks=1)


def _period(text: str) -> tuple[date, date]:
    """First and last day of a month or a day. Raises ValueError."""
    day = date.fromisoformat(f"{text}-01" if len(text) == len("2026-12") else text)
    if len(text) == len("2026-12"):
        month = Provisional.month(day.year, day.month)
        return month.first, month.last
    return day, day


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _days(duration: timedelta) -> str:
    return "1 day" if duration.days == 1 else f"{duration.days} days"
