"""The calendar strip: a square for every day, a row for every weekday, a block for every year."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from ninethirty.core.tally import Day
from ninethirty.desk.charts.chart import BAD, GOOD, ODD, Chart
from ninethirty.desk.charts.pen import GREY, GRID, PAPER, box, text

CELL, GAP, LEFT, TOP = 15, 2, 40, 22
_STEP = CELL + GAP
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BLOCK = TOP + 7 * _STEP + 12


_LOOKS = {
    Day.ON_TIME: (GOOD, ""),
    Day.LATE: (BAD, "L"),
    Day.EARLY: (ODD, "E"),
    Day.UNSEEN: (GREY, "?"),
}
"""The letter stands in the square."""

_WORST = (Day.EARLY, Day.LATE, Day.UNSEEN, Day.ON_TIME)


def strip(days: Mapping[date, Mapping[Day, int]], tolerance: timedelta) -> Chart:
    """days: in order, how many of each went how. tolerance: what they were counted by."""
    worst = {day: next(how for how in _WORST if hows.get(how)) for day, hows in days.items()}
    years = sorted({day.year for day in days})
    parts = [part for place, year in enumerate(years) for part in _year(year, place, worst)]
    bottom = len(years) * _BLOCK
    return Chart(
        name="strip",
        title="Releases day by day",
        says=_says(worst, tolerance),
        columns=("Day", "Releases", *(str(how) for how in Day)),
        rows=[_row(day, hows) for day, hows in days.items()],
        width=LEFT + 54 * _STEP,
        height=bottom + 30,
        drawn="\n".join([*parts, _key(bottom)]),
    )


def _year(year: int, place: int, worst: Mapping[date, Day]) -> Iterable[str]:
    top = place * _BLOCK + TOP
    first = date(year, 1, 1)
    yield text(0, top - 8, str(year))
    for row, name in enumerate(_DAYS):
        yield text(0, top + row * _STEP + CELL - 3, name, fill=GREY)
    for month in range(1, 13):
        start = date(year, month, 1)
        yield text(_column(start, first), top - 8, f"{start:%b}", fill=GREY)
    for number in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=number)
        x, y = _column(day, first), top + day.weekday() * _STEP
        if day not in worst:
            yield box(x, y, CELL, CELL, PAPER, GRID)
            continue
        yield from _square(x, y, worst[day])


def _square(x: float, y: float, how: Day) -> Iterable[str]:
    fill, letter = _LOOKS[how]
    yield box(x, y, CELL, CELL, fill)
    if letter:
        yield text(x + CELL / 2, y + CELL - 3, letter, anchor="middle", fill=PAPER)


def _column(day: date, first: date) -> float:
    return LEFT + ((day - first).days + first.weekday()) // 7 * _STEP


def _key(bottom: float) -> str:
    parts: list[str] = []
    for place, how in enumerate(Day):
        x = LEFT + place * 110
        parts += [*_square(x, bottom + 6, how), text(x + CELL + 6, bottom + 18, str(how))]
    return "\n".join(parts)


def _row(day: date, hows: Mapping[Day, int]) -> tuple[str, ...]:
    return (day.isoformat(), str(sum(hows.values())), *(str(hows.get(how, 0)) for how in Day))


def _says(worst: Mapping[date, Day], tolerance: timedelta) -> str:
    if not worst:
        return "No releases."
    found = list(worst.values())
    counts = [f"{found.count(how)} with one {how}" for how in _WORST[:-1] if how in found]
    told = "; ".join([f"{found.count(Day.ON_TIME)} all on time", *counts])
    within = f"{tolerance.total_seconds():.0f} seconds"
    return f"Of {len(found)} days with releases: {told}. On time is within {within} of the promise."
