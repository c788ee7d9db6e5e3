"""The calendar: what comes next, its years, months and days."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import NEXT, Edition, Listing, Month, Site, State, midnight
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.public.beside import (
    ICS,
    beside_listing,
    beside_names,
    beside_releases,
    listing_links,
)
from ninethirty.desk.public.frame import link, page
from ninethirty.desk.public.ics import ics
from ninethirty.desk.public.listed import rows
from ninethirty.desk.public.page import Page, Shown, changes
from ninethirty.desk.public.today import late_lines
from ninethirty.desk.public.told import day, moment

MOST = 150
"""Releases that a page of a month shows; of more it counts those of each day."""

ALL = "/calendar/all.ics"
_MONTH = timedelta(days=31)
_NOTHING = "Nothing is promised for this month."
_MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]


def page_of_calendar(site: Site, near: Listing) -> Page:
    years = sorted({year for year, _ in site.counts_by_month}, reverse=True)

    def files(at: Instant) -> Any:
        told = near.as_of(at)
        to_come = [
            one
            for one in told
            if one.promise.opens
            and one.promise.opens > at
            and one.state(at) in (State.CONFIRMED, State.DUE)
        ]
        to_come.sort(key=lambda one: (one.promise.opens, one.title))
        filters = [
            {"href": "/producers", "text": "By producer", "more": ""},
            {"href": "/a-to-z", "text": "By series, A to Z", "more": ""},
            {"href": "/changes", "text": "Changed and cancelled dates", "more": ""},
            {"href": "/search", "text": "By words, producer and dates together", "more": ""},
        ]
        return {
            "/calendar": page(
                "list.html",
                site,
                "/calendar",
                "Release calendar",
                as_of=moment(at, site.zone),
                late=late_lines(site, told, at),
                parts=[
                    *_by_day(site, to_come[:NEXT], at, "No exact date is promised yet."),
                    *(_year_part(site, year) for year in years),
                    {"title": "Other ways to look", "links": filters},
                ],
                links=[
                    *listing_links("/calendar"),
                    link(ALL, "calendar of every date to come"),
                ],
            ),
            **beside_listing(site, Listing("Release calendar", "/calendar", tuple(to_come)), at),
        }

    return Page("site/calendar", near.changes, files)


def page_of_all_dates(site: Site) -> Page:
    """For calendars: every date to come, and those of the month before, so that one moved or given
    up is learnt of. Made of the whole site, so anew when pages are rolled forward and not at each
    change; what is near is in the site's own calendar at once."""
    today = at_local(site.as_of, site.zone).date()
    editions = tuple(
        edition
        for edition in site.editions.values()
        if any(promise.day > today - _MONTH for promise in edition.promises)
    )
    listing = Listing("Every date to come (made anew twice a day)", "/calendar", editions)
    # Nothing in it turns at an instant; with a day ahead it is made whenever pages are rolled.
    tomorrow = midnight(today + timedelta(days=1), site.zone)
    return Page(
        "site/calendar/all", (tomorrow,), lambda at: {ALL: Shown(ics(site, listing, at), ICS)}
    )


def page_of_year(site: Site, year: int) -> Page:
    """Counts only, so it changes when something is announced and not with time."""
    path = f"/calendar/{year}"
    known = sorted(month for month in site.counts_by_month if month[0] == year)
    months = [(path_of(month), name_of(month)) for month in known]

    def files(at: Instant) -> Any:
        return {
            path: page(
                "list.html",
                site,
                path,
                f"Release calendar {year}",
                crumbs=[link("/calendar", "Calendar")],
                turn=_turn(site, [(y, f"/calendar/{y}", str(y)) for y in _years(site)], year),
                parts=[_year_part(site, year)],
            ),
            **beside_names(site, f"Release calendar {year}", path, months),
        }

    return Page(f"site/calendar/{year}", (), files)


def page_of_month(site: Site, month: Month) -> Page:
    path, name = path_of(month), name_of(month)
    listing = Listing(f"Releases in {name}", path, site.by_month.get(month, ()))
    year, many = month[0], len(listing.editions) > MOST
    said = (p.since for edition in listing.editions for p in edition.promises)

    def files(at: Instant) -> Any:
        everything = listing.as_of(at)
        told = [one for one in everything if _is_in(one, month)]
        away = [one for one in everything if not _is_in(one, month)]
        known = sorted(site.counts_by_month)
        parts = [_counted(told)] if many else _by_day(site, told, at, _NOTHING)
        if away and not many:
            parts.append({"title": "Moved to another month", "rows": rows(site, away, at)})
        return {
            path: page(
                "list.html",
                site,
                path,
                listing.title,
                heading=name,
                as_of=moment(at, site.zone),
                late=[] if many else late_lines(site, told, at),
                crumbs=[link("/calendar", "Calendar"), link(f"/calendar/{year}", str(year))],
                turn=_turn(site, [(m, path_of(m), name_of(m)) for m in known], month),
                parts=parts,
                links=[] if many else listing_links(path),
            ),
            **({} if many else beside_listing(site, listing, at)),
        }

    # Counts do not change when a release opens.
    return Page(f"site{path}", changes(said) if many else listing.changes, files)


