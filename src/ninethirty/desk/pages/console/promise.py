"""Promise a date: of a new release, of one that is provisional, or another than the one promised.

What the rules say against it is read before it is saved: the first sending shows it, the second
saves, if what was read is still all there is to say.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from ninethirty.core.announcement import Finding, Provisional
from ninethirty.core.document import canonical, digest
from ninethirty.core.errors import Malformed, NotAllowed
from ninethirty.core.release import Role
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.check_promise import against, weighed
from ninethirty.desk.actions.move import move
from ninethirty.desk.actions.rules import rules_of
from ninethirty.desk.actions.set_date import set_date
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.pages.console.calendar import MOVES, PROMISES
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.release import release_for
from ninethirty.desk.pages.console.view import Asked, Wrong, console, said
from ninethirty.desk.pages.console.who import producers_of
from ninethirty.desk.record.models import Release, Series


@dataclass(frozen=True)
class Sent:
    """read: the digest of what was shown; another one if the date or what speaks against it is
    another."""

    promise: WallTime | Provisional
    findings: list[Finding]
    is_read: bool
    read: str


@console(*PROMISES)
def new(request: Asked) -> HttpResponseBase:
    """A release that is not promised yet; one out of order, if it is told why it was not."""
    typed = request.POST or request.GET
    series, unscheduled = typed.get("series", ""), typed.get("unscheduled", "").strip()
    sent = None
    with said() as wrong:
        if request.method == "POST":
            release = typed.get("release", "").strip()
            announced = typed.get("announced", "").strip()
            if not announced.startswith(("http://", "https://")):
                raise Malformed(_("Give the address where the public is told to look, in full."))
            sent = _sent(request, release, series, binding=not unscheduled)
            if sent.is_read:
                announce(
                    release,
                    title=typed.get("title", "").strip(),
                    opens=sent.promise,
                    path=typed.get("path", "").strip() or f"/{release}",
                    announced=announced,
                    by=request.person.id,
                    series=series,
                    summary=typed.get("summary", "").strip(),
                    unscheduled=unscheduled,
                )
                return _done(request, _("It is promised for {date}."), sent, release)
    return _form(
        request,
        _("Promise a release"),
        wrong,
        sent,
        zone=rules_of(series).usual.zone,
        usual=f"{rules_of(series).usual.at:%H:%M}",
        all_series=Series.objects.filter(producer__in=producers_of(request.person)),
        own=OWN in producers_of(request.person),
        heads=request.role is Role.HEAD_OF_PROFESSION,
    )


@console(*MOVES)
def other_date(request: Asked, release: str) -> HttpResponseBase:
    """The exact date of one that is provisional, or another date than the one promised."""
    row = release_for(request, release)
    sent = None
    with said() as wrong:
        if request.method == "POST":
            sent = _sent(request, row.id, row.series)
            reason = request.POST.get("reason", "").strip()
            if row.opens and not reason:
                raise NotAllowed(_("Say why: another date is announced with its reason."))
            if sent.is_read:
                return _changed(request, row, sent, reason)
    usual = WallTime.parse(row.opens) if row.opens else None
    rules = rules_of(row.series).usual
    return _form(
        request,
        _("Promise another date") if row.opens else _("Give it a date"),
        wrong,
        sent,
        row=row,
        zone=usual.zone if usual else rules.zone,
        usual=f"{usual.local if usual else rules.at:%H:%M}",
        heads=request.role is Role.HEAD_OF_PROFESSION,
    )


def _changed(request: Asked, row: Release, sent: Sent, reason: str) -> HttpResponseBase:
    """Raises NotAllowed."""
    by = request.person.id
    if not row.opens:
        set_date(row.id, sent.promise, by=by, reason=reason)
        return _done(request, _("It is promised for {date}."), sent, row.id)
    if isinstance(sent.promise, Provisional):
        raise NotAllowed(_("An exact date was promised; it cannot become a month again."))
    move(row.id, sent.promise, by=by, reason=reason)
    if request.role is Role.HEAD_OF_PROFESSION:
        return _done(request, _("It is promised for {date} now."), sent, row.id)
    return _done(request, _("The head of profession is asked for {date}."), sent, row.id)


def _sent(request: Asked, release: str, series: str, *, binding: bool = True) -> Sent:
    """Raises TimeError: it is no date; NotAllowed: the rules refuse it."""
    promise = _promise(request, series)
    findings = against(release, promise, series=series, binding=binding)
    weighed(release or _("this release"), findings)
    shown = canonical({"promise": str(promise), "found": [one.says for one in findings]})
    read = digest(shown)
    return Sent(promise, findings, request.POST.get("read") == read, read)


def _promise(request: Asked, series: str) -> WallTime | Provisional:
    """An exact date, or the month where no day is given."""
    day, month = (request.POST.get(name, "").strip() for name in ("day", "month"))
    if bool(day) == bool(month):
        raise Malformed(_("Give a day, or a month for the time being; one of them."))
    if month:
        return Provisional.parse(month)
    zone = request.POST.get("zone", "") or rules_of(series).usual.zone
    return WallTime.parse(f"{day} {request.POST.get('time', '').strip()} {zone}")


def _done(request: Asked, sentence: str, sent: Sent, release: str) -> HttpResponseBase:
    messages.success(request, sentence.format(date=sent.promise))
    return redirect("release", release)


def _form(
    request: Asked, title: str, wrong: Wrong, sent: Sent | None, **told: Any
) -> HttpResponseBase:
    """Shown again with all that was typed, and with what speaks against it."""
    return page(
        request,
        "promise.html",
        title,
        wrong=wrong,
        sent=None if wrong else sent,
        typed=request.POST or request.GET,
        **{"row": None, "all_series": (), "own": False, **told},
    )


urls: list[URLPattern] = [
    path("calendar/new", new, name="promise"),
    path("calendar/date/<path:release>", other_date, name="other-date"),
]
