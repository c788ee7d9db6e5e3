"""What all pages of the console share, and how a template becomes one."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from jinja2 import Environment
from markupsafe import Markup

from ninethirty.core.facts import Fact
from ninethirty.core.release import Role
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.actions.paper import in_use
from ninethirty.desk.pages.console.assets import address
from ninethirty.desk.papers import line
from ninethirty.desk.public import frame
from ninethirty.desk.setup import setup

if TYPE_CHECKING:
    from ninethirty.desk.pages.console.view import Wrong

_ALL = frozenset(Role)
_PARTS = (
    ("today", gettext_lazy("Today"), _ALL),
    ("incidents", gettext_lazy("Incidents"), _ALL),
    ("calendar", gettext_lazy("Calendar"), _ALL),
    ("reports", gettext_lazy("Reports"), _ALL),
    ("register", gettext_lazy("Register"), _ALL),
    ("rehearsal", gettext_lazy("Rehearsal"), _ALL - {Role.AUDITOR, Role.REGULATOR}),
    ("set-up", gettext_lazy("Set-up"), _ALL - {Role.REGULATOR}),
    ("audit", gettext_lazy("Audit"), frozenset({Role.AUDITOR, Role.OPERATOR})),
    ("people", gettext_lazy("People"), frozenset({Role.OPERATOR})),
)
"""Name of the page, what it is called, and to whom it is of use."""


def page(
    request: HttpRequest,
    template: str,
    title: str,
    status: int = 200,
    *,
    wrong: "Wrong | None" = None,
    **told: Any,
) -> HttpResponse:
    """`told` is what the template names. wrong: shown above all else, and its status is ours.

    The title must name no release: it stands in the history of a browser.
    """
    if wrong:
        status = wrong.status
    return render(request, template, {"title": title, "wrong": wrong, **told}, status=status)


def shown(request: HttpRequest) -> dict[str, Any]:
    """What every template has, those that allauth asks for too (a context processor)."""
    user = getattr(request, "user", None)
    person = user.person if user is not None and user.is_authenticated else None
    return {
        "person": person,
        "navigation": _navigation(request.path, Role(person.role)) if person else [],
        "messages": get_messages(request),
        "drill": setup().drill is not None,
        "paper_used": in_use() if person else None,
        "producer": setup().producer,
        "sign_on": sign_on.name if (sign_on := setup().console.sign_on) else "",
    }


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend asks for; it gives the folder of templates."""
    made = frame.environment(options["loader"])
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"url": _url, "asset": address}
    made.filters |= {"when": when, "month": month}
    return made


def when(instant: Instant, zone: str = "") -> Markup:
    """In the producer's zone, or another; UTC on hover and for machines."""
    return _when(instant, zone or setup().promises.usual.zone, get_language())


def month(day: date) -> str:
    """Its name, in the language of whoever asks."""
    return date_format(day, "F")


@lru_cache(maxsize=2000)
def _when(instant: Instant, zone: str, language: str) -> Markup:
    """language: of the month's name."""
    local = at_local(instant, zone)
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(
        instant.isoformat(),
        f"{instant:%Y-%m-%d %H:%M:%S}",
        date_format(local, "j F Y, H:i:s"),
    )


def words(fact: Fact) -> str:
    """What happened, in the language of whoever asks; its details are as they were recorded."""
    says = fact.kind.says
    return gettext(says) + line.words(fact).removeprefix(says)


def _url(name: str, *parts: Any) -> str:
    return reverse(name, args=parts)


def _navigation(path: str, role: Role) -> list[dict[str, Any]]:
    """Where somebody is, is marked."""
    parts = [(_there(name), text) for name, text, roles in _PARTS if role in roles]
    return [
        {
            "href": href,
            "text": str(text),
            "current": path == href,
            "active": href != "/" and path.startswith(f"{href}/"),
        }
        for href, text in parts
        if href
    ]


def _there(name: str) -> str:
    """Nowhere, of a page that this desk does not have."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
