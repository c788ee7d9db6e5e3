"""Charts are read by people who see them, who do not, and who have neither colour nor script."""

import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import html5lib  # type: ignore[import-untyped]
import pytest

from ninethirty.core.punctuality import UNKNOWN, Kept, Lag
from ninethirty.core.register import Trend
from ninethirty.core.tally import Bounds
from ninethirty.core.times import Instant
from ninethirty.desk.charts import chart, pen
from ninethirty.desk.charts.axis import FIRST, LAST, share
from ninethirty.desk.charts.chart import Chart
from ninethirty.desk.charts.months import months
from ninethirty.desk.charts.run import run
from ninethirty.desk.charts.spread import spread
from ninethirty.desk.charts.strip import strip
from ninethirty.desk.charts.timeline import Mark, timeline
from ninethirty.desk.public.punctuality import account_of

LONDON = "Europe/London"
SVG = "{http://www.w3.org/2000/svg}"
CAUSES = {"cache_old": "an old page in a cache & its copy"}


def kept(day: str, at_most: float | None, *, cause: str = "", clock: str = "09:30") -> Kept:
    lag = UNKNOWN if at_most is None else Lag(*(timedelta(seconds=at_most - n) for n in (1, 0)))
    opens = Instant.parse(f"{day}T{clock}:00Z")
    return Kept(f"release/{day}", "gdp", "office", "site", opens, lag, lag, cause=cause)


YEAR_END = [
    kept("2017-12-29", 0.4),
    kept("2017-12-29", 5400, cause="cache_old"),
    kept("2018-01-02", -600),
    kept("2018-01-03", None),
    kept("2018-01-04", 30),
]
MARKS = [
    Mark("09:30", "promised"),
    Mark("09:57", "at another <page>", out=True),
    Mark("10:59", "there", well=True),
]
YEARS = [
    Trend(date(2017, 11, 1), 1, 500),
    Trend(date(2018, 1, 1), 3, 300),
    Trend(date(2018, 2, 1), 0, 400),
    Trend(date(2018, 12, 1), 2, 0),
]
DAYS, WORST = account_of(YEAR_END, LONDON)
ALL = [
    strip(DAYS.days, timedelta(minutes=1)),
    spread(DAYS.announced),
    run(WORST, CAUSES),
    timeline(MARKS),
    months(YEARS),
]
EMPTY = [strip({}, timedelta(0)), spread(Bounds([], [])), run({}, {}), timeline([]), months([])]


def drawn(one: Chart, tag: str) -> list[Any]:
    return list(ElementTree.fromstring(one.svg).iter(f"{SVG}{tag}"))


def words(one: Chart) -> list[str]:
    return ["".join(found.itertext()) for found in drawn(one, "text")]


@pytest.mark.parametrize("one", [*ALL, *EMPTY], ids=lambda one: one.name)
def test_a_chart_is_whole_without_sight_script_or_style(one: Chart) -> None:
    picture = ElementTree.fromstring(one.svg)
    named = picture.attrib["aria-labelledby"].split()
    assert picture.attrib["role"] == "img"
    assert [found.attrib["id"] for found in picture[:2]] == named
    assert picture[1].text == one.says
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|href", one.html)
    assert all(len(row) == len(one.columns) for row in one.rows)
    html5lib.HTMLParser(strict=True).parseFragment(one.html)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_nothing_is_drawn_outside_of_the_picture(one: Chart) -> None:
    for found in drawn(one, "text"):
        assert 0 <= float(found.attrib["x"]) <= one.width
        assert 10 <= float(found.attrib["y"]) <= one.height
    for found in drawn(one, "rect"):
        assert float(found.attrib["x"]) + float(found.attrib["width"]) <= one.width
        assert 0 <= float(found.attrib["y"]) <= one.height


