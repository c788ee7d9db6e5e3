"""Audit: every fact, sought and handed out, and whether its chains hold."""

import threading
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from ninethirty.core.document import canonical
from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Kind
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.check_record import MAY, RECORD, check_record
from ninethirty.desk.pages.console.frame import page, words
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.pages.console.who import breaches_of, releases_of
from ninethirty.desk.record.audit import (
    Place,
    Recorded,
    Sought,
    csv_lines,
    json_lines,
    newest,
    oldest,
)
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.setup import setup

SHOWN = 50
FORMS = {
    "csv": (csv_lines, "text/csv; charset=utf-8"),
    "jsonl": (json_lines, "application/jsonl; charset=utf-8"),
}
_ASKED = ("subject", "kind", "actor", "since", "until")

_under_way = threading.Lock()
"""One check of this process at a time: it reads the whole record."""

log = structlog.get_logger()


def _sought(request: Asked) -> Sought:
    """Raises Malformed."""
    asked = {name: request.GET.get(name, "").strip() for name in _ASKED}
    if "\0" in "".join(asked.values()):
        raise Malformed(_("A search holds no such signs; write it again."))
    if asked["kind"] and asked["kind"] not in set(Kind):
        raise Malformed(_("There is no such kind of fact; choose one of the list."))
    return Sought(
        releases_of(request.person),
        breaches_of(request.person),
        asked["subject"],
        asked["kind"],
        asked["actor"],
        _midnight(asked["since"]),
        _midnight(asked["until"], timedelta(days=1)),
    )


def _midnight(day: str, more: timedelta = timedelta()) -> Instant | None:
    """At which the day begins where the producer is. Raises Malformed, TimeError."""
    if not day:
        return None
    try:
        on = date.fromisoformat(day) + more
    except (ValueError, OverflowError) as wrong:
        raise Malformed(_("Write a day as 2026-12-01.")) from wrong
    return WallTime(datetime.combine(on, time()), setup().promises.usual.zone).resolve()


@console(*MAY)
def audit(request: Asked) -> HttpResponseBase:
    facts: list[Recorded] = []
    with said() as wrong:
        before = request.GET.get("before", "")
        facts = newest(_sought(request), Place.read(before) if before else None, SHOWN + 1)
    shown = facts[:SHOWN]
    asked = {name: request.GET.get(name, "") for name in _ASKED}
    query = {name: value for name, value in asked.items() if value}
    checks = facts_of(RECORD, kinds=[Kind.RECORD_CHECKED])
    return page(
        request,
        "audit.html",
        _("Audit"),
        wrong=wrong,
        facts=[(one.fact, words(one.fact), canonical(one.fact.details).decode()) for one in shown],
        older=urlencode({**query, "before": shown[-1].place.text()}) if len(facts) > SHOWN else "",
        query=urlencode(query),
        asked=asked,
        kinds=sorted((str(kind), kind.says) for kind in Kind),
        last=checks[-1] if checks else None,
        under_way=_under_way.locked(),
    )


@console(*MAY)
def export(request: Asked, form: str) -> HttpResponseBase:
    """All that the search finds, streamed; the oldest first, as it was chained."""
    write, kind = FORMS[form]
    facts = oldest(_sought(request))
    return StreamingHttpResponse(
        write(facts, drill=setup().drill is not None),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="facts.{form}"'},
    )


@console(*MAY)
def check(request: Asked) -> HttpResponseBase:
    """In a thread of its own: a long record takes longer than anybody waits for a page."""
    if request.method == "POST":
        if _under_way.acquire(blocking=False):
            threading.Thread(target=_check, args=(request.person.id,), name="check").start()
        messages.success(request, _("Every chain is being recomputed; look again in a while."))
    return redirect("audit")


def _check(by: str) -> None:
    try:
        check_record(by=by)
    except Exception as wrong:  # nobody else hears of it
        log.error("audit.not_checked", why=repr(wrong), exc_info=wrong)
    finally:
        connection.close()
        _under_way.release()


urls: list[URLPattern] = [
    path("audit", audit, name="audit"),
    path("audit/check", check, name="audit-check"),
    *(path(f"audit/facts.{form}", export, {"form": form}, name=f"audit-{form}") for form in FORMS),
]