def page_of_day(site: Site, on: date) -> Page:
    month = (on.year, on.month)
    path = f"{path_of(month)}/{on.day:02}"
    of_month = site.by_month.get(month, ())
    listing = Listing(
        f"Releases on {day(on)}",
        path,
        tuple(one for one in of_month if any(p.day == on for p in one.promises)),
    )

    def files(at: Instant) -> Any:
        everything = listing.as_of(at)
        told = [one for one in everything if _is_on(one, on)]
        away = [one for one in everything if not _is_on(one, on)]
        parts: list[dict[str, Any]] = [
            {
                "title": "Releases",
                "rows": rows(site, told, at, one_day=True),
                "none": "Nothing is promised for this day.",
            }
        ]
        if away:
            parts.append({"title": "Moved to another day", "rows": rows(site, away, at)})
        return {
            path: page(
                "list.html",
                site,
                path,
                listing.title,
                heading=day(on),
                as_of=moment(at, site.zone),
                late=late_lines(site, told, at),
                crumbs=[
                    link("/calendar", "Calendar"),
                    link(f"/calendar/{on.year}", str(on.year)),
                    link(path_of(month), name_of(month)),
                ],
                parts=parts,
            ),
            **beside_releases(site, listing.title, path, told, at),
        }

    return Page(f"site{path}", listing.changes, files)


def days_of(editions: Iterable[Edition]) -> set[date]:
    """Days that have a page: those for which an exact date is, or once was, promised."""
    return {
        promise.day
        for edition in editions
        for promise in edition.promises
        if not isinstance(promise.when, Provisional)
    }


def path_of(month: Month) -> str:
    return f"/calendar/{month[0]}/{month[1]:02}"


def name_of(month: Month) -> str:
    return f"{_MONTHS[month[1] - 1]} {month[0]}"


def _by_day(site: Site, told: Iterable[Edition], at: Instant, none: str) -> list[dict[str, Any]]:
    exact = [one for one in told if not isinstance(one.promise.when, Provisional)]
    parts: list[dict[str, Any]] = [
        {
            "title": day(on),
            "href": f"{path_of((on.year, on.month))}/{on.day:02}",
            "rows": rows(site, editions, at, one_day=True),
        }
        for on, editions in groupby(exact, key=lambda one: one.promise.day)
    ]
    vague = [one for one in told if isinstance(one.promise.when, Provisional)]
    if vague:
        parts.append({"title": "The day is to be confirmed", "rows": rows(site, vague, at)})
    return parts or [{"title": "Releases", "none": none}]


def _counted(told: Iterable[Edition]) -> dict[str, Any]:
    counted = [(on, len(list(same))) for on, same in groupby(told, key=lambda o: o.promise.day)]
    return {
        "title": "Releases of each day",
        "months": [
            {
                "href": f"{path_of((on.year, on.month))}/{on.day:02}",
                "text": f"{on:%A} {on.day}",
                "more": _count(count),
            }
            for on, count in counted
        ],
    }


def _year_part(site: Site, year: int) -> dict[str, Any]:
    counts = site.counts_by_month
    return {
        "title": str(year),
        "href": f"/calendar/{year}",
        "months": [
            {
                "href": path_of((year, month)),
                "text": _MONTHS[month - 1],
                "more": _count(counts[year, month]),
            }
            for month in range(1, 13)
            if counts.get((year, month))
        ],
    }


def _count(count: int) -> str:
    return "1 release" if count == 1 else f"{count} releases"


def _turn(site: Site, known: list[tuple[Any, str, str]], here: Any) -> dict[str, Any]:
    """To what is before and after."""
    place = next((n for n, (key, _, _) in enumerate(known) if key == here), None)
    if place is None:
        return {"label": "Other dates", "links": []}
    near = known[max(0, place - 1) : place] + known[place + 1 : place + 2]
    return {"label": "Other dates", "links": [link(href, text) for _, href, text in near]}


def _years(site: Site) -> list[int]:
    return sorted({year for year, _ in site.counts_by_month})


def _is_in(edition: Edition, month: Month) -> bool:
    return (edition.promise.day.year, edition.promise.day.month) == month


def _is_on(edition: Edition, on: date) -> bool:
    return edition.promise.day == on and not isinstance(edition.promise.when, Provisional)
