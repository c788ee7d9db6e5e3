"""Bars from zero, one below the other. Each series has its hatching, so that nobody needs the
colours."""

from decimal import Decimal

from ninethirty.desk.charts.pen import GRID, INK, PAPER, box, line, text
from ninethirty.desk.public.written.axis import Scale
from ninethirty.desk.public.written.canvas import COLOURS, LETTER, LINE, WIDTH
from ninethirty.desk.public.written.chart import Chart

_BAR = 16
_LONGEST = 30
"""Letters of a label; the table has all of it."""


def bars(chart: Chart, name: str, top: int) -> tuple[str, int]:
    """From `top` on, and the height of the whole. name: of the chart on its page."""
    longest = max(len(label) for label in chart.labels)
    left = min(longest, _LONGEST) * LETTER + 12
    along = Scale(chart.numbers(), from_zero=True)
    along.start = left
    along.end = WIDTH - along.longest() * LETTER // 2 - 8
    group = _BAR * len(chart.series) + 10
    bottom = top + group * len(chart.labels)
    rules = "".join(
        line(along.at(tick), top, along.at(tick), bottom, INK if tick == 0 else GRID)
        + text(along.at(tick), bottom + LINE, along.label(tick), "middle")
        for tick in along.ticks
    )
    zero = along.at(Decimal(0))
    drawn = []
    for row, label in enumerate(chart.labels):
        start = top + group * row + 5
        shown = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
        drawn.append(text(left - 8, start + (group - 10) // 2 + 5, shown, "end"))
        for order, one in enumerate(chart.series):
            value = one.values[row]
            if value is not None:
                ends = sorted((zero, along.at(value)))
                drawn.append(
                    bar(ends[0], start + order * _BAR, ends[1] - ends[0], _BAR - 2, name, order)
                )
    words = text(0, top - 14, chart.across, "start")
    unit = text((left + WIDTH) // 2, bottom + 2 * LINE + 4, chart.unit, "middle")
    return rules + words + "".join(drawn) + unit, bottom + 3 * LINE


def bar(x: Decimal, y: int, width: Decimal, height: int, name: str, order: int) -> str:
    fill = COLOURS[0] if order == 0 else f"url(#{name}-hatch-{order})"
    return box(x, y, width, height, fill, COLOURS[order])


def hatches(name: str, count: int) -> str:
    strokes = ("", "M0 6L6 0", "M0 3H6", "M0 0L6 6M0 6L6 0")
    patterns = "".join(
        f'<pattern id="{name}-hatch-{order}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f"{box(0, 0, 6, 6, PAPER)}"
        f'<path d="{strokes[order]}" stroke="{COLOURS[order]}" stroke-width="2"></path></pattern>'
        for order in range(1, count)
    )
    return f"<defs>{patterns}</defs>" if patterns else ""
