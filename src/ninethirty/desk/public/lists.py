"""Pages of a producer and of a series, the lists that lead to them, and what is searched."""

import json
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import (
    LATEST,
    Edition,
    Listing,
    Month,
    Producer,
    Series,
    Site,
)
from ninethirty.core.times import Instant
from ninethirty.desk.public.beside import (
    beside_listing,
    beside_names,
    feed_links,
    listing_links,
)
from ninethirty.desk.public.frame import link, page
from ninethirty.desk.public.linked import series_json_ld
from ninethirty.desk.public.listed import rows
from ninethirty.desk.public.page import JSON, Page, Shown, changes
from ninethirty.desk.public.release import contact_words
from ninethirty.desk.public.today import late_lines
from ninethirty.desk.public.told import moment, promised

_OTHER = "0"
"""Where titles are that do not begin with a letter."""


def page_of_producer(site: Site, producer: Producer) -> Page:
    listing = Listing(producer.name, producer.path, site.by_producer.get(producer.id, ()))
    issued = sorted(
        (one for one in site.series.values() if one.producer == producer.id),
        key=lambda one: one.title.casefold(),
    )

    def files(at: Instant) -> Any:
        told = listing.as_of(at)
        about = []
        if producer.about:
            about.append(_row("About", producer.about))
        contact = producer.contact
        if contact.name or contact.email or contact.telephone:
            said = contact_words(contact.name, contact.email, contact.telephone)
            about.append(_row("Contact", said))
        return {
            producer.path: page(
                "list.html",
                site,
                producer.path,
                producer.name,
                as_of=moment(at, site.zone),
                late=late_lines(site, told, at),
                crumbs=[link("/producers", "Producers")],
                about=about,
                parts=[
                    *_halves(site, told, at),
                    {
                        "title": "Series",
                        "links": [{**link(s.path, s.title), "more": ""} for s in issued],
                        "none": "There is no series yet.",
                    },
                ],
                links=listing_links(producer.path),
                told_by_mail=site.mails and producer.path,
                feeds=feed_links(producer.path),
            ),
            **beside_listing(site, listing, at),
        }

    return Page(f"site{producer.path}", listing.changes, files)


def page_of_series(site: Site, series: Series) -> Page:
    producer = site.producers[series.producer]
    listing = Listing(series.title, series.path, site.by_series.get(series.id, ()))

    def files(at: Instant) -> Any:
        told = listing.as_of(at)
        about = [
            _row(key, value)
            for key, value in (
                ("About", series.about),
                ("Comes out", series.rhythm.value.capitalize() if series.rhythm else ""),
                ("Kind", series.status),
            )
            if value
        ]
        return {
            series.path: page(
                "list.html",
                site,
                series.path,
                series.title,
                caption="Series",
                as_of=moment(at, site.zone),
                late=late_lines(site, told, at),
                crumbs=[link("/producers", "Producers"), link(producer.path, producer.name)],
                about=about,
                parts=_halves(site, told, at, most=None),
                links=listing_links(series.path),
                told_by_mail=site.mails and series.path,
                feeds=feed_links(series.path),
                data=series_json_ld(site, series, told, at),
            ),
            **beside_listing(site, listing, at),
        }

    return Page(f"site{series.path}", listing.changes, files)


def page_of_producers(site: Site) -> Page:
    named = sorted(site.producers.values(), key=lambda one: one.name.casefold())

    def files(at: Instant) -> Any:
        return {
            "/producers": page(
                "list.html",
                site,
                "/producers",
                "Producers",
                parts=[
                    {
                        "title": "Who issues statistics here",
                        "links": [{**link(p.path, p.name), "more": p.about} for p in named],
                        "none": "Nobody yet.",
                    }
                ],
            ),
            **beside_names(site, "Producers", "/producers", [(p.path, p.name) for p in named]),
        }

    return Page("site/producers", (), files)


def pages_of_letters(site: Site) -> Iterable[Page]:
    """Series from A to Z: a way to find one without a script."""
    by_letter: dict[str, list[Series]] = {}
    for series in sorted(site.series.values(), key=lambda one: one.title.casefold()):
        by_letter.setdefault(letter_of(series), []).append(series)
    yield _letters(site, "/a-to-z", "", sorted(by_letter), [])
    for letter, issued in by_letter.items():
        yield _letters(site, f"/a-to-z/{letter}", letter, sorted(by_letter), issued)


