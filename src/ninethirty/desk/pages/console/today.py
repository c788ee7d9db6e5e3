"""Today: what is due in the next days, and what somebody is to see to first."""

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from ninethirty.core.preflight import Light
from ninethirty.desk.pages.console.day import day, first
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console
from ninethirty.desk.pages.console.who import releases_of
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.words import span


def _made(request: Asked, template: str) -> HttpResponse:
    now = setup().clock().now()
    rows = day(releases_of(request.person), now)
    return page(
        request,
        template,
        _("Today"),
        rows=rows,
        first=first(rows),
        now=now,
        lights=list(Light),
        span=span,
    )


@console()
def today(request: Asked) -> HttpResponse:
    return _made(request, "today.html")


@console()
def rows(request: Asked) -> HttpResponse:
    """The live part alone; htmx asks once a second."""
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
