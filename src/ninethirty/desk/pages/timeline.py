"""The timeline of a release: plain, live, and as JSON."""

from html import escape
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from ninethirty.core import facts as core
from ninethirty.core.facts import Fact
from ninethirty.core.times import WallTime, at_local
from ninethirty.desk.pages.console.who import releases_of
from ninethirty.desk.papers import line
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup

MOST_DIGITS = 18

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
  border-bottom: 1px solid #b1b4b6; overflow-wrap: anywhere; }}
td:first-child {{ white-space: nowrap; }}
.drill {{ background: #fff7bf; padding: 0.5rem 1rem; }}
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
    row = _release(request, release)
    zone = WallTime.parse(row.opens).zone if row.opens else setup().promises.usual.zone
    newest_first = line.for_people(facts_of(release))[::-1]
    rows = "\n".join(_row(fact, zone) for fact in newest_first)
    return HttpResponse(
        _FRAME.format(
            drill='<p class="drill">A drill: none of this is real.</p>' if setup().drill else "",
            title=escape(row.title),
            opens=escape(row.opens or row.provisional),
            now=f"{at_local(setup().clock().now(), zone):%H:%M:%S}",
            rows=rows or '<tr><td colspan="2">Nothing has happened yet.</td></tr>',
        )
    )


def document(request: HttpRequest, release: str) -> HttpResponse:
    """The facts people read, after the number in `?after=`."""
    _release(request, release)
    after = request.GET.get("after", "0")
    if not after.isdecimal() or len(after) > MOST_DIGITS:
        return JsonResponse({"detail": "after: expected a number"}, status=400)
    facts: list[dict[str, Any]] = [
        core.body(fact) | {"words": line.words(fact)}
        for fact in sorted(line.for_people(facts_of(release)), key=lambda fact: fact.n)
        if fact.n > int(after)
    ]
    return JsonResponse({"facts": facts})


def _release(request: HttpRequest, release: str) -> Release:
    """On a drill it is for everybody; else only for those whose release it is."""
    seen: QuerySet[Release] = Release.objects.all()
    if setup().drill is None:
        seen = releases_of(request.user.person) if request.user.is_authenticated else seen.none()
    return get_object_or_404(seen, id=release)


def _row(fact: Fact, zone: str) -> str:
    return (
        f'<tr id="fact-{fact.n}"><td>{line.when(fact, zone)}</td>'
        f"<td>{escape(line.words(fact))}</td></tr>"
    )
