"""A chart as SVG: read aloud by its title and description, printed as it is shown, without script.

Lines differ in dash and mark, bars in hatching, so that nobody needs the colours, each of which is
three times as dark as the paper or more. Colours and sizes are attributes, which a strict policy
for style lets pass.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from itertools import pairwise

from ninethirty.desk.public.written.axis import low_end, places, ticks, told
from ninethirty.desk.public.written.chart import Chart, Kind, Series, positions

INK, GRID = "#0b0c0c", "#b1b4b6"
COLOURS = ("#12436d", "#801650", "#1f7a72", "#c2510f")
_DASHES = ("", "9 4", "2 4", "12 4 2 4")
_WIDTH, _HIGH = 640, 280
_LETTER, _LINE = 8, 20
"""The widest letter to reckon with, and the height of a line, at the size of the text."""
_BAR = 16
_MOST_MARKS = 40


def draw(chart: Chart, name: str) -> str:
    """name: of this chart on its page; what its parts are known by begins with it."""
    legend = _legend(chart.series, name, chart.kind) if len(chart.series) > 1 else []
    top = _LINE * (len(legend) + 2)
    body, height = (_lines if chart.kind is Kind.LINE else _bars)(chart, name, top)
    hatches = _hatches(name, len(chart.series)) if chart.kind is Kind.BAR else ""
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="arial, sans-serif" '
        f'font-size="14" fill="{INK}"><title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(chart.description)}</desc>{hatches}'
        f"{''.join(legend)}{body}</svg>"
    )


class _Scale:
    """Numbers along one axis, from its first tick to its last, laid on a stretch of the drawing."""

    def __init__(self, series: Sequence[Series], start: int, *, from_zero: bool) -> None:
        numbers = [value for one in series for value in one.values if value is not None]
        low, high = min(numbers), max(numbers)
        high = max(high, Decimal(0)) if from_zero or low < 0 else high
        self.ticks = ticks(low_end(low, high, from_zero=from_zero), high)
        self._places = max(places(tick) for tick in self.ticks)
        self.start, self.end = start, start

    def label(self, tick: Decimal) -> str:
        return told(tick, self._places)

    def longest(self) -> int:
        return max(len(self.label(tick)) for tick in self.ticks)

    def at(self, number: Decimal) -> Decimal:
        first, last = self.ticks[0], self.ticks[-1]
        return self.start + (number - first) / (last - first) * (self.end - self.start)


def _lines(chart: Chart, name: str, top: int) -> tuple[str, int]:
    up = _Scale(chart.series, top + _HIGH, from_zero=False)
    up.end = top
    left, right = up.longest() * _LETTER + 12, _WIDTH - 24
    rules = "".join(
        _rule(left, up.at(tick), right, up.at(tick))
        + _text(left - 8, up.at(tick) + 5, up.label(tick), "end")
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
    drawn = "".join(_one_line(line, order) for order, line in enumerate(points))
    bottom = top + _HIGH
    below = "".join(
        _rule(across[at], bottom, across[at], bottom + 5, INK)
        + _text(across[at], bottom + _LINE, chart.labels[at], "middle")
        for at in _fitting(across, chart.labels)
    )
    cut = "" if up.ticks[0] <= 0 else "; the axis does not begin at zero"
    words = _text(0, top - 14, f"{chart.unit or 'Value'}{cut}".removeprefix("; "), "start")
    axis = _text((left + right) // 2, bottom + 2 * _LINE + 4, chart.across, "middle")
    return rules + below + words + axis + drawn, bottom + 3 * _LINE


def _one_line(points: Sequence[tuple[Decimal, Decimal] | None], order: int) -> str:
    colour, dash = COLOURS[order], _DASHES[order]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    path = "".join(
        f"{'L' if before else 'M'}{_short(point[0])} {_short(point[1])}"
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
        f'<path d="{shape}" transform="translate({_short(x)} {_short(y)})" '
        f'fill="{COLOURS[order]}"></path>'
    )


def _bars(chart: Chart, name: str, top: int) -> tuple[str, int]:
    longest = max(len(label) for label in chart.labels)
    left = min(longest, 30) * _LETTER + 12
    along = _Scale(chart.series, left, from_zero=True)
    along.end = _WIDTH - along.longest() * _LETTER // 2 - 8
    group = _BAR * len(chart.series) + 10
    bottom = top + group * len(chart.labels)
    rules = "".join(
        _rule(along.at(tick), top, along.at(tick), bottom, INK if tick == 0 else GRID)
        + _text(along.at(tick), bottom + _LINE, along.label(tick), "middle")
        for tick in along.ticks
    )
    zero = along.at(Decimal(0))
    drawn = []
    for row, label in enumerate(chart.labels):
        start = top + group * row + 5
        shown = label if len(label) <= 30 else f"{label[:29]}…"
        drawn.append(_text(left - 8, start + (group - 10) // 2 + 5, shown, "end"))
        for order, one in enumerate(chart.series):
            value = one.values[row]
            if value is not None:
                ends = sorted((zero, along.at(value)))
                drawn.append(
                    _bar(ends[0], start + order * _BAR, ends[1] - ends[0], _BAR - 2, name, order)
                )
    words = _text(0, top - 14, chart.across, "start")
    unit = _text((left + _WIDTH) // 2, bottom + 2 * _LINE + 4, chart.unit, "middle")
    return rules + words + "".join(drawn) + unit, bottom + 3 * _LINE


def _bar(x: Decimal, y: int, width: Decimal, height: int, name: str, order: int) -> str:
    fill = COLOURS[0] if order == 0 else f"url(#{name}-hatch-{order})"
    return (
        f'<rect x="{_short(x)}" y="{y}" width="{_short(width)}" height="{height}" fill="{fill}" '
        f'stroke="{COLOURS[order]}"></rect>'
    )


def _hatches(name: str, count: int) -> str:
    strokes = ("", "M0 6L6 0", "M0 3H6", "M0 0L6 6M0 6L6 0")
    patterns = "".join(
        f'<pattern id="{name}-hatch-{order}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="#ffffff"></rect>'
        f'<path d="{strokes[order]}" stroke="{COLOURS[order]}" stroke-width="2"></path></pattern>'
        for order in range(1, count)
    )
    return f"<defs>{patterns}</defs>" if patterns else ""


def _legend(series: Sequence[Series], name: str, kind: Kind) -> list[str]:
    lines = []
    for order, one in enumerate(series):
        y = _LINE * order + 12
        middle = Decimal(y)
        sample = (
            _one_line([(Decimal(2), middle), (Decimal(22), middle), (Decimal(42), middle)], order)
            if kind is Kind.LINE
            else _bar(Decimal(2), y - 7, Decimal(40), 14, name, order)
        )
        lines.append(sample + _text(52, y + 5, one.name, "start"))
    return lines


def _fitting(across: Sequence[Decimal], labels: Sequence[str]) -> list[int]:
    """Which labels have room: every second, third, … of them, so that they stay even."""
    widest = max(len(label) for label in labels) * _LETTER
    for every in range(1, len(labels) + 1):
        shown = range(0, len(labels), every)
        if all(across[b] - across[a] >= widest for a, b in pairwise(shown)):
            return list(shown)
    return [0]


def _rule(
    x: Decimal | int, y: Decimal | int, to_x: Decimal | int, to_y: Decimal | int, ink: str = GRID
) -> str:
    return (
        f'<line x1="{_short(x)}" y1="{_short(y)}" x2="{_short(to_x)}" y2="{_short(to_y)}" '
        f'stroke="{ink}"></line>'
    )


def _text(x: Decimal | int, y: Decimal | int, words: str, anchor: str) -> str:
    if not words:
        return ""
    return f'<text x="{_short(x)}" y="{_short(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def _short(number: Decimal | int) -> str:
    return f"{number:.1f}".removesuffix(".0")
