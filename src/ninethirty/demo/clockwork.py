"""The demo's clock: real time while the day is made ready, then fast, slow around T, fast again."""

from datetime import timedelta
from pathlib import Path

from ninethirty.core.times import Instant, Pace, RealClock, drill_time, read_paces, write_paces

FAST = 120.0
SLOW = 5.0
SLOW_FROM = timedelta(seconds=30)
SLOW_TO = timedelta(minutes=3)

NOTICE = timedelta(seconds=0.5)
"""A new pace is announced this much ahead, so that every process changes together."""

AHEAD = timedelta(seconds=3)
"""By which `--break early-byte` sets the gate's clock fast."""


def begin(file: Path, day_begins: Instant) -> None:
    write_paces(file, [Pace(RealClock().now(), day_begins, 1.0)])


def run_the_day(file: Path, opens: Instant, speed: float | None) -> None:
    """Set the paces of the day. `speed`: one pace throughout instead."""
    paces = list(read_paces(file))
    start = RealClock().now() + NOTICE
    shows = drill_time(paces, start)
    if speed is not None:
        write_paces(file, [*paces, Pace(start, shows, speed)])
        return
    for until, pace in ((opens - SLOW_FROM, FAST), (opens + SLOW_TO, SLOW)):
        if shows < until:
            paces.append(Pace(start, shows, pace))
            start += (until - shows) / pace
            shows = until
    write_paces(file, [*paces, Pace(start, shows, FAST)])


def copy_fast(file: Path, to: Path) -> None:
    """The same clock, AHEAD of the others."""
    paces = read_paces(file)
    write_paces(to, [Pace(pace.real, pace.drill + AHEAD, pace.speed) for pace in paces])
