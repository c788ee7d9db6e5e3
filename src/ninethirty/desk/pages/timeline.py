"""The timeline of a release: plain, live, and as JSON."""

from collections.abc import Sequence
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from ninethirty.core import facts as core
from ninethirty.core.facts import Fact
from ninethirty.core.times import Interval, WallTime, at_local, latest
from ninethirty.desk.actions.draft_report import shown
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup

_FRAME = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>Timeline: {title}</title>
<style>
body {{ font: 1.1rem/1.4 arial, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem;
  color: #0b0c0c; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.4rem 1rem 0.4rem 0;
  border-bottom: 1px solid #b1b4b6; }}
.drill {{ background: #fff7bf; padding: 0.5rem 1rem; }}
small {{ color: #505a5f; }}
</style>
</head>
<body>
<main>
{drill}
<h1>{title}</h1>
<p>Promised for {opens}. It is now {now}. This page looks again every two seconds.</p>
<table>
<thead><tr><th scope="col">When</th><th scope="col">What happened</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""


def page(request: HttpRequest, release: str) -> HttpResponse:
    row = _release(release)
    zone = WallTime.parse(row.opens).zone
    rows = "\n".join(_row(fact, zone) for fact in _shown(release)[::-1])
    return HttpResponse(
        _FRAME.format(
            drill='<p class="drill">A drill: none of this is real.</p>' if setup().drill else "",
            title=escape(row.title),
            opens=escape(row.opens),
            now=f"{at_local(setup().clock().now(), zone):%H:%M:%S}",
            rows=rows or '<tr><td colspan="2">Nothing has happened yet.</td></tr>',
        )
    )


def document(request: HttpRequest, release: str) -> HttpResponse:
    """The facts people read, after the number in `?after=`."""
    _release(release)
    after = request.GET.get("after", "0")
    if not after.isdecimal():
        return JsonResponse({"detail": "after: expected a number"}, status=400)
    facts: list[dict[str, Any]] = [
        core.body(fact) | {"says": fact.kind.says}
        for fact in _shown(release)
        if fact.n > int(after)
    ]
    return JsonResponse({"facts": facts})


def _release(release: str) -> Release:
    try:
        return Release.objects.get(id=release)
    except Release.DoesNotExist as missing:
        raise Http404 from missing


def _shown(release: str) -> Sequence[Fact]:
    return [fact for fact in facts_of(release) if shown(fact)]


def _row(fact: Fact, zone: str) -> str:
    at = f"{at_local(latest(fact.at), zone):%H:%M:%S}"
    if isinstance(fact.at, Interval) and fact.at.after:
        at = f"after {at_local(fact.at.after, zone):%H:%M:%S}, by {at}"
    details = ", ".join(f"{name}: {value}" for name, value in fact.details.items())
    return (
        f'<tr id="fact-{fact.n}"><td>{at}</td>'
        f"<td>{escape(fact.kind.says)}<br><small>{escape(details)}</small></td></tr>"
    )
