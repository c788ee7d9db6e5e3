"""How delays are spread: how many releases took how long, both on logarithmic axes, so that the
few that were very late are seen beside the many that were not."""

import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

from ninethirty.core.tally import Bounds
from ninethirty.desk.charts.axis import MARKS, share
from ninethirty.desk.charts.chart import BAD, GOOD, ODD, Chart
from ninethirty.desk.charts.pen import GREY, box, line, text

LEFT, TOP, HIGH, WIDE, SIDE = 60, 30, 220, 640, 70
_EDGES = tuple(mark for mark, _ in MARKS)
_NAMES = ("at most 1 s", *(f"{a[1]} to {b[1]}" for a, b in pairwise(MARKS)))


def spread(found: Bounds) -> Chart:
    """By the upper bound of each: what was longer than that did not happen."""
    early, unseen = found.early, found.unseen
    surely = [0, *(found.within(edge).surely for edge in _EDGES[:-1])]
    surely.append(len(found.most) - early - unseen)
    counts = [more - less for less, more in pairwise(surely)]
    rows = [("early", early), *zip(_NAMES, counts, strict=True), ("not seen", unseen)]
    return Chart(
        name="spread",
        title="How long after the promise",
        says=_says(rows, early + unseen + sum(counts)),
        columns=("After the promise", "Releases"),
        rows=[(name, str(count)) for name, count in rows],
        width=LEFT + WIDE + 3 * SIDE + 10,
        height=TOP + HIGH + 60,
        drawn="\n".join(_draw(early, counts, unseen)),
    )


def _draw(early: int, counts: Sequence[int], unseen: int) -> Iterable[str]:
    top = max(early, unseen, *counts, 10)
    bottom = TOP + HIGH
    for power in range(math.floor(math.log10(top)) + 1):
        y = bottom - _height(10**power, top)
        yield line(LEFT, y, LEFT + WIDE + 3 * SIDE, y)
        yield text(LEFT - 8, y + 4, f"{10**power:,}", anchor="end", fill=GREY)
    yield text(0, 14, "Releases", fill=GREY)
    first = LEFT + 2 * SIDE
    places = [
        (LEFT, SIDE, early, ODD),
        (LEFT + SIDE, SIDE, counts[0], GOOD),
        *(
            (first + WIDE * share(start), WIDE * (share(end) - share(start)), count, _fill(end))
            for start, end, count in zip(_EDGES[:-1], _EDGES[1:], counts[1:], strict=True)
        ),
        (first + WIDE, SIDE, unseen, GREY),
    ]
    for x, wide, count, fill in places:
        if count:
            tall = _height(count, top)
            yield box(x + 2, bottom - tall, wide - 4, tall, fill)
            yield text(x + wide / 2, bottom - tall - 5, f"{count:,}", anchor="middle")
    yield line(LEFT, bottom, first + WIDE + SIDE, bottom, GREY, 2)
    yield text(LEFT + SIDE / 2, bottom + 20, "early", anchor="middle")
    yield text(first + WIDE + SIDE / 2, bottom + 20, "not seen", anchor="middle")
    for mark, name in MARKS[:-1]:
        x = first + WIDE * share(mark)
        yield line(x, bottom, x, bottom + 6, GREY, 2)
        yield text(x, bottom + 20, name, anchor="middle")
    yield text(LEFT + SIDE + 4, bottom + 42, "After the promised instant, at most", fill=GREY)


def _fill(end: timedelta) -> str:
    return GOOD if end <= timedelta(minutes=1) else BAD


def _height(count: int, top: int) -> float:
    """One release is seen; ten times as many are one step higher."""
    return HIGH * (math.log10(count) + 0.4) / (math.log10(top) + 0.6)


def _says(rows: Sequence[tuple[str, int]], of: int) -> str:
    if not of:
        return "No releases."
    told = "; ".join(f"{name}, {count:,}" for name, count in rows if count)
    return f"Of {of:,} releases, each by the longest it can have taken: {told}."
