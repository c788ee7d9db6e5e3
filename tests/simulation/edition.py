"""One release of a simulated day: what witnesses come to say of it, and what is really so."""

from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from functools import cache
from random import Random

from ninethirty.core.cause import Cause
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Call, Verdict

T = Instant(2026, 12, 1, 9, 30, tzinfo=UTC)

DAYS = {
    "on time": 30,
    "late": 40,
    "soon there": 5,
    "in part": 7,
    "wrong": 5,
    "early": 4,
    "blind": 9,
}
"""How often each sort of day comes."""


@cache
def at(milliseconds: int) -> Instant:
    return T + timedelta(milliseconds=milliseconds)


@dataclass
class Post:
    """On a channel. lands: when it can be read back. known: the last fact that whoever sent it had
    read. facts: how many there were when it was sent. attempt: 0 by hand."""

    lands: float
    by: str
    known: int
    facts: int
    attempt: int = 0


@dataclass(eq=False)
class Edition:
    """rows: message rows by step, with whether the post was noted in them. tickets: by key."""

    id: str
    kind: str
    verdicts: list[tuple[float, Verdict]]
    alternate_from: float
    posts: dict[str, list[Post]] = field(default_factory=dict)
    tickets: list[str] = field(default_factory=list)
    rows: dict[str, bool] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    closed: bool = False

    def verdict(self, now: float) -> Verdict | None:
        """What all sightings say by now."""
        said = [verdict for when, verdict in self.verdicts if when <= now]
        return said[-1] if said else None


def made(id: str, rng: Random) -> Edition:
    kind = rng.choices([*DAYS], [*DAYS.values()])[0]
    alternate_from = rng.uniform(100, 400) if rng.random() < 0.1 else 0.0
    return Edition(id, kind, [*_verdicts(kind, rng)], alternate_from)


def _verdicts(kind: str, rng: Random) -> list[tuple[float, Verdict]]:
    back = rng.choice((rng.uniform(64, 90), rng.uniform(100, 5400)))
    match kind:
        case "on time":
            return [_says(8, Call.ON_TIME)]
        case "soon there":
            return [_says(22, Call.LATE_PROVISIONAL), _says(40, Call.RECOVERED)]
        case "late":
            when, late = _says(62, Call.LATE)
            cause = rng.choice((Cause.CACHED, Cause.NOT_PUBLISHED, Cause.OUTAGE))
            return [
                _says(22, Call.LATE_PROVISIONAL),
                (when, late),
                (when + 1, replace(late, cause=cause)),
                _says(back, Call.RECOVERED),
            ]
        case "in part":
            return [_says(30, Call.PARTIAL), _says(back, Call.RECOVERED)]
        case "wrong":
            return [_says(30, Call.WRONG), _says(back, Call.RECOVERED)]
        case "early":
            return [_says(-rng.uniform(2, 3000), Call.EARLY)]
        case _:
            then = rng.choice((Call.RECOVERED, Call.LATE_PROVISIONAL))
            return [
                _says(92, Call.UNKNOWN),
                _says(back + 60, then),
                _says(back + 900, Call.RECOVERED),
            ]


def _says(when: float, call: Call) -> tuple[float, Verdict]:
    return when, Verdict(call, at(int(when * 1000)))
