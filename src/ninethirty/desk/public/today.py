"""Pages about the present: today, status, and what changed last."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import LATE, LATEST, Edition, Listing, Site, State, midnight
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.public.beside import (
    beside_listing,
    beside_releases,
    feed_links,
    listing_links,
)
from ninethirty.desk.public.frame import page
from ninethirty.desk.public.listed import rows, what_happened
from ninethirty.desk.public.page import Page, changes
from ninethirty.desk.public.told import day, moment, promised

FEW = 10
_DAYS = 12
"""Days for which midnights are known: more than any horizon."""


def page_of_today(site: Site, near: Listing) -> Page:
    def files(at: Instant) -> Any:
        told = near.as_of(at)
        here = at_local(at, site.zone).date()
        on_day = [one for one in told if _is_on(site, one, at)]
        to_come = [
            one
            for one in _by_t(told)
            if (one.promise.opens or at) > at and one.state(at) in (State.CONFIRMED, State.DUE)
        ]
        shown = page(
            "list.html",
            site,
            "/",
            "Statistics today",
            heading=day(here),
            as_of=moment(at, site.zone),
            late=late_lines(site, told, at),
            next=_next(site, to_come),
            parts=[
                {
                    "title": "Today",
                    "rows": rows(site, _by_t(on_day), at, one_day=True),
                    "none": "Nothing is promised for today.",
                },
                {
                    "title": "Coming next",
                    "rows": rows(site, [o for o in to_come if o not in on_day][:FEW], at),
                    "none": "No exact date is promised yet.",
                },
                {
                    "title": "Published last",
                    "rows": rows(site, _published(told)[:FEW], at),
                    "none": "Nothing has been published yet.",
                },
            ],
            links=listing_links("/"),
            feeds=feed_links("/"),
        )
        return {"/": shown, **beside_listing(site, near, at)}

    return Page("site/today", _instants(site, near), files)


def page_of_status(site: Site, near: Listing) -> Page:
    def files(at: Instant) -> Any:
        told = near.as_of(at)
        late = [one for one in told if one.state(at) in LATE]
        return {
            "/status": page(
                "list.html",
                site,
                "/status",
                "Status",
                as_of=moment(at, site.zone),
                late=late_lines(site, told, at),
                lead=[] if late else ["Everything promised up to now is published."],
                parts=[
                    {
                        "title": "Late",
                        "rows": rows(site, _by_t(late), at),
                        "none": "Nothing is late.",
                    },
                    {
                        "title": "Published last",
                        "rows": rows(site, _published(told)[:FEW], at),
                        "none": "Nothing has been published yet.",
                    },
                ],
            ),
            **beside_releases(site, "Status", "/status", [*late, *_published(told)[:FEW]], at),
        }

    return Page("site/status", _instants(site, near), files)


def page_of_changes(site: Site, near: Listing) -> Page:
    def files(at: Instant) -> Any:
        told = [one for one in near.as_of(at) if what_happened(site, one, at)]
        told.sort(key=lambda one: (one.changed(), one.id), reverse=True)
        return {
            "/changes": page(
                "list.html",
                site,
                "/changes",
                "Changed dates",
                as_of=moment(at, site.zone),
                lead=["What was moved, cancelled, held, corrected or late, the latest first."],
                parts=[
                    {
                        "title": "Latest",
                        "rows": rows(site, told[:LATEST], at),
                        "none": "Nothing has been changed.",
                    }
                ],
            ),
            **beside_releases(site, "Changed dates", "/changes", told[:LATEST], at),
        }

    return Page("site/changes", _instants(site, near), files)


def late_lines(site: Site, told: Iterable[Edition], at: Instant) -> list[dict[str, str]]:
    """For the banner."""
    return [
        {
            "href": edition.path,
            "title": edition.title,
            "words": what_happened(site, edition, at)
            or f"Was to be published at {promised(edition.promise.when, site.zone)}.",
        }
        for edition in told
        if edition.state(at) in LATE
    ]


def _next(site: Site, to_come: list[Edition]) -> dict[str, Any] | None:
    if not to_come:
        return None
    first = to_come[0]
    others = sum(one.promise.opens == first.promise.opens for one in to_come) - 1
    more = f", with {others} other{'' if others == 1 else 's'}" if others else ""
    return {
        "heading": "Next release",
        "href": first.path,
        "title": first.title,
        "opens": first.promise.opens,
        "words": f"At {promised(first.promise.when, site.zone)}{more}",
    }


def _is_on(site: Site, edition: Edition, at: Instant) -> bool:
    """Is it promised for, or did it come out on, the day of that instant?"""
    opens = edition.version.opens if edition.version else edition.promise.opens
    if opens is None or isinstance(edition.promise.when, Provisional):
        return False
    return at_local(opens, site.zone).date() == at_local(at, site.zone).date()


def _by_t(told: Iterable[Edition]) -> list[Edition]:
    exact = [(one.promise.opens, one.title, one) for one in told if one.promise.opens]
    return [one for *_, one in sorted(exact, key=lambda row: row[:2])]


def _published(told: Iterable[Edition]) -> list[Edition]:
    public = [(one.version.opens, one.title, one) for one in told if one.version]
    return [one for *_, one in sorted(public, key=lambda row: row[:2], reverse=True)]


def _instants(site: Site, near: Listing) -> tuple[Instant, ...]:
    first = at_local(site.as_of, site.zone).date()
    nights = (midnight(first + timedelta(days=n), site.zone) for n in range(_DAYS))
    return changes([*nights, *near.changes])
