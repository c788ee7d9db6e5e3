"""Writes docs/reference/runbooks.md from the data in desk/runner/book.py; --check only compares."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

from ninethirty.core.escalation import HOLDS_FOR, LADDER, NEXT_AFTER
from ninethirty.core.facts import Kind
from ninethirty.core.runbook import VETO_WINDOW, Reach, Step
from ninethirty.core.times import Instant

PAGE = Path(__file__).parents[1] / "docs/reference/runbooks.md"

_TEXT = """# The runbooks

Made by `make fix` from `src/ninethirty/desk/runner/book.py`; `make check` fails if stale.

Class A is internal and automatic. B is public and can be corrected: automatic, at the earliest
{veto} after people were told of the doubt, unless one of them vetoed; who did, or a head of
profession, may let them go on. C is irreversible or a
judgement: two people confirm it. A step that is not done within its time, or that nobody will try
again, is stuck, and somebody is paged by a second route.
{books}
## Whom it wakes

{alarms}

Pages go to the {ladder}, one every {every}, round and round until somebody acknowledges.
Lead and deputy are those whom the rota names at that moment (`[[on_call]]` in `desk.toml`).
That holds for {holds} from the last thing that person did; then the pages begin anew.
"""

_BOOK = """
## {name}

| Step | Class | Starts | After | Done within | What |
|---|---|---|---|---|---|
{rows}
"""


def page() -> str:
    from ninethirty.desk.runner.book import ALARMS, RUNBOOKS

    books = [
        _BOOK.format(name=name, rows="\n".join(_row(step) for step in book))
        for name, book in RUNBOOKS.items()
    ]
    alarms = []
    for alarm in ALARMS.values():
        ends = [*(f"{kind}" for kind in alarm.ends)]
        ends += [f"step {alarm.settled_by} is done"] if alarm.settled_by else []
        alarms.append(f"- **{alarm.starts}** ({alarm.starts.says}), until {' or '.join(ends)}")
    return _TEXT.format(
        veto=_long(VETO_WINDOW),
        books="".join(books),
        alarms="\n".join(alarms),
        ladder=", ".join(LADDER),
        every=_long(NEXT_AFTER),
        holds=_long(HOLDS_FOR),
    )


def _row(step: Step) -> str:
    reach = (
        f"{step.reach}, by hand" if step.by_hand and step.reach is Reach.INTERNAL else step.reach
    )
    within = "no limit" if step.deadline is None else _long(step.deadline)
    ends = step.moot_kinds or (step.moot_after,)
    moments = " or ".join(_moment(end) for end in ends if isinstance(end, Kind | timedelta))
    until = f"; not after {moments}" if moments else ""
    cells = (step.name, reach, _start(step) + until, ", ".join(step.needs), within, step.does)
    return f"| {' | '.join(cells)} |"


def _start(step: Step) -> str:
    kinds = step.starts if isinstance(step.starts, tuple) else (step.starts,)
    starts = " or ".join(_moment(kind) for kind in kinds)
    given = f" ({step.given[0]}: {step.given[1]})" if step.given else ""
    return f"{starts}{given}" + (f" + {_long(step.after)}" if step.after else "")


def _moment(start: Kind | timedelta | Instant) -> str:
    if isinstance(start, timedelta):
        return "T" if not start else f"T - {_long(-start)}"
    return str(start)


def _long(duration: timedelta) -> str:
    seconds = round(duration.total_seconds())
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ninethirty.desk.settings")
    django.setup()
    if arguments == ["--check"]:
        if PAGE.exists() and PAGE.read_text() == page():
            return 0
        print(f"{PAGE} is stale: run make fix", file=sys.stderr)
        return 1
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
