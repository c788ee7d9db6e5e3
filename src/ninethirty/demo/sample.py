"""Rows for the demo's register: invented breaches at invented offices, the same for one seed."""

import csv
from datetime import date, timedelta
from io import StringIO
from random import Random

from ninethirty.core.practices import Breach, touched

NAME = "sample"
"""What their references begin with."""

COUNT = 18
_LATEST = date(2018, 2, 28)
"""Before the day that is replayed."""

_OFFICES = ("Office for Examples", "Department of Examples", "Example Health Board")
_OUTPUTS = ("Apples gathered", "Barley yields", "Hedgehogs counted", "Kites flown", "Wells dug")
_PLATFORMS = ("www.platform.example", "www.office.example")
_CAUSES = {
    Breach.LATE: ("cached", "not_published", "outage", "step_missed"),
    Breach.EARLY: ("step_missed", "address_guessed"),
    Breach.WRONG_AUDIENCE: ("email_autocomplete",),
    Breach.WRONG_CONTENT: ("wrong_file",),
    Breach.QUOTED: ("not_told",),
}
_COLUMNS = (
    *("nn", "title", "producer", "report_date", "occurrence_date", "practice", "kind", "cause"),
    *("channel", "scheduled_local", "public_or_sent_local"),
)


def sample_rows(seed: int) -> str:
    """As a register kept elsewhere comes: CSV, the oldest first."""
    chance = Random(seed)  # noqa: S311  # The same rows again, and no secret.
    days = sorted(_working(_LATEST - timedelta(days=chance.randrange(3000))) for _ in range(COUNT))
    place = StringIO()
    table = csv.DictWriter(place, _COLUMNS, lineterminator="\n")
    table.writeheader()
    for n, day in enumerate(days, start=1):
        kind = chance.choice([*_CAUSES, Breach.LATE, Breach.LATE])
        late = kind is Breach.LATE
        minutes = chance.randrange(3, 100)
        table.writerow({
            "nn": n,
            "title": f"{chance.choice(_OUTPUTS)}, {day.year}",
            "producer": chance.choice(_OFFICES),
            "report_date": day + timedelta(days=chance.randrange(1, 8)),
            "occurrence_date": day,
            "practice": "; ".join(one.code for one in touched(kind, day)),
            "kind": kind,
            "cause": chance.choice(_CAUSES[kind]),
            "channel": chance.choice(_PLATFORMS),
            "scheduled_local": f"{day}T09:30" if late else "",
            "public_or_sent_local": (
                f"{day}T{9 + (30 + minutes) // 60:02}:{(30 + minutes) % 60:02}" if late else ""
            ),
        })  # fmt: skip
    return place.getvalue()


def _working(day: date) -> date:
    """The Friday before, of a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
