"""A chart with its table beside it, and tables as every page of ours has them."""

from html import escape

from ninethirty.desk.public.written.chart import Chart
from ninethirty.desk.public.written.drawing import draw

NUMERIC = "govuk-table__cell--numeric"


def figure(chart: Chart, name: str, csv: str) -> str:
    """name: of the chart on its page. csv: where its file is."""
    return (
        f'<figure class="chart"><figcaption class="govuk-heading-s">{escape(chart.title)}'
        f"</figcaption>{draw(chart, name)}{_table(chart)}"
        f'<p class="govuk-body-s"><a class="govuk-link" href="{escape(csv)}">{escape(chart.csv)}'
        "</a></p></figure>\n"
    )


def scroll_open(caption: str) -> str:
    """What a table lies in that may be wider than the screen, so that keys can move it too."""
    label = f' aria-label="{escape(caption)}"' if caption else ""
    return f'<div class="nt-scroll" role="region"{label} tabindex="0">'


def _table(chart: Chart) -> str:
    caption = f"Data of the chart: {chart.title}"
    unit = f" ({chart.unit})" if chart.unit else ""
    head = "".join(
        f'<th class="govuk-table__header govuk-table__header--numeric" scope="col">'
        f"{escape(one.name + unit)}</th>"
        for one in chart.series
    )
    rows = "".join(
        '<tr class="govuk-table__row"><th class="govuk-table__header" scope="row">'
        f"{escape(label)}</th>"
        + "".join(f'<td class="govuk-table__cell {NUMERIC}">{escape(cell)}</td>' for cell in cells)
        + "</tr>"
        for label, *cells in chart.cells
    )
    return (
        f'{scroll_open(caption)}<table class="govuk-table">'
        f'<caption class="govuk-table__caption">{escape(caption)}</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">'
        f'<th class="govuk-table__header" scope="col">{escape(chart.across)}</th>{head}</tr>'
        f'</thead><tbody class="govuk-table__body">{rows}</tbody></table></div>'
    )
