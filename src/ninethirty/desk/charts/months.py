"""How often it happens, month by month: breaches of a thousand releases due."""

from collections.abc import Iterable, Sequence

from ninethirty.core.register import Trend
from ninethirty.desk.charts.chart import BAD, Chart
from ninethirty.desk.charts.pen import GREY, box, line, text

LEFT, TOP, HIGH, STEP = 60, 30, 140, 30
_BAR = 18
_LEAST = 14
"""Months for which there is room: the words above need it."""


def months(found: Sequence[Trend]) -> Chart:
    """found: in order. A month for which nothing is known keeps its place."""
    return Chart(
        name="months",
        title="Breaches of 1,000 releases due, month by month",
        says=_says(found),
        columns=("Month", "Breaches", "Releases due", "Of 1,000 due"),
        rows=[(f"{m.month:%Y-%m}", f"{m.breaches:,}", f"{m.due:,}", _rate(m)) for m in found],
        width=LEFT + max(_long(found), _LEAST) * STEP,
        height=TOP + HIGH + 44,
        drawn="\n".join(_draw(found)),
    )


def _draw(found: Sequence[Trend]) -> Iterable[str]:
    bottom, end = TOP + HIGH, LEFT + STEP * _long(found)
    yield text(0, 14, "Breaches of 1,000 releases due; ? where none was known to be due", fill=GREY)
    top = max((month.rate or 0 for month in found), default=0)
    for rate in (top / 2, top) if top else ():
        y = bottom - HIGH * rate / top
        yield line(LEFT, y, end, y)
        yield text(LEFT - 8, y + 4, f"{rate:.1f}", anchor="end", fill=GREY)
    for month in found:
        x = LEFT + STEP * _place(found[0], month)
        if month.rate is None:
            yield text(x + STEP / 2, bottom - 4, "?", anchor="middle")
        elif month.rate:
            tall = HIGH * month.rate / top
            yield box(x + (STEP - _BAR) / 2, bottom - tall, _BAR, tall, BAD)
        yield text(x + STEP / 2, bottom + 18, f"{month.month:%m}", anchor="middle", fill=GREY)
        # Of a first December there is no room for its year beside the next.
        if month.month.month == 1 or (month is found[0] and month.month.month < 12):
            yield text(x, bottom + 36, f"{month.month:%Y}", fill=GREY)
    yield line(LEFT, bottom, end, bottom, GREY, 2)


def _long(found: Sequence[Trend]) -> int:
    """Months, those between in which nothing is known among them."""
    return _place(found[0], found[-1]) + 1 if found else 0


def _place(first: Trend, month: Trend) -> int:
    """How many months after the first."""
    return 12 * (month.month.year - first.month.year) + month.month.month - first.month.month


def _rate(month: Trend) -> str:
    return "?" if month.rate is None else f"{month.rate:.1f}"


def _says(found: Sequence[Trend]) -> str:
    if not found:
        return "No breach and no release is known."
    breaches, due = sum(m.breaches for m in found), sum(m.due for m in found)
    times = "breach" if breaches == 1 else "breaches"
    told = f"{breaches:,} {times} and {due:,} releases due from {found[0].month:%Y-%m} to "
    told += f"{found[-1].month:%Y-%m}."
    rated = [month for month in found if month.rate]
    if not rated:
        return told
    worst = max(rated, key=lambda month: month.rate or 0)
    return f"{told} Most in {worst.month:%Y-%m}: {_rate(worst)} of 1,000 due."
