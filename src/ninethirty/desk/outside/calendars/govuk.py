"""Announcements of statistics on GOV.UK: documents of its Content API, and results of its search.

The search tells of an announcement what its content item does, under other names; the item is asked
for where it does not.
"""

import json
import re
from calendar import month_name
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from ninethirty.core.announcement import Provisional
from ninethirty.core.errors import NinethirtyError, NotAnInstant
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.outside.calendars.found import Found, Odd, Unread

SITE = "https://www.gov.uk"
ZONE = "Europe/London"
NAME = "gov.uk"

AT_ONCE = 1000
"""Announcements asked for in one request; GOV.UK gives no more than 1,500."""

_FIELDS = (
    "title,link,description,display_date,release_timestamp,public_timestamp,"
    "statistics_announcement_state,metadata,organisations"
)

_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_EXACT = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4})(?:,? (?:at )?(\d{1,2})[:.](\d{2}) ?(am|pm)?)?")
_MONTH = re.compile(r"([a-z]+)(?: (\d{4}))?(?: to ([a-z]+))? (\d{4})")
_STATES = ("provisional", "confirmed", "cancelled")

Get = Callable[[str, Mapping[str, str]], bytes]
"""The body at an address, with this query. Raises OutsideFailed."""


def fetch(get: Get, site: str, today: date) -> Iterator[Found | Odd]:
    """All that is promised from today on, page by page; a page that cannot be read is told of, and
    the next one is asked for. Raises OutsideFailed."""
    start, total = 0, 1
    while start < total:
        query = {
            "filter_format": "statistics_announcement",
            "filter_release_timestamp": f"from:{today}",
            "order": "release_timestamp",
            "fields": _FIELDS,
            "count": str(AT_ONCE),
            "start": str(start),
        }
        where = f"{site}/api/search.json from {start}"
        try:
            page = _object(get(f"{site}/api/search.json", query))
            results, total = _results(page), page["total"]
        except Unread as wrong:
            yield Odd(where, str(wrong))
            if start == 0:
                return
            results = []
        for result in results:
            yield _whole(result, get, site)
        start += AT_ONCE


def read_file(content: bytes, name: str, site: str = SITE) -> Iterator[Found | Odd]:
    """A content item, results of a search, or a list of either."""
    try:
        told = _parsed(content)
        documents = told if isinstance(told, list) else _listed(told)
    except Unread as wrong:
        yield Odd(name, str(wrong))
        return
    for number, document in enumerate(documents, start=1):
        try:
            yield read_document(document, site)
        except (Unread, NinethirtyError) as wrong:
            yield Odd(_name(document) or f"{name}, document {number}", str(wrong))


def read_document(document: object, site: str = SITE) -> Found:
    """One content item, or one result of a search.

    Raises Unread: it is no announcement, or says not when. A TimeError: no such day.
    """
    if not isinstance(document, dict):
        raise Unread(f"expected an object, found {str(document)[:40]}")
    path = _name(document)
    if not path.startswith("/"):
        raise Unread("says not where it is: base_path, or link")
    if document.get("schema_name", "statistics_announcement") != "statistics_announcement":
        raise Unread(f"is a {document['schema_name']}, no announcement of statistics")
    details = document.get("details", document.get("metadata"))
    if not isinstance(details, dict):
        raise Unread("has neither details nor metadata")
    state = details.get("state", document.get("statistics_announcement_state"))
    if state not in _STATES:
        raise Unread(f"state: expected {', '.join(_STATES)}, found {state!r}")
    shown = details.get("display_date", document.get("display_date"))
    cancelled = state == "cancelled"
    note = "cancellation_reason" if cancelled else "latest_change_note"
    return Found(
        source=f"{NAME} {path}",
        title=_text(document, "title"),
        when=_when(shown, is_exact=state != "provisional"),
        address=f"{site}{path}",
        summary=str(document.get("description") or ""),
        version=_version(document),
        is_cancelled=cancelled,
        reason=str(details.get(note) or details.get("change_note") or ""),
        was=str(details.get("previous_display_date") or ""),
        issued_by=tuple(_organisations(document)),
    )


