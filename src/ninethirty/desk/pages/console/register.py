"""The register for those who work here: found, taken out whole, and what waits or is overdue."""

from dataclasses import dataclass, fields
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.practices import Breach as BreachKind
from ninethirty.core.register import Run
from ninethirty.core.targets import Target
from ninethirty.core.times import at_local
from ninethirty.desk.actions.reports.remind import targets_of
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.charts.months import months as chart_of
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console
from ninethirty.desk.pages.console.who import breaches_of, producers_of
from ninethirty.desk.record import oversight
from ninethirty.desk.record.export import json_parts, lines
from ninethirty.desk.record.models import Breach
from ninethirty.desk.record.register import MOST, Wanted, find, look
from ninethirty.desk.setup import setup

SHOWN = 50
"""On one page of a search."""

_MOST_DIGITS = 18
_LOOKED_BACK = timedelta(days=730)
"""How often it happens is told month by month from then on."""

_TYPES = {
    "csv": ("text/csv; charset=utf-8", lines),
    "json": ("application/json", json_parts),
}
_LABELS = {
    "words": gettext_lazy("Words of the title, the producer or the reference"),
    "producer": gettext_lazy("Producer"),
    "kind": gettext_lazy("Kind"),
    "practice": gettext_lazy("Practice"),
    "cause": gettext_lazy("Cause"),
    "platform": gettext_lazy("Platform"),
    "year": gettext_lazy("Year"),
}


@console()
def register(request: Asked) -> HttpResponse:
    """Words and filters together, the newest first; ?before= goes on after an entry shown."""
    wanted, theirs = _wanted(request), breaches_of(request.person)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= _MOST_DIGITS:
        rows, count = find(wanted, before=int(before), limit=SHOWN, of=theirs), None
    else:
        found = look(wanted, limit=SHOWN, of=theirs)
        rows, count = found.rows, found.count
    asked = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    query = urlencode({name: value for name, value in asked.items() if value})
    return page(
        request,
        "register.html",
        _("Register"),
        rows=rows,
        count=count,
        most=MOST,
        asked=asked,
        labels=_LABELS,
        kinds=[str(kind) for kind in BreachKind],
        query=query,
        after=rows[-1].id if len(rows) == SHOWN else None,
    )


@console()
def export(request: Asked, form: str) -> StreamingHttpResponse:
    """All that a search finds, however many, entry by entry."""
    if form not in _TYPES:
        raise Http404
    kind, write = _TYPES[form]
    return StreamingHttpResponse(
        write(_wanted(request), breaches_of(request.person)),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="register.{form}"'},
    )


@dataclass(frozen=True)
class Late:
    breach: Breach
    targets: list[Target]


@console()
def waiting(request: Asked) -> HttpResponse:
    """What a regulator or a head of profession looks at first."""
    now = setup().clock().now()
    today = at_local(now, setup().promises.usual.zone).date()
    producer = _wanted(request).producer
    theirs = breaches_of(request.person)
    all_of_it = OWN in producers_of(request.person)
    # How often it happens is told of the whole desk, so to whoever works for all of it.
    since = today - _LOOKED_BACK
    months = oversight.trends(producer, since.replace(day=1)) if all_of_it else []
    densest: Run | None = oversight.densest_of(producer) if all_of_it and producer else None
    late = [
        Late(one, missed)
        for one in _seen(theirs, oversight.unsent())
        if (missed := [t for t in targets_of(one) if t.met is None and t.missed(now)])
    ]
    actions = oversight.overdue_actions(today)
    owned = _ids(theirs, [one.breach_id for one in actions])
    return page(
        request,
        "waiting.html",
        _("What waits"),
        inbox=_seen(theirs, oversight.inbox()),
        questions=_seen(theirs, oversight.questions()),
        late=late,
        actions=[one for one in actions if one.breach_id in owned],
        months=months,
        chart=chart_of(months),
        densest=densest,
        whose=producer,
        all_of_it=all_of_it,
        now=now,
    )


def _seen(theirs: QuerySet[Breach], rows: list[Breach]) -> list[Breach]:
    ids = _ids(theirs, [one.id for one in rows])
    return [one for one in rows if one.id in ids]


def _ids(theirs: QuerySet[Breach], ids: list[int]) -> set[int]:
    return set(theirs.filter(id__in=ids).values_list("id", flat=True))


def _wanted(request: HttpRequest) -> Wanted:
    # PostgreSQL refuses a text with a zero byte in it, and nothing is found by one.
    asked = {one.name: request.GET.get(one.name, "").replace("\0", "") for one in fields(Wanted)}
    return Wanted(**{name: value.strip() for name, value in asked.items()})


urls = [
    path("register", register, name="register"),
    path("register/register.<slug:form>", export, name="register-export"),
    path("register/waiting", waiting, name="waiting"),
]
