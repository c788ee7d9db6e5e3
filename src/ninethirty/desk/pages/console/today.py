"""Today: what is due in the next days, and what somebody is to see to first."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ninethirty.core.document import digest
from ninethirty.core.guard import Trust
from ninethirty.core.preflight import Light, Shows
from ninethirty.core.release import Stage
from ninethirty.core.times import Instant
from ninethirty.desk.pages.console.day import Row, day, first
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console
from ninethirty.desk.pages.console.who import releases_of
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.words import span

LAST = timedelta(minutes=10)
"""Around T: seconds are told. Until then the live part changes with the minute, not under the
fingers of somebody who is about to press a link."""


def _made(request: Asked, template: str) -> HttpResponse:
    now = setup().clock().now()
    rows = day(releases_of(request.person), now)
    clocks = _clocks()
    since = _since(rows, clocks, now)
    if since == request.GET.get("since"):
        return HttpResponse(status=204)
    return page(
        request,
        template,
        _("Today"),
        rows=rows,
        first=first(rows),
        now=now,
        since=since,
        lights=list(Light),
        said={word: _(word) for word in (*Light, *Shows, *Stage)},
        language=get_language(),
        clocks=clocks,
        span=_span,
    )


def _since(rows: list[Row], clocks: list[tuple[str, str]], now: Instant) -> str:
    """Another one for whatever would be shown otherwise."""
    near = any(abs(row.opens - now) < LAST for row in rows)
    seconds = int(now.timestamp())
    shown = [repr((clocks, seconds if near else seconds // 60)), *(row.text for row in rows)]
    return digest("\n".join(shown).encode())[:16]


def _span(length: timedelta) -> str:
    return span(length if length < LAST else length - length % timedelta(minutes=1))


def _clocks() -> list[tuple[str, str]]:
    """Gate and why, of each whose clock nobody should open by: known before anything is due."""
    known = {str(trust): trust for trust in Trust}
    return [
        (gate, known[said].says if said in known else said)
        for gate, said in sorted(setup().shelf().clocks().items())
        if said not in known or not known[said].arms
    ]


@console()
def today(request: Asked) -> HttpResponse:
    return _made(request, "today.html")


@console()
def rows(request: Asked) -> HttpResponse:
    """The live part alone, if it is not as it was `?since=`; 204 else."""
    return _made(request, "today_rows.html")


@console()
def wall(request: Asked) -> HttpResponse:
    """The same for a screen on the wall: large, and nothing to press."""
    return _made(request, "wall.html")


urls: list[URLPattern] = [
    path("", today, name="today"),
    path("today/rows", rows, name="today-rows"),
    path("wall", wall, name="wall"),
]