def read_shown(shown: str) -> WallTime | Provisional:
    """A date as GOV.UK shows it: "20 January 2016 9:30am", "January 2016", "December 2015 to
    January 2016". Raises Unread; a TimeError for a time that does not exist."""
    told = " ".join(shown.lower().split())
    if exact := _EXACT.fullmatch(told):
        return _exact(shown, *exact.groups())
    if month := _MONTH.fullmatch(told):
        return _months(shown, *month.groups())
    raise Unread(f"display_date: expected such as 20 January 2016 9:30am, found {shown[:60]!r}")


def _when(shown: object, *, is_exact: bool) -> WallTime | Provisional:
    if not isinstance(shown, str):
        raise Unread(f"display_date: expected a text, found {shown!r}")
    when = read_shown(shown)
    if isinstance(when, WallTime) and not is_exact:
        return Provisional(when.local.date(), when.local.date())
    if isinstance(when, WallTime):
        when.resolve()
    return when


def _exact(
    shown: str, day: str, month: str, year: str, hour: str | None, minute: str, half: str | None
) -> WallTime | Provisional:
    try:
        found = date(int(year), _MONTHS[month], int(day))
        if hour is None:
            return Provisional(found, found)
        hours = int(hour) if half is None else int(hour) % 12 + (12 if half == "pm" else 0)
        return WallTime(datetime.combine(found, time(hours, int(minute))), ZONE)
    except (KeyError, ValueError) as wrong:
        raise Unread(f"display_date: no such date: {shown[:60]!r}") from wrong


def _months(
    shown: str, first: str, first_year: str | None, last: str | None, year: str
) -> Provisional:
    try:
        end = Provisional.month(int(year), _MONTHS[last or first])
        turns = last is not None and _MONTHS[first] > _MONTHS[last]
        began = int(first_year) if first_year else int(year) - turns
        begin = Provisional.month(began, _MONTHS[first])
    except (KeyError, ValueError) as wrong:
        raise Unread(f"display_date: no such month: {shown[:60]!r}") from wrong
    if end.last < begin.first:
        raise Unread(f"display_date: ends before it begins: {shown[:60]!r}")
    return Provisional(begin.first, end.last)


def _whole(result: object, get: Get, site: str) -> Found | Odd:
    where = _name(result) or "a result of the search"
    try:
        if isinstance(result, dict) and not isinstance(result.get("metadata"), dict):
            result = _object(get(f"{site}/api/content{where}", {}))
        return read_document(result, site)
    except (Unread, NinethirtyError) as wrong:
        return Odd(where, str(wrong))


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise Unread(f"is no JSON, or was cut off: {wrong}") from wrong


def _object(content: bytes) -> dict[str, Any]:
    told = _parsed(content)
    if not isinstance(told, dict):
        raise Unread("expected an object")
    return told


def _results(page: dict[str, Any]) -> list[Any]:
    if not isinstance(page.get("results"), list) or type(page.get("total")) is not int:
        raise Unread("expected results and their total")
    return list(page["results"])


def _listed(told: object) -> list[Any]:
    if isinstance(told, dict) and isinstance(told.get("results"), list):
        return list(told["results"])
    return [told]


def _name(document: object) -> str:
    if not isinstance(document, dict):
        return ""
    named = document.get("base_path", document.get("link"))
    return named if isinstance(named, str) else ""


def _text(document: Mapping[str, Any], field: str) -> str:
    if not isinstance(document.get(field), str):
        raise Unread(f"{field}: expected a text, found {document.get(field)!r}")
    return str(document[field])


def _organisations(document: Mapping[str, Any]) -> Iterator[str]:
    """The last part of the address of each: the search has them beside the title, an item has them
    among its links."""
    links = document.get("links")
    told = document.get(
        "organisations", links.get("organisations") if isinstance(links, dict) else ()
    )
    for one in told if isinstance(told, list) else ():
        where = one.get("base_path", one.get("link")) if isinstance(one, dict) else None
        if isinstance(where, str) and where:
            yield where.rstrip("/").rpartition("/")[2]


def _version(document: Mapping[str, Any]) -> str:
    told = document.get("public_updated_at", document.get("public_timestamp"))
    try:
        return Instant.parse(told).text() if isinstance(told, str) else ""
    except NotAnInstant:
        return ""
