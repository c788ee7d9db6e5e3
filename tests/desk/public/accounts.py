"""Pages of account for the tests: the register, a statement, punctuality; and a written page."""

from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter

from ninethirty.core.punctuality import UNKNOWN, Kept, Lag, Source
from ninethirty.core.site import Site, Version
from ninethirty.core.tally import figures, grouped, measure
from ninethirty.core.times import Instant
from ninethirty.desk.charts.timeline import Mark
from ninethirty.desk.public import punctuality, register
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.punctuality import Groups, Told, account_of
from ninethirty.desk.public.register import Entry
from ninethirty.desk.public.statement import path_of, statement_page
from ninethirty.desk.public.written.text import write
from ninethirty.desk.record.models import Breach
from tests.desk.public.sites import FILES, edition, promised

NINE = "09:30:00Z"
LAST = date(2026, 11, 24)


def kept(day: str, at_most: float | None, **more: object) -> Kept:
    lag = UNKNOWN if at_most is None else Lag(*(timedelta(seconds=at_most - n) for n in (1, 0)))
    opens = Instant.parse(f"2026-{day}T{NINE}")
    told = Kept(
        f"release/{day}",
        "Road fuel & oil prices",
        "Office for Example Statistics",
        "platform.example",
        opens,
        lag,
        lag,
        title=f"Fuel <prices> of {day}",
    )
    return Kept(**{**{name: getattr(told, name) for name in told.__slots__}, **more})


YEAR = (
    kept("02-03", 0.4),
    kept("03-03", -600.0),
    kept("04-07", None),
    kept("05-05", 30.0, source=Source.REPORTED, producer="Isles Statistical Service"),
    kept("11-10", 5400.0, cause="cached", reference="br-2026-0001"),
)


def told(*some: Kept, **more: object) -> Told:
    """Of these, all of them listed."""
    found, worst = account_of(some, "Europe/London")
    causes, periods = {"cached": "an old page in a cache"}, [("/register/periods/p", "2025")]
    made = Told(found, worst, some, len(some), causes, periods, LAST)
    return replace(made, **more)  # type: ignore[arg-type]


TOLD = told(*YEAR)


def groups(*dimensions: str) -> Groups:
    """How each of them did in the year."""
    rows = [measure(n, one) for n, one in enumerate(YEAR)]
    return {
        dimension: [
            (name, figures(some)) for name, some in grouped(rows, attrgetter(dimension)).items()
        ]
        for dimension in dimensions
    }


ENTRY = Entry(
    "br-2026-0001",
    "Fuel <prices> late",
    "Office for Example Statistics",
    Instant.parse("2026-11-20T10:00:00Z"),
    platform="platform.example",
    kind="late",
    cause="cached",
    practices=("T3.6",),
    occurred=date(2026, 11, 10),
    versions=((1, Instant.parse("2026-11-20T10:00:00Z"), ""),),
    periods=(("/register/periods/p", "platform.example, 2026"),),
    statement="https://statistics.example/register/br-2026-0001/statement",
    within=1,
    sample=True,
    source="https://register.example/1",
    marks=(
        Mark("09:30", "promised"),
        Mark("09:57", "at another address", out=True),
        Mark("11:00", "there", well=True),
    ),
)

LATER = Entry(
    "br-2026-0002",
    "Érgs, early",
    "Isles Statistical Service",
    Instant.parse("2026-11-21T10:00:00Z"),
    kind="early",
    practices=("T3.6", "T3.3"),
)

_CSV = {"rates.csv": b"Month,North,South\n2026-08,4.3,4.0\n2026-09,4.1,[x]\n2026-10,4.0,3.9\n"}
_CHART = """```chart
csv: rates.csv
columns: Month, North, South
kind: {kind}
title: Rates, drawn as a {kind}
description: Both fall.
```"""
_MARKDOWN = f"""# Fuel prices

## Main points

Prices fell[^1], *again*. See [the files](rates.csv).

- one
- two

> A word of caution.

{_CHART.format(kind="line")}

### By region

{_CHART.format(kind="bar")}

Table: Prices by region

| Region | Price |
| --- | ---: |
| North | 1.4 |

[^1]: At the pump.
"""
WRITTEN = edition(
    "written",
    "fuel",
    promised("2026-11-20T09:30"),
    versions=(
        Version(
            Instant.parse("2026-11-20T09:30:00Z"),
            FILES,
            write(_MARKDOWN.encode(), _CSV, _CSV.__getitem__, "/releases/written").body,
        ),
    ),
)
"""A release whose page a producer wrote as Markdown, with everything that can stand in it."""


def pages_of_account(site: Site) -> dict[str, Shown]:
    counts = {"producer": {ENTRY.producer: 1}, "kind": {"late": 1}}
    statement = statement_page(
        site,
        Breach(reference=ENTRY.reference, title=ENTRY.title),
        "It was.\n\nSorry.",
        YEAR[0].promised,
    )
    return {
        **punctuality.front_pages(site, TOLD, groups("producer", "platform")),
        **punctuality.group_pages(site, TOLD, "series", YEAR[0].series, {}),
        **punctuality.group_pages(site, TOLD, "producer", YEAR[0].producer, groups("series")),
        "/register": Shown(register.list_page(site, register.FRONT, [ENTRY], counts, 1)),
        **dict(register.searched(site, [ENTRY, LATER])),
        "/register/by-kind/late": Shown(
            register.list_page(site, ("/register/by-kind/late", "Late"), [ENTRY], {}, 1)
        ),
        ENTRY.path: Shown(register.breach_page(site, ENTRY)),
        path_of(ENTRY.reference): Shown(statement),
    }