@pytest.mark.parametrize("colour", [pen.INK, pen.GREY, chart.GOOD, chart.BAD, chart.ODD], ids=str)
def test_every_colour_that_means_something_stands_out_from_paper(colour: str) -> None:
    """4.5 to 1, as WCAG 2.2 asks of text: letters are written on these colours, too."""

    def bright(told: str) -> float:
        parts = [int(told[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (bright(pen.PAPER) + 0.05) / (bright(colour) + 0.05) >= 4.5


def test_a_day_is_as_bad_as_its_worst_release() -> None:
    found = ALL[0]
    assert list(found.rows) == [
        ("2017-12-29", "2", "1", "1", "0", "0"),
        ("2018-01-02", "1", "0", "0", "1", "0"),
        ("2018-01-03", "1", "0", "0", "0", "1"),
        ("2018-01-04", "1", "1", "0", "0", "0"),
    ]
    letters = [word for word in words(found) if word in "LE?"]
    assert sorted(letters) == sorted("LE?" + "LE?")  # once each in a square, once in the key
    assert {"2017", "2018"} <= set(words(found))


def test_a_day_is_the_day_where_the_promise_was_made() -> None:
    midnight = kept("2018-06-30", 1, clock="23:30")
    found, worst = account_of([midnight], LONDON)
    assert list(found.days) == list(worst) == [date(2018, 7, 1)]


def columns(one: Chart) -> dict[str, str]:
    return {row[0]: row[1] for row in one.rows}


def test_every_release_is_in_one_column_of_the_spread() -> None:
    rows = columns(ALL[1])
    assert sum(int(count) for count in rows.values()) == len(YEAR_END)
    assert (rows["early"], rows["at most 1 s"], rows["not seen"]) == ("1", "1", "1")
    assert (rows["10 s to 1 min"], rows["30 min to 2 h"]) == ("1", "1")


def test_what_is_longer_than_the_axis_stands_at_its_end() -> None:
    rows = columns(spread(Bounds([0, 0], [0, 400 * 24 * 3600 * 1000])))
    assert (rows["1 week to 30 days"], rows["at most 1 s"]) == ("1", "1")
    assert (share(timedelta(0)), share(FIRST), share(LAST), share(LAST * 9)) == (0, 0, 1, 1)


def test_of_two_releases_on_a_day_the_later_is_drawn_and_its_cause_named() -> None:
    found = ALL[2]
    assert [row[0] for row in found.rows] == [
        "2017-12-29",
        "2018-01-02",
        "2018-01-03",
        "2018-01-04",
    ]
    assert found.rows[0][2:] == ("90 minutes", CAUSES["cache_old"])
    assert f"A: {CAUSES['cache_old']}" in words(found)
    assert "A" in words(found)


def test_the_bar_of_a_timeline_turns_when_the_public_can_see() -> None:
    bars = [found.attrib["fill"] for found in drawn(ALL[3], "rect")]
    assert bars[:2] == [chart.BAD, pen.PAPER]
    assert words(ALL[3])[1] == "promised"


def test_each_month_is_as_high_as_its_rate_and_stands_where_it_belongs() -> None:
    found = months(YEARS)
    [first, worst] = drawn(found, "rect")
    assert float(worst.attrib["height"]) == pytest.approx(5 * float(first.attrib["height"]))
    a_month = (float(worst.attrib["x"]) - float(first.attrib["x"])) / 2
    [unknown] = [word for word in drawn(found, "text") if word.text == "?"]
    first_middle = float(first.attrib["x"]) + float(first.attrib["width"]) / 2
    assert float(unknown.attrib["x"]) == pytest.approx(first_middle + 13 * a_month)
    assert {"2017", "2018", "5.0", "10.0"} <= set(words(found))
    assert [row[3] for row in found.rows] == ["2.0", "10.0", "0.0", "?"]
    assert found.says == (
        "6 breaches and 1,200 releases due from 2017-11 to 2018-12. "
        "Most in 2018-01: 10.0 of 1,000 due."
    )


def test_months_in_which_nothing_went_wrong_have_no_bars_and_no_worst() -> None:
    found = months([Trend(date(2018, 1, 1), 0, 400), Trend(date(2018, 2, 1), 0, 0)])
    assert not drawn(found, "rect")
    assert "Most" not in found.says


def test_one_breach_is_told_of_as_one() -> None:
    found = months([Trend(date(2018, 1, 1), 1, 400)])
    assert found.says.startswith("1 breach and 400 releases due from 2018-01 to 2018-01.")
