"""Announcements in a calendar as RFC 5545 writes it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from ninethirty.core.announcement import Provisional
from ninethirty.core.errors import NinethirtyError
from ninethirty.core.times import Instant, WallTime, at_local
from ninethirty.desk.outside.calendars.found import Found, Odd, Unread

NAME = "ics"


def read_calendar(content: bytes, name: str, zone: str) -> Iterator[Found | Odd]:
    """zone: of what is told in UTC, or in none. Of an event that is there twice the highest
    SEQUENCE counts."""
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError) as wrong:
        yield Odd(name, f"is no calendar, or was cut off: {wrong}")
        return
    newest: dict[str, Found] = {}
    for number, event in enumerate(
        (event for calendar in calendars for event in calendar.walk("VEVENT")), start=1
    ):
        uid = str(event.get("UID", ""))
        try:
            found = _read(event, uid, zone)
        except (Unread, NinethirtyError) as wrong:
            yield Odd(uid or f"{name}, event {number}", str(wrong))
            continue
        known = newest.get(uid)
        if known is None or known.version <= found.version:
            newest[uid] = found
    yield from newest.values()


def _read(event: Any, uid: str, zone: str) -> Found:
    if not uid:
        raise Unread("has no UID")
    if event.errors:
        field, said = event.errors[0]
        raise Unread(f"{field}: {said}")
    for field in ("SUMMARY", "DTSTART"):
        if field not in event or isinstance(event[field], list):
            raise Unread(f"{field}: expected one, found {len(event.get(field, ''))}")
    if "RRULE" in event:
        raise Unread("repeats; each edition is promised by itself")
    sequence = event.get("SEQUENCE", 0)
    when = _when(event, zone)
    if isinstance(when, WallTime):
        when.resolve()
    return Found(
        source=f"{NAME} {uid}",
        title=str(event["SUMMARY"]),
        when=when,
        address=str(event.get("URL", "")),
        summary=str(event.get("DESCRIPTION", "")),
        version=f"{int(sequence):010}",
        is_cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
        reason=str(event.get("COMMENT", "")),
    )


def _when(event: Any, zone: str) -> WallTime | Provisional:
    """A day or days, and what is tentative, are provisional."""
    start = event["DTSTART"].dt
    if not isinstance(start, datetime):
        end = event["DTEND"].dt if "DTEND" in event else start + timedelta(days=1)
        if isinstance(end, datetime) or not isinstance(start, date) or end <= start:
            raise Unread("DTEND: expected a day after DTSTART")
        return Provisional(start, end - timedelta(days=1))
    if str(event.get("STATUS", "")).upper() == "TENTATIVE":
        return Provisional(start.date(), start.date())
    named = event["DTSTART"].params.get("TZID", "UTC")
    if isinstance(start.tzinfo, ZoneInfo) and named != "UTC":
        return WallTime(start.replace(tzinfo=None), start.tzinfo.key)
    if named != "UTC":  # the library takes such a time to be in no zone
        raise Unread(f"DTSTART: {named!r} is no time zone that we know")
    if start.tzinfo is None:
        return WallTime(start, zone)
    return WallTime(at_local(Instant.of(start), zone).replace(tzinfo=None), zone)
