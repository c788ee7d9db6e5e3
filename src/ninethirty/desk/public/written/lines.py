"""Lines through the numbers of a chart. Each has its dash and its mark, so that nobody needs the
colours."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from ninethirty.desk.charts.pen import INK, line, short, text
from ninethirty.desk.public.written.axis import Scale
from ninethirty.desk.public.written.canvas import COLOURS, LETTER, LINE, WIDTH
from ninethirty.desk.public.written.chart import Chart, positions

_HIGH = 280
_DASHES = ("", "9 4", "2 4", "12 4 2 4")
_MOST_MARKS = 40

Point = tuple[Decimal, Decimal]


def lines(chart: Chart, top: int) -> tuple[str, int]:
    """From `top` on, and the height of the whole."""
    up = Scale(chart.numbers(), from_zero=False)
    up.start, up.end = top + _HIGH, top
    left, right = up.longest() * LETTER + 12, WIDTH - 24
    rules = "".join(
        line(left, up.at(tick), right, up.at(tick))
        + text(left - 8, up.at(tick) + 5, up.label(tick), "end")
        for tick in up.ticks
    )
    stands = positions(chart.labels)
    span = stands[-1] - stands[0] or Decimal(1)
    across = [left + 12 + (at - stands[0]) / span * (right - left - 24) for at in stands]
    points = [
        [
            (x, up.at(value)) if value is not None else None
            for x, value in zip(across, one.values, strict=True)
        ]
        for one in chart.series
    ]
    drawn = "".join(one_line(each, order) for order, each in enumerate(points))
    bottom = top + _HIGH
    below = "".join(
        line(across[at], bottom, across[at], bottom + 5, INK)
        + text(across[at], bottom + LINE, chart.labels[at], "middle")
        for at in _fitting(across, chart.labels)
    )
    cut = "" if up.has_zero() else "; the axis does not begin at zero"
    words = text(0, top - 14, f"{chart.unit or 'Value'}{cut}", "start")
    axis = text((left + right) // 2, bottom + 2 * LINE + 4, chart.across, "middle")
    return rules + below + words + axis + drawn, bottom + 3 * LINE


def one_line(points: Sequence[Point | None], order: int) -> str:
    """Of the series with this place in the order. None: there is no number, and no line."""
    colour, dash = COLOURS[order], _DASHES[order]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    path = "".join(
        f"{'L' if before else 'M'}{short(point[0])} {short(point[1])}"
        for before, point in pairwise([None, *points])
        if point
    )
    seen = [point for point in points if point]
    # A number between two gaps has no line to be seen by.
    alone = [
        point
        for before, point, after in zip([None, *points], points, [*points[1:], None], strict=False)
        if point and not before and not after
    ]
    marked = seen if len(points) <= _MOST_MARKS else alone
    marks = "".join(_mark(x, y, order) for x, y in marked)
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashed}></path>{marks}'
    )


def _mark(x: Decimal, y: Decimal, order: int) -> str:
    shape = (
        "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        "M-4-4h8v8h-8z",
        "M0-5l5 9h-10z",
        "M0-6l5 6l-5 6l-5-6z",
    )[order]
    return (
        f'<path d="{shape}" transform="translate({short(x)} {short(y)})" '
        f'fill="{COLOURS[order]}"></path>'
    )


def _fitting(across: Sequence[Decimal], labels: Sequence[str]) -> list[int]:
    """Which labels have room: every second, third, … of them, so that they stay even."""
    widest = max(len(label) for label in labels) * LETTER
    for every in range(1, len(labels) + 1):
        shown = range(0, len(labels), every)
        if all(across[b] - across[a] >= widest for a, b in pairwise(shown)):
            return list(shown)
    return [0]
