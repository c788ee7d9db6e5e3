"""The releases of the next days as rows, in as many queries for two hundred as for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from ninethirty.core.errors import TimeError
from ninethirty.core.preflight import TOLD_BY, Lit, Shows, checked_at, lights, trouble
from ninethirty.core.release import Stage, stage
from ninethirty.core.rota import on_duty
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.check_ready import gates_now
from ninethirty.desk.record.facts import facts_among
from ninethirty.desk.record.models import Person, Promised, Release
from ninethirty.desk.setup import setup

BEFORE, AHEAD = timedelta(days=1), timedelta(days=7)
"""How long after its T a release is shown that is not closed, and how long before it."""


@dataclass(frozen=True)
class Row:
    """A release of these days. trouble: what witnesses say is wrong with it; empty if nothing is.
    lights: none once T has passed. checked: when the runner last looked at all of it."""

    release: str
    title: str
    promise: WallTime
    opens: Instant
    stage: Stage
    lights: tuple[Lit, ...]
    trouble: str
    checked: Instant | None

    @property
    def lacking(self) -> list[Lit]:
        return [lit for lit in self.lights if lit.shows is Shows.LACKING]

    @property
    def waiting(self) -> bool:
        """Its time has come, and nobody has seen it yet."""
        return not self.lights and self.stage in (Stage.ARMED, Stage.HELD)


def day(releases: QuerySet[Release], now: Instant) -> list[Row]:
    """releases: those that somebody may see. By T; corrections are among them."""
    near = Promised.objects.filter(opens__gt=now - BEFORE, opens__lte=now + AHEAD)
    found = [
        (promise, opens, row)
        for row in _open(releases, near.values("release"))
        if (promise := WallTime.parse(row.opens))
        and (opens := _instant(promise))
        and now - BEFORE < opens <= now + AHEAD
    ]
    facts = facts_among([row.id for _, _, row in found], TOLD_BY)
    gates, nobody = gates_now(), _nobody(opens for _, opens, _ in found)
    rows = []
    for promise, opens, row in sorted(found, key=lambda one: (one[1], one[2].id)):
        told = facts.get(row.id, [])
        rows.append(
            Row(
                release=row.id,
                title=row.title,
                promise=promise,
                opens=opens,
                stage=stage(told),
                lights=lights(told, gates, nobody[opens], opens=opens, now=now)
                if now < opens
                else (),
                trouble=trouble(told),
                checked=checked_at(told),
            )
        )
    return rows


def first(rows: Iterable[Row]) -> Row | None:
    """The one that somebody is to see to before any other: what is wrong in public, then what its
    time has come for, then what lacks something, the next T first."""

    def urgency(row: Row) -> tuple[int, Instant]:
        return (0 if row.trouble else 1 if row.waiting else 2), row.opens

    red = [row for row in rows if row.trouble or row.waiting or row.lacking]
    return min(red, key=urgency, default=None)


def _open(releases: QuerySet[Release], near: QuerySet[Promised, Any]) -> list[Release]:
    """A correction is in no calendar, so that every open one is looked at."""
    held = releases.filter(closed=False).exclude(opens="").exclude(stage=Stage.REPLACED)
    columns = ("id", "title", "opens")
    return [
        *held.filter(replaces="", id__in=near).only(*columns),
        *held.exclude(replaces="").only(*columns),
    ]


def _instant(promise: WallTime) -> Instant | None:
    """None: a time that the clocks skip or show twice; the calendar says so."""
    try:
        return promise.resolve()
    except TimeError:
        return None


def _nobody(instants: Iterable[Instant]) -> dict[Instant, str]:
    """T -> why nobody is on call then; empty: somebody is."""
    here = set(Person.objects.filter(left=None).values_list("id", flat=True))
    found = {}
    for opens in set(instants):
        shift = on_duty(setup().on_call, opens)
        if shift is None:
            found[opens] = "nobody is on call at T"
        elif gone := sorted({shift.who, shift.deputy} - here):
            found[opens] = f"{', '.join(gone)}, on call at T, does not work here"
        else:
            found[opens] = ""
    return found
