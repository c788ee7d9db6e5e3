"""The tables a demo ends with: what happened then and now, and whether it went as it must."""

from collections.abc import Sequence

from rich.table import Table

from ninethirty.core.breach import Event
from ninethirty.core.times import Instant, at_local
from ninethirty.demo.case import Case
from ninethirty.demo.expect import Expectation
from ninethirty.demo.records import SAID_ON, Records
from ninethirty.demo.stage_set import StageSet


def compared(stage: StageSet, case: Case, records: Records, drafted: Instant | None) -> Table:
    """what happened | 2018 | this run"""
    posts = [Instant.parse(p["at"]) for name in SAID_ON for p in records.posts[name]]
    ticket = Instant.parse(records.tickets[0]["at"]) if records.tickets else None
    now: list[tuple[str, Event | None, Instant | None]] = [
        ("alternate public", Event.ALTERNATE_PUBLIC, records.first_right("alternate")),
        ("users told", Event.USERS_TOLD, min(posts, default=None)),
        ("platform's support asked", Event.TICKET_RAISED, ticket),
        ("announced address worked", Event.ANNOUNCED_PUBLIC, records.edges_right()),
        ("cause stated", Event.CAUSE_STATED, records.answered("cause")),
        ("fix reported", Event.FIX_REPORTED, records.answered("fix")),
        ("breach report", None, drafted),
    ]
    table = Table(title="8 March 2018, then and now", title_justify="left")
    for heading in ("what happened", str(stage.promised.local.year), "this run"):
        table.add_column(heading)
    for what, event, at in now:
        then = case.then.get(event, "not said") if event else case.reported
        table.add_row(what, then, _clock(stage, at))
    return table


def judged(expectations: Sequence[Expectation]) -> Table:
    table = Table(title="As the stand-ins and a reader recorded it", title_justify="left")
    for heading in ("", "expected", "found"):
        table.add_column(heading)
    for one in expectations:
        mark = "[green]held[/]" if one.held else "[bold red]BROKEN[/]"
        table.add_row(mark, one.name, one.found)
    return table


def _clock(stage: StageSet, at: Instant | None) -> str:
    if at is None:
        return "[red]never[/]"
    return f"{at_local(at, stage.promised.zone):%H:%M:%S}"
