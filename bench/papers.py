"""Reading and writing of breach papers: what is read right, what is invented, and how fast.

`NINETHIRTY_BENCH_FORMS=200` makes it fewer forms.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from bench.figure import Figure
from ninethirty.core.breach import Field, Report, Said, fields, gaps
from ninethirty.core.draft import draft
from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers.read import read_bytes
from ninethirty.desk.papers.write import FORMATS, write
from tests.core import test_draft
from tests.desk.papers.generated import Form, Truth, forms

COUNT = int(os.environ.get("NINETHIRTY_BENCH_FORMS", "2000"))
SEED = 1


def measure() -> list[Figure]:
    made = forms(COUNT, SEED)
    begun = time.monotonic()
    found = [(form, _read(form)) for form in made]
    took = time.monotonic() - begun
    listed = [one for one in found if not one[0].held_out]
    held_out = [one for one in found if one[0].held_out]
    return [
        *_figures("", found),
        *_figures(", oddities that were known", listed, bars=False),
        *_figures(", oddities held out", held_out, bars=False),
        Figure("forms refused", sum(report is None for _, report in found), most=0),
        Figure("ms to read a form", round(1000 * took / COUNT, 1)),
        *_drafting(),
        *_writing(next(report for _, report in found if report)),
    ]


def _figures(
    which: str, found: list[tuple[Form, Report | None]], *, bars: bool = True
) -> list[Figure]:
    right: Counter[str] = Counter()
    invented = 0
    for form, report in found:
        for name, is_right, is_invented in judged(form.truth, report):
            right[name] += is_right
            invented += is_invented
            if not is_right and bars and not form.held_out:
                print(f"{form.truth.form} {form.kind} {form.oddity}: {name}", file=sys.stderr)
    many = len(found)
    dates = right["report_date"] + right["occurred"]
    least = 98 if bars else None
    return [
        Figure(f"% of dates read{which}", round(50 * dates / many, 2), least=least),
        Figure(f"% of practices read{which}", round(100 * right["practices"] / many, 2), least),
        Figure(f"% of forms told apart{which}", round(100 * right["form"] / many, 2)),
        Figure(f"values invented{which}", invented, most=0 if bars else None),
    ]


def judged(truth: Truth, report: Report | None) -> Iterator[tuple[str, bool, bool]]:
    """Of each field: its name, whether it is right, whether a value was invented."""
    if report is None:
        yield from (
            (name, False, False) for name in ("form", "report_date", "occurred", "practices")
        )
        return
    day = (truth.report_date,) if truth.report_date else ()
    yield "form", report.form == truth.form, False
    for name, true, read in (
        ("report_date", day, (report.report_date,)),
        ("occurred", truth.occurred, report.occurred),
        ("practices", truth.practices, report.practices),
    ):
        values = _values(read)
        yield name, sorted(values) == sorted(true), not set(values) <= set(true)


def _values(read: tuple[Field, ...]) -> list[str]:
    return [field.value for field in read if isinstance(field, Said)]


def _read(form: Form) -> Report | None:
    try:
        return read_bytes(form.data)
    except FormUnreadable:
        return None


def _drafting() -> list[Figure]:
    """From the facts of a late day, once it has recovered, to the draft in all formats."""
    about = replace(test_draft.about(), leave=(), earlier=())
    begun = time.monotonic()
    report = draft(test_draft.a_late_day(), about, test_draft.after(hours=2))
    for into in FORMATS:
        write(report, into, note="Draft")
    took = time.monotonic() - begun
    settled = 100 * (1 - len(gaps(report)) / len(fields(report)))
    return [
        Figure("% of a draft's fields settled", round(settled, 1), least=90),
        Figure("s from recovered to the draft in six formats", round(took, 3), most=5),
    ]


def _writing(report: Report) -> list[Figure]:
    took: dict[str, list[float]] = {into: [] for into in FORMATS}
    for _ in range(10):
        for into in FORMATS:
            begun = time.monotonic()
            write(report, into)
            took[into].append(1000 * (time.monotonic() - begun))
    each = {into: median(times) for into, times in took.items()}
    return [
        *(Figure(f"ms to write {into}", round(one, 1)) for into, one in each.items()),
        Figure("ms to write all six formats", round(sum(each.values()), 1), most=1000),
    ]
