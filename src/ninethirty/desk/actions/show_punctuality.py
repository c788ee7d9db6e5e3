"""Work out how promises were kept, and put the pages that tell it in force."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from ninethirty.core.punctuality import Kept
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.actions.keep_punctuality import keep_punctuality
from ninethirty.desk.actions.put_pages import put_pages
from ninethirty.desk.actions.read_site import frame_of
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.punctuality import (
    DIMENSIONS,
    YEAR,
    Told,
    by_group,
    front_pages,
    group_pages,
)
from ninethirty.desk.record.kept import kept_between
from ninethirty.desk.record.models import Breach, PublishedPeriod
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.show import Armed


def show_punctuality(now: Instant, *, whole: bool = False) -> Armed | None:
    """The front page, and those of whom something new is known; with `whole`, of everybody. None:
    there is nothing new.

    A page tells up to which day it is; one that nothing was added to stays as it was.
    """
    new = keep_punctuality()
    if not new and not whole:
        return None
    site, zone = frame_of(now), setup().promises.usual.zone
    last = at_local(now, zone).date()
    kept = _public(kept_between(last - YEAR + timedelta(days=1), last, zone))
    causes = {one.cause: one.cause.replace("_", " ") for one in kept}
    periods = tuple(PublishedPeriod.objects.order_by("path").values_list("path", "title"))
    told = Told(kept, causes, periods, last)
    pages: dict[str, dict[str, Shown]] = {"site/punctuality": front_pages(site, told)}
    for dimension in DIMENSIONS:
        touched = by_group(new, dimension)
        for name, some in by_group(kept, dimension).items():
            if whole or name in touched:
                its = group_pages(site, replace(told, kept=some), dimension)
                pages[f"punctuality/{dimension}/{name}"] = its
    return put_pages(pages, now)


def _public(kept: Iterable[Kept]) -> list[Kept]:
    """With references of those breach reports alone that are in the register."""
    there = set(Breach.objects.filter(public_version__gt=0).values_list("reference", flat=True))
    return [one if one.reference in there else replace(one, reference="") for one in kept]
