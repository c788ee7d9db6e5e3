"""A chart as SVG: read aloud by its title and description, printed as shown, without script."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from ninethirty.desk.charts.pen import INK, text
from ninethirty.desk.public.written.bars import bar, bars, hatches
from ninethirty.desk.public.written.canvas import LINE, WIDTH
from ninethirty.desk.public.written.chart import Chart, Kind, Series
from ninethirty.desk.public.written.lines import lines, one_line


def draw(chart: Chart, name: str) -> str:
    """name: of this chart on its page; what its parts are known by begins with it."""
    legend = _legend(chart.series, name, chart.kind) if len(chart.series) > 1 else ""
    top = LINE * (len(chart.series) + 2 if legend else 2)
    if chart.kind is Kind.LINE:
        body, height = lines(chart, top)
    else:
        body, height = bars(chart, name, top)
        legend = hatches(name, len(chart.series)) + legend
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="arial, sans-serif" '
        f'font-size="14" fill="{INK}"><title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(chart.description)}</desc>{legend}{body}</svg>'
    )


def _legend(series: Sequence[Series], name: str, kind: Kind) -> str:
    shown = []
    for order, one in enumerate(series):
        y = LINE * order + 12
        middle = Decimal(y)
        sample = (
            one_line([(Decimal(2), middle), (Decimal(22), middle), (Decimal(42), middle)], order)
            if kind is Kind.LINE
            else bar(Decimal(2), y - 7, Decimal(40), 14, name, order)
        )
        shown.append(sample + text(52, y + 5, one.name, "start"))
    return "".join(shown)
