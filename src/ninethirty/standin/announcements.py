"""Announcements of statistics as GOV.UK's search and its content items tell of them.

The search gives them page by page. Some can be odd, and a page can be cut off in the middle.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from ninethirty.core.times import Clock, Instant, at_local
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.log import Writes

SEARCH, CONTENT = "/api/search.json", "/api/content"
PLACE = "/government/statistics/announcements/"
ORGANISATIONS = "/government/organisations/"
ZONE = "Europe/London"

MOST = 1500
"""Results in one page."""

_ISSUERS = (
    {"office-for-examples": "Office for Examples"},
    {"department-of-trials": "Department of Trials", "office-for-examples": "Office for Examples"},
)

Announced = dict[str, Any]
"""One result of the search."""


def announced(
    slug: str,
    title: str,
    opens: Instant,
    shown: str,
    state: str,
    issued_by: Mapping[str, str] = MappingProxyType({}),
    **more: Any,
) -> Announced:
    """shown: the date as it is told to people. issued_by: organisations, as they stand in
    addresses, and their names."""
    return {
        "title": title,
        "link": PLACE + slug,
        "description": f"About {title}.",
        "format": "statistics_announcement",
        "display_date": shown,
        "release_timestamp": opens.isoformat(),
        "public_timestamp": (opens - timedelta(days=200)).isoformat(),
        "statistics_announcement_state": state,
        "metadata": {"confirmed": state == "confirmed", "display_date": shown, **more},
        "organisations": [
            {"title": title, "slug": slug, "link": f"{ORGANISATIONS}{slug}"}
            for slug, title in issued_by.items()
        ],
    }


def example(count: int, since: Instant, seed: int) -> list[Announced]:
    """So many, over the twelve months that follow; most confirmed, some for a month, some moved,
    a few cancelled."""
    random = Random(seed)  # noqa: S311
    found = []
    for number in range(count):
        day = at_local(since + timedelta(days=1 + number * 360 // count), ZONE)
        while day.weekday() > 4:
            day += timedelta(days=1)
        local = day.replace(hour=9, minute=30, second=0, microsecond=0)
        month = f"{local:%B %Y}"
        more: dict[str, Any] = {}
        state, shown = "confirmed", shown_exactly(local)
        lot = random.random()
        if lot < 0.3:
            state, shown = "provisional", month
        elif lot < 0.4:
            more = {"previous_display_date": month, "change_note": "The source came later."}
        elif lot < 0.42:
            state, more = "cancelled", {"cancellation_reason": "The survey was not held."}
        title = f"Statistics of example {number}: {month}"
        issuer = _ISSUERS[number % len(_ISSUERS)]
        found.append(
            announced(f"example-{number}", title, Instant.of(local), shown, state, issuer, **more)
        )
    return found


def shown_exactly(local: datetime) -> str:
    """As GOV.UK writes it: 20 January 2016 9:30am."""
    hour = local.hour % 12 or 12
    return f"{local.day} {local:%B %Y} {hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


class Announcements:
    """cut: the page of the search that is cut off in the middle, counted from 0. items_only: the
    search says where they are and no more, so that each item has to be asked for."""

    def __init__(
        self,
        all: Sequence[Announced],
        clock: Clock,
        log: Writes,
        *,
        cut: int | None = None,
        items_only: bool = False,
    ) -> None:
        self.all = list(all)
        self._clock = clock
        self._log = log
        self._cut = cut
        self._items_only = items_only

    def __call__(self, request: Request) -> Reply:
        agent = request.headers.get("user-agent", "")
        self._log.write(self._clock.now(), "request", path=request.path, agent=agent)
        if request.method not in ("GET", "HEAD"):
            return Reply(405, headers={"Allow": "GET, HEAD"})
        if request.path == SEARCH:
            return self._search(request)
        for one in self.all:
            if request.path == CONTENT + one["link"]:
                return as_json(200, item(one))
        return as_json(404, {"message": "not found"})

    def _search(self, request: Request) -> Reply:
        start, count = int(request.asked("start") or 0), int(request.asked("count") or 10)
        if count > MOST:
            return as_json(422, {"error": f"Maximum result set size is {MOST}"})
        since = (request.asked("filter_release_timestamp") or "").removeprefix("from:")
        due = [one for one in self.all if one["release_timestamp"] >= since]
        results = due[start : start + count]
        if self._items_only:
            results = [{"title": one["title"], "link": one["link"]} for one in results]
        reply = as_json(200, {"results": results, "total": len(due), "start": start})
        if self._cut == start // count:
            return Reply(200, reply.body[: len(reply.body) // 2], reply.headers)
        return reply


def item(one: Announced) -> dict[str, Any]:
    """The content item of this announcement."""
    told = one["metadata"]
    details = {"display_date": told["display_date"], "state": one["statistics_announcement_state"]}
    details |= {
        theirs: told[ours]
        for ours, theirs in (
            ("previous_display_date", "previous_display_date"),
            ("change_note", "latest_change_note"),
            ("cancellation_reason", "cancellation_reason"),
        )
        if ours in told
    }
    return {
        "base_path": one["link"],
        "title": one["title"],
        "description": one["description"],
        "schema_name": "statistics_announcement",
        "document_type": "official_statistics_announcement",
        "locale": "en",
        "public_updated_at": one["public_timestamp"],
        "details": {**details, "format_sub_type": "official"},
        "links": {
            "organisations": [
                {"title": told["title"], "base_path": told["link"]} for told in one["organisations"]
            ]
        },
    }
