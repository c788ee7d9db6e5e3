"""The calendar: a year of promises, and what waits for the head of profession."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.announcement import Provisional
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role, Stage, check_may
from ninethirty.core.times import WallTime, at_local
from ninethirty.desk.actions.cancel import cancel as do_cancel
from ninethirty.desk.actions.propose import propose
from ninethirty.desk.pages.console.act import Act
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.release import AskedMove, asked_move, release_for
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.pages.console.who import producers_of, releases_of
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import FactRow, Release, Series
from ninethirty.desk.setup import setup

PROMISES = (Role.STATISTICIAN, Role.HEAD_OF_PROFESSION)
MOVES = (*PROMISES, Role.PUBLISHING_OFFICER)
YEARS = range(1990, 2100)

_FIXED = {Stage.PUBLIC, Stage.WITNESSED, Stage.CLOSED, Stage.CANCELLED, Stage.REPLACED}
"""No other date is promised any more."""

CANCEL = Act(
    gettext_lazy("Cancel this release"),
    gettext_lazy(
        "It is promised no more, and the public calendar says so at once. It cannot be taken back: "
        "whoever wants it after all announces it anew. What is armed is held first, on its page."
    ),
    gettext_lazy("Cancel it now"),
    lambda release, by, text: do_cancel(release, by=by, reason=text),
    (Role.HEAD_OF_PROFESSION,),
    gettext_lazy("Why?"),
    warns=True,
)


@dataclass(frozen=True)
class Entry:
    """day: the first, of one that is provisional. crowd: how many of these open at that instant.
    moves: another date can be promised for it."""

    release: Release
    day: date
    crowd: int
    moves: bool


@console()
def calendar(request: Asked) -> HttpResponseBase:
    today = at_local(setup().clock().now(), setup().promises.usual.zone).date()
    told = request.GET.get("year", "")
    year = int(told) if told.isdecimal() and len(told) == len(str(YEARS[0])) else today.year
    year = min(max(year, YEARS[0]), YEARS[-1])
    months: dict[date, list[Entry]] = {}
    for entry in _entries(request, year):
        months.setdefault(entry.day.replace(day=1), []).append(entry)
    return page(
        request,
        "calendar.html",
        _("Calendar"),
        year=year,
        months=months,
        waiting=_waiting(request),
        series=_series_of(request),
        promises=request.role in PROMISES,
        moves=request.role in MOVES,
        heads=request.role is Role.HEAD_OF_PROFESSION,
    )


def _entries(request: Asked, year: int) -> list[Entry]:
    """Of that year, in the order of their days."""
    dated = Q(opens__startswith=f"{year}-")
    undated = Q(opens="", provisional__startswith=f"{year}-")
    rows = releases_of(request.person).filter(dated | undated, replaces="")
    theirs = list(rows.defer("manifest", "order"))
    at = {row.id: WallTime.parse(row.opens).resolve() for row in theirs if row.opens}
    kept = [row.id for row in theirs if row.opens and row.stage != Stage.CANCELLED]
    crowds = Counter(at[name] for name in kept)
    found = [
        Entry(row, _first(row), crowds[at[row.id]] if row.id in at else 0, row.stage not in _FIXED)
        for row in theirs
    ]
    return sorted(found, key=lambda one: (one.day, one.release.opens, one.release.id))


def _first(row: Release) -> date:
    if row.opens:
        return WallTime.parse(row.opens).local.date()
    return Provisional.parse(row.provisional).first


def _waiting(request: Asked) -> list[tuple[Release, AskedMove]]:
    """Another date was asked for, and nobody has answered."""
    asked = FactRow.objects.filter(kind=str(Kind.MOVE_ASKED)).values("subject")
    rows = releases_of(request.person).filter(id__in=asked, closed=False).order_by("opens", "id")
    found = [(row, asked_move(facts_of(row.id))) for row in rows.defer("manifest", "order")]
    return [(row, move) for row, move in found if move]


def _series_of(request: Asked) -> list[Series]:
    theirs = Series.objects.filter(producer__in=producers_of(request.person))
    return list(theirs.order_by("title", "id"))


@console(*PROMISES)
def next_editions(request: Asked, series: str) -> HttpResponseBase:
    """Dates that the rhythm of a series leads to; each is a link to the form, filled in."""
    theirs = Series.objects.filter(producer__in=producers_of(request.person))
    row = get_object_or_404(theirs, id=series)
    dates = propose(row.id)
    return page(request, "proposed.html", _("The next editions"), series=row, dates=dates)


@console()
def cancel(request: Asked, release: str) -> HttpResponseBase:
    row = release_for(request, release)
    check_may(Kind.CANCELLED, request.role, request.person.id, facts_of(row.id))
    text = request.POST.get("text", "")
    with said() as wrong:
        if request.method == "POST":
            CANCEL.do(row.id, request.person.id, text)
            messages.success(request, _("It is promised no more."))
            return redirect("calendar")
    told: dict[str, Any] = {"about": row.title, "back": reverse("calendar")}
    return page(request, "act.html", str(CANCEL.title), wrong=wrong, act=CANCEL, text=text, **told)


urls: list[URLPattern] = [
    path("calendar", calendar, name="calendar"),
    path("calendar/series/<str:series>", next_editions, name="next-editions"),
    path("calendar/cancel/<path:release>", cancel, name="cancel"),
]
