"""The timeline of one breach: what happened in its order, and for how long nobody could see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ninethirty.desk.charts.chart import BAD, GOOD, Chart
from ninethirty.desk.charts.pen import GREY, INK, PAPER, box, dot, line, text

ROW, LEFT, WIDE = 30, 190, 820
_BAR = 10


@dataclass(frozen=True)
class Mark:
    """One thing that happened. when: as people read it. out: from here on it was public somewhere;
    well: from here on at the announced address too."""

    when: str
    says: str
    out: bool = False
    well: bool = False


def timeline(marks: Sequence[Mark]) -> Chart:
    """In the order given; distances are not to scale, the times beside them are what counts."""
    return Chart(
        name="timeline",
        title="What happened when",
        says=" ".join(f"{mark.when}: {mark.says}." for mark in marks) or "Nothing is known.",
        columns=("When", "What happened"),
        rows=[(mark.when, mark.says) for mark in marks],
        width=WIDE,
        height=ROW * len(marks) + 50,
        drawn="\n".join(_draw(marks)),
    )


def _draw(marks: Sequence[Mark]) -> Iterable[str]:
    x = LEFT + 14
    for place, state in enumerate(_states(marks)):
        tall = ROW if place < len(marks) - 1 else ROW / 2
        yield box(x - _BAR / 2, _y(place), _BAR, tall, *_bar(state))
    for place, mark in enumerate(marks):
        y = _y(place)
        yield text(LEFT - 8, y + 5, mark.when, anchor="end")
        yield dot(x, y, PAPER, 7)
        yield dot(x, y, INK, 5)
        yield line(x + 7, y, x + 18, y, GREY)
        yield text(x + 24, y + 5, mark.says)
    foot = ROW * len(marks) + 26
    for place, (state, words) in enumerate(
        ((0, "not public"), (1, "at another address only"), (2, "at the announced address"))
    ):
        left = 20 + place * 230
        yield box(left, foot, 24, _BAR, *_bar(state))
        yield text(left + 32, foot + 10, words)


def _y(place: int) -> float:
    return ROW * place + 18


def _states(marks: Sequence[Mark]) -> list[int]:
    """After each mark: 0 not public, 1 somewhere, 2 where it was promised."""
    found, state = [], 0
    for mark in marks:
        state = max(state, 2 if mark.well else 1 if mark.out else 0)
        found.append(state)
    return found


def _bar(state: int) -> tuple[str, str]:
    """Full, outlined, full: told apart without colour too."""
    return ((BAD, BAD), (PAPER, GOOD), (GOOD, GOOD))[state]