def letter_of(series: Series) -> str:
    first = series.title[:1].casefold()
    return first if "a" <= first <= "z" else _OTHER


def page_of_search(site: Site) -> Page:
    producers = sorted(site.producers.values(), key=lambda one: one.name.casefold())
    shards = [search_path(month) for month in sorted(site.counts_by_month, reverse=True)]

    def files(at: Instant) -> Any:
        return {
            "/search": page(
                "search.html", site, "/search", "Search for a release", producers=producers
            ),
            "/search/index.json": _json({"shards": shards}),
        }

    return Page("site/search", (), files)


def page_of_searched(site: Site, month: Month) -> Page:
    """The releases of a month, for searching in a browser. It does not say how they stand, so that
    it changes when a date does and not at T."""
    listing = Listing("", search_path(month), site.by_month.get(month, ()))

    def files(at: Instant) -> Any:
        told = [
            one
            for one in listing.as_of(at)
            if (one.promise.day.year, one.promise.day.month) == month
        ]
        return {listing.path: _json({"releases": [_searched(site, one) for one in told]})}

    said = [promise.since for edition in listing.editions for promise in edition.promises]
    return Page(f"site{listing.path}", changes(said), files)


def search_path(month: Month) -> str:
    return f"/search/{month[0]}-{month[1]:02}.json"


def _searched(site: Site, edition: Edition) -> dict[str, str]:
    opens = edition.promise.opens
    vague = isinstance(edition.promise.when, Provisional)
    return {
        "title": edition.title,
        "path": edition.path,
        "series": site.series[edition.series].title,
        "producer": site.producer_of(edition).name,
        "when": promised(edition.promise.when, site.zone),
        "day": opens.text() if opens and not vague else str(edition.promise.day),
    }


def _json(value: Any) -> Shown:
    return Shown(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), JSON)


def _letters(
    site: Site, path: str, here: str, letters: Iterable[str], issued: Iterable[Series]
) -> Page:
    title = f"Series beginning with {_said(here)}" if here else "Series from A to Z"
    named = [(s.path, s.title) for s in issued]
    leads = named if here else [(f"/a-to-z/{one}", _said(one)) for one in letters]

    def files(at: Instant) -> Any:
        return {
            path: page(
                "list.html",
                site,
                path,
                title,
                crumbs=[link("/a-to-z", "A to Z")] if here else (),
                letters=[
                    {"href": "" if one == here else f"/a-to-z/{one}", "text": _said(one)}
                    for one in letters
                ],
                lead=() if here else ("Choose the letter that the title begins with.",),
                parts=[
                    {
                        "title": _said(here),
                        "links": [
                            {**link(s.path, s.title), "more": site.producers[s.producer].name}
                            for s in issued
                        ],
                    }
                ]
                if here
                else (),
            ),
            **beside_names(site, title, path, leads),
        }

    return Page(f"site{path}", (), files)


def _said(letter: str) -> str:
    return "0 to 9" if letter == _OTHER else letter.upper()


def _halves(
    site: Site, told: Iterable[Edition], at: Instant, most: int | None = LATEST
) -> list[dict[str, Any]]:
    """What is to come, the nearest first; and what is public, the latest first."""
    to_come = sorted(
        (one for one in told if not one.versions), key=lambda one: (one.promise.day, one.title)
    )
    public = sorted(
        (one for one in told if one.versions),
        key=lambda one: (one.versions[0].opens, one.title),
        reverse=True,
    )
    return [
        {
            "title": "To come",
            "rows": rows(site, to_come[:most], at),
            "none": "No date is promised yet.",
        },
        {
            "title": "Published",
            "rows": rows(site, public[:most], at),
            "none": "Nothing has been published yet.",
        },
    ]


def _row(key: str, value: str) -> dict[str, Any]:
    return {
        "key": {"text": key},
        "value": {"html" if isinstance(value, Markup) else "text": value},
    }
