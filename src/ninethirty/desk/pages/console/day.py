"""The releases of the next days as rows, in as many queries for two hundred as for one.

A row is kept until something that it rests on is other, so that a new fact costs one row.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from ninethirty.core.errors import TimeError
from ninethirty.core.facts import Fact
from ninethirty.core.preflight import (
    SOON,
    TOLD_BY,
    Lit,
    Shows,
    checked_at,
    lights,
    trouble,
)
from ninethirty.core.release import Stage, stage
from ninethirty.core.rota import on_duty
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.check_ready import gates_now
from ninethirty.desk.record.facts import facts_among
from ninethirty.desk.record.models import Head, Person, Promised, Release
from ninethirty.desk.setup import setup

BEFORE, AHEAD = timedelta(days=1), timedelta(days=7)
"""How long after its T a release is shown that is not closed, and how long before it."""

_MOST_KEPT = 2000
_kept: dict[str, tuple[Any, "Row"]] = {}
"""Release -> what its row rests on, and the row."""


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
    _rendered: dict[str, tuple[str, str]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def text(self) -> str:
        """Another one for whatever would be shown otherwise."""
        return repr(self)

    def once(self, language: str, left: str, render: Callable[["Row", str], str]) -> str:
        """As it was rendered last, for whomever, if this much time was left to its T."""
        then, shown = self._rendered.get(language, ("", ""))
        if then != left:
            shown = render(self, left)
            self._rendered[language] = left, shown
        return shown

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
    gates, nobody = gates_now(), _nobody(opens for _, opens, _ in found)
    ends, kept = _ends([row.id for _, _, row in found]), dict(_kept)
    rests_on = {
        row.id: (
            (ends.get(row.id), row.title, promise, opens),
            (gates, nobody[opens], now < opens, opens - now <= SOON),
        )
        for promise, opens, row in found
    }
    other = {name for name, rest in rests_on.items() if kept.get(name, ("",))[0] != rest}
    facts = facts_among(other, TOLD_BY)
    for promise, opens, row in found:
        if row.id in other:
            told = facts.get(row.id, [])
            lit = lights(told, gates, nobody[opens], opens=opens, now=now) if now < opens else ()
            kept[row.id] = rests_on[row.id], _row(row, promise, opens, told, lit)
    _keep({name: kept[name] for name in other})
    return sorted(
        (kept[row.id][1] for _, _, row in found), key=lambda row: (row.opens, row.release)
    )


def first(rows: Iterable[Row]) -> Row | None:
    """The one that somebody is to see to before any other: what is wrong in public, then what its
    time has come for, then what lacks something, the next T first."""

    def urgency(row: Row) -> tuple[int, Instant]:
        return (0 if row.trouble else 1 if row.waiting else 2), row.opens

    red = [row for row in rows if row.trouble or row.waiting or row.lacking]
    return min(red, key=urgency, default=None)


def _row(
    release: Release,
    promise: WallTime,
    opens: Instant,
    told: Sequence[Fact],
    lit: tuple[Lit, ...],
) -> Row:
    return Row(
        release=release.id,
        title=release.title,
        promise=promise,
        opens=opens,
        stage=stage(told),
        lights=lit,
        trouble=trouble(told),
        checked=checked_at(told),
    )


def _keep(rows: dict[str, tuple[Any, Row]]) -> None:
    if len(_kept) + len(rows) > _MOST_KEPT:
        _kept.clear()
    _kept.update(rows)


def _ends(releases: Collection[str]) -> dict[str, str]:
    """Release -> the hash that its facts end with."""
    return dict(Head.objects.filter(subject__in=releases).values_list("subject", "hash"))


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
