"""Rehearsal: a fault is chosen, played on this machine alone, watched, and ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.document import digest
from ninethirty.core.errors import Malformed
from ninethirty.core.times import Instant
from ninethirty.desk.actions.rehearse import MAY, end_rehearsal, rehearse
from ninethirty.desk.outside.rehearsal import Asked as Wanted
from ninethirty.desk.outside.rehearsal import Found, Rehearsal, faults
from ninethirty.desk.pages.console.act import ACTORS
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.setup import setup

SPEEDS = {
    "0": gettext_lazy("Fast, and slow around T: about two minutes"),
    "10": gettext_lazy("Ten times as fast as it was: about a quarter of an hour"),
    "1": gettext_lazy("As it happens: about two hours"),
}
_SHOWN = 40


def _told(request: Asked, found: Found) -> dict[str, Any]:
    facts = sorted(found.facts, key=lambda fact: -int(fact["n"]))[:_SHOWN]
    return {
        "found": found,
        "since": digest(repr(found).encode())[:16],
        "facts": [(_at(fact["at"]), fact["words"]) for fact in facts],
        "may": request.role in MAY,
        "fault": faults().get(found.asked.fault) if found.asked else None,
    }


def _at(at: str | list[str]) -> Instant:
    return Instant.parse(at[1] if isinstance(at, list) else at)


@console(*ACTORS)
def rehearsal(request: Asked) -> HttpResponseBase:
    with said() as wrong:
        if request.method == "POST":
            rehearse(_wanted(request), by=request.person.id)
            messages.success(request, _("It begins; in half a minute all its rooms are up."))
            return redirect("rehearsal")
    told = _told(request, Rehearsal(setup().home).found())
    return page(
        request,
        "rehearsal.html",
        _("Rehearsal"),
        wrong=wrong,
        faults=sorted(faults().values(), key=lambda fault: fault.name),
        speeds=SPEEDS,
        typed=request.POST,
        **told,
    )


def _wanted(request: Asked) -> Wanted:
    """Raises Malformed."""
    speed = request.POST.get("speed", "")
    if speed not in SPEEDS:
        raise Malformed(_("Choose how fast it goes."))
    return Wanted(request.POST.get("fault", ""), float(speed), "alone" in request.POST)


@console(*ACTORS)
def live(request: Asked) -> HttpResponse:
    """The part that changes, if it is not as it was `?since=`; 204 else, so that nothing moves
    under somebody's fingers."""
    told = _told(request, Rehearsal(setup().home).found())
    if told["since"] == request.GET.get("since"):
        return HttpResponse(status=204)
    return page(request, "rehearsal_live.html", _("Rehearsal"), **told)


@console(*MAY)
def end(request: Asked) -> HttpResponseBase:
    if request.method == "POST":
        with said() as wrong:
            end_rehearsal(by=request.person.id)
        if wrong:
            messages.error(request, wrong.sentence)
        else:
            messages.success(request, _("It is ended, and nothing of it runs any more."))
        return redirect("rehearsal")
    return page(request, "rehearsal_end.html", _("End the rehearsal?"))


urls: list[URLPattern] = [
    path("rehearsal", rehearsal, name="rehearsal"),
    path("rehearsal/live", live, name="rehearsal-live"),
    path("rehearsal/end", end, name="rehearsal-end"),
]
