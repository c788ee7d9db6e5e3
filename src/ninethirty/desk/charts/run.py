"""The run chart: the worst of every day, in order of time, with the causes marked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from ninethirty.core.punctuality import Kept, in_words
from ninethirty.desk.charts.axis import MARKS, share
from ninethirty.desk.charts.chart import BAD, GOOD, ODD, Chart
from ninethirty.desk.charts.pen import GREY, dot, line, text

LEFT, TOP, HIGH, WIDE = 70, 24, 260, 760
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LATE = timedelta(minutes=1)
_FAR = timedelta.max


def run(days: Mapping[date, Kept], causes: Mapping[str, str]) -> Chart:
    """days: in order, of each the release that was worst. causes: code -> words. One never seen
    stands at the top edge, and one that was early beneath the axis."""
    known = list(dict.fromkeys(one.cause for one in days.values() if one.cause))
    letters = dict(zip(known, _LETTERS, strict=False))
    return Chart(
        name="run",
        title="The worst of every day",
        says=_says(days, causes, letters),
        columns=("Day", "Release", "After the promise", "Cause"),
        rows=[
            (
                day.isoformat(),
                one.release,
                in_words(one.announced),
                causes.get(one.cause, one.cause),
            )
            for day, one in days.items()
        ],
        width=LEFT + WIDE + 30,
        height=TOP + HIGH + 64 + 20 * len(letters),
        drawn="\n".join(_draw(days, causes, letters)),
    )


def _draw(
    days: Mapping[date, Kept], causes: Mapping[str, str], letters: Mapping[str, str]
) -> Iterable[str]:
    bottom = TOP + HIGH
    for mark, name in MARKS:
        y = bottom - HIGH * share(mark)
        yield line(LEFT, y, LEFT + WIDE, y)
        yield text(LEFT - 8, y + 4, name, anchor="end", fill=GREY)
    yield text(0, 14, "At most this late", fill=GREY)
    for day, x in _places(list(days)):
        one = days[day]
        y = bottom + 14 if one.announced.early else bottom - HIGH * share(_weight(one))
        bad = one.announced.early or _weight(one) > _LATE
        yield dot(x, y, ODD if one.announced.early else BAD if bad else GOOD, 5 if bad else 3)
        if one.cause in letters:
            yield text(x, y - 8, letters[one.cause], anchor="middle")
    if days:
        first, last = min(days), max(days)
        yield text(LEFT, bottom + 40, first.isoformat(), fill=GREY)
        if last != first:
            yield text(LEFT + WIDE, bottom + 40, last.isoformat(), anchor="end", fill=GREY)
    for place, (cause, letter) in enumerate(letters.items()):
        yield text(LEFT, bottom + 64 + 20 * place, f"{letter}: {causes.get(cause, cause)}")


def _places(days: Sequence[date]) -> Iterable[tuple[date, float]]:
    if not days:
        return
    long = (days[-1] - days[0]).days or 1
    for day in days:
        yield day, LEFT + 8 + (WIDE - 16) * (day - days[0]).days / long


def _weight(one: Kept) -> timedelta:
    """How bad: never seen is worst, then by how late, by the upper bound; early counts as late."""
    most = one.announced.at_most
    return _FAR if most is None else abs(most)


def _says(days: Mapping[date, Kept], causes: Mapping[str, str], letters: Mapping[str, str]) -> str:
    if not days:
        return "No releases."
    late = sum(not one.announced.early and _weight(one) > _LATE for one in days.values())
    day, worst = max(days.items(), key=lambda pair: _weight(pair[1]))
    told = [
        f"{len(days)} days with releases; on {late} the worst was unseen or over a minute late.",
        f"Worst of all: {worst.release} on {day.isoformat()}, {in_words(worst.announced)}.",
    ]
    if letters:
        named = "; ".join(f"{letter}, {causes.get(code, code)}" for code, letter in letters.items())
        told.append(f"Causes are marked with letters: {named}.")
    return " ".join(told)
