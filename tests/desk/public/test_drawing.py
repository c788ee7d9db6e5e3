import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from ninethirty.desk.public.written.axis import ticks, told
from ninethirty.desk.public.written.canvas import COLOURS
from ninethirty.desk.public.written.chart import Chart, Kind, Series, positions, read_chart
from ninethirty.desk.public.written.drawing import draw
from ninethirty.desk.public.written.markup import clean

numbers = st.decimals(-(10**12), 10**12, places=3)


def chart(kind: Kind, *series: tuple[Decimal | None, ...]) -> Chart:
    return Chart(
        kind=kind,
        title="T",
        description="D",
        unit="",
        across="Year",
        labels=tuple(str(2000 + n) for n in range(len(series[0]))),
        series=tuple(Series(f"S{n}", values) for n, values in enumerate(series)),
        cells=(),
        csv="a.csv",
    )


def drawn(one: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(draw(one, "chart-1"))


@settings(deadline=None)
@given(numbers, numbers)
def test_ticks_are_even_round_and_hold_every_number(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    found = ticks(low, high)
    assert found[0] <= low
    assert high <= found[-1]
    steps = {after - before for before, after in pairwise(found)}
    assert len(steps) == 1
    assert next(iter(steps)).normalize().as_tuple().digits in {(1,), (2,), (5,)}
    assert 2 <= len(found) <= 8


def test_numbers_are_told_as_tables_tell_them() -> None:
    assert told(Decimal("-12345.60"), 1) == "\N{MINUS SIGN}12,345.6"


@settings(deadline=None)
@given(
    st.sampled_from(Kind),
    st.integers(1, 12).flatmap(
        lambda n: st.lists(
            st.tuples(numbers, *[st.none() | numbers] * (n - 1)), min_size=1, max_size=4
        )
    ),
)
def test_every_number_is_drawn_inside_the_picture(
    kind: Kind, series: list[tuple[Decimal | None, ...]]
) -> None:
    svg = draw(chart(kind, *series), "chart-1")
    assert clean(svg) == svg, "something in it would be taken away"
    tree = ElementTree.fromstring(svg)
    width, height = (float(tree.attrib[side]) for side in ("width", "height"))
    for part in tree.iter():
        for name, most in (("x", width), ("x1", width), ("x2", width), ("y", height)):
            if name in part.attrib and part.tag != "pattern":
                assert -0.1 <= float(part.attrib[name]) <= most + 0.1, (part.tag, name)
        line = part.get("d", "") if part.get("fill") == "none" else ""
        for x, y in re.findall(r"[ML](\S+?) ([\d.-]+)", line):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
    bars = [part for part in tree.iter("rect") if part.get("y")]
    if kind is Kind.BAR and len(series) == 1:
        assert len(bars) == len([value for value in series[0] if value is not None])


def test_bars_begin_at_zero_and_lines_say_when_they_do_not() -> None:
    high = (Decimal(100), Decimal(104))
    assert "the axis does not begin at zero" in draw(chart(Kind.LINE, high), "c")
    assert "the axis does not begin at zero" not in draw(chart(Kind.BAR, high), "c")
    assert "".join(drawn(chart(Kind.BAR, high)).itertext()).startswith("TD050100")
    assert "does not begin" not in draw(chart(Kind.LINE, (Decimal(1), Decimal(9))), "c")
    below = (Decimal(-104), Decimal(-100))
    assert "the axis does not begin at zero" in draw(chart(Kind.LINE, below), "c")
    assert "does not begin" not in draw(chart(Kind.BAR, below), "c")
    assert "does not begin" not in draw(chart(Kind.LINE, (Decimal(-9), Decimal(-1))), "c")


def test_a_line_is_broken_where_there_is_no_number() -> None:
    one = drawn(chart(Kind.LINE, (Decimal(1), None, Decimal(3), Decimal(4))))
    path = next(p.attrib["d"] for p in one.iter("path") if p.get("fill") == "none")
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_nobody_needs_the_colours_to_tell_series_apart() -> None:
    four = [tuple(Decimal(n + m) for m in range(3)) for n in range(4)]
    lines = drawn(chart(Kind.LINE, *four))
    dashes = {p.get("stroke-dasharray") for p in lines.iter("path") if p.get("fill") == "none"}
    assert len(dashes) == 4
    bars = drawn(chart(Kind.BAR, *four))
    fills = {r.attrib["fill"] for r in bars.iter("rect") if r.get("stroke")}
    assert len(fills) == 4


def test_every_colour_stands_out_from_the_paper() -> None:
    for colour in COLOURS:
        assert 1.05 / (_luminance(colour) + 0.05) >= 4.5, colour


def _luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_years_and_dates_stand_as_far_apart_as_they_are() -> None:
    assert positions(["2000", "2001", "2011"]) == [2000, 2001, 2011]
    one, two, three = positions(["2026-01", "2026-02", "2026-12"])
    assert [two - one, three - two] == [31, 303]
    assert positions(["Wales", "North"]) == [0, 1]
    assert positions(["2001", "2000"]) == [0, 1]


def test_numbers_are_read_as_people_write_them() -> None:
    csv = "Year;A\n2001;\N{MINUS SIGN}1,200\n2002;3%\n2003;[c]\n".encode()
    asked = "csv: a.csv\ncolumns: Year, A\nkind: bar\ntitle: T\ndescription: D"
    read = read_chart(asked, {"a.csv": csv}.__getitem__)
    assert read.series == (Series("A", (Decimal(-1200), Decimal(3), None)),)
