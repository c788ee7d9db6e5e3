"""Work out how promises were kept, and put the pages that tell it in force."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from operator import attrgetter

from ninethirty.core.punctuality import Figures, Kept
from ninethirty.core.tally import Account, Measure, account, figures, grouped, surely_within
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.actions.keep_punctuality import keep_punctuality
from ninethirty.desk.actions.put_pages import put_pages
from ninethirty.desk.actions.read_site import frame_of
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.punctuality import (
    LATE_AFTER,
    LISTED,
    YEAR,
    Told,
    front_pages,
    group_pages,
)
from ninethirty.desk.public.register import slug
from ninethirty.desk.record.kept import day_of, kept_as, measures_between
from ninethirty.desk.record.models import Breach, PublishedPeriod
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.show import Armed

DIMENSIONS = PRODUCER, SERIES, PLATFORM = "producer", "series", "platform"
_IN_TIME = attrgetter("promised", "id")


def show_punctuality(now: Instant, *, whole: bool = False) -> Armed | None:
    """The front page, and those of whom something new is known; with `whole`, of everybody. None:
    there is nothing new. How each series did is told by the page of its producer.

    A page tells up to which day it is; one that nothing was added to stays as it was.
    """
    new = keep_punctuality()
    if not new and not whole:
        return None
    site, last = frame_of(now), at_local(now, setup().promises.usual.zone).date()
    rows = measures_between(last - YEAR + timedelta(days=1), last, setup().promises.usual.zone)
    groups = {dimension: _groups(rows, dimension) for dimension in DIMENSIONS}
    lists = {name: _figures(groups[name], name) for name in (PRODUCER, PLATFORM)}
    year = _account(rows)
    missed = [row for row in rows if not surely_within(row, LATE_AFTER)]
    pages: dict[str, dict[str, Shown]] = {
        "site/punctuality": front_pages(site, _told(year, missed, LISTED, last), lists)
    }
    for dimension, found in groups.items():
        touched = {slug(_name(one, dimension)) for one in new}
        for name, some in found.items():
            if whole or name in touched:
                # A series has few, so machines get them all; the others lead to their series.
                its = _account(some) if len(some) < len(rows) else year
                most = len(some) if dimension == SERIES else LISTED
                series = _figures(_groups(some, SERIES), SERIES) if dimension == PRODUCER else []
                pages[f"punctuality/{dimension}/{name}"] = group_pages(
                    site,
                    _told(its, some, most, last),
                    dimension,
                    _name(some[0], dimension),
                    {SERIES: series},
                )
    return put_pages(pages, now)


def _groups(rows: Sequence[Measure], dimension: str) -> dict[str, list[Measure]]:
    """By the last part of the address, so that names which share one share a page."""
    found: dict[str, list[Measure]] = {}
    for some in grouped(rows, attrgetter(dimension)).values():
        part = slug(_name(some[0], dimension))
        found[part] = sorted(found[part] + some, key=_IN_TIME) if part in found else some
    return dict(sorted(found.items()))


def _figures(groups: Mapping[str, Sequence[Measure]], dimension: str) -> list[tuple[str, Figures]]:
    return [(_name(some[0], dimension), figures(some)) for some in groups.values()]


def _name(one: Kept | Measure, dimension: str) -> str:
    return getattr(one, dimension) or "not said"


def _account(rows: Sequence[Measure]) -> Account:
    return account(rows, partial(day_of, zone=setup().promises.usual.zone), LATE_AFTER)


def _told(found: Account, listed: Sequence[Measure], most: int, last: date) -> Told:
    """Of those listed the latest, and no more than so many."""
    latest = [row.id for row in listed[-most:]]
    kept = _public(kept_as({*found.worst.values(), *latest}))
    worst = {day: kept[id] for day, id in found.worst.items()}
    return Told(
        account=found,
        worst=worst,
        listed=[kept[id] for id in latest],
        listed_of=len(listed),
        causes={one.cause: one.cause.replace("_", " ") for one in kept.values()},
        periods=tuple(PublishedPeriod.objects.order_by("path").values_list("path", "title")),
        last=last,
    )


def _public(kept: dict[int, Kept]) -> dict[int, Kept]:
    """With references of those breach reports alone that are in the register."""
    named = {one.reference for one in kept.values() if one.reference}
    there = set(
        Breach.objects.filter(public_version__gt=0, reference__in=named).values_list(
            "reference", flat=True
        )
    )
    return {
        id: one if one.reference in there else replace(one, reference="")
        for id, one in kept.items()
    }
