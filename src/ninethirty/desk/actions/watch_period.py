"""The days after a fix: the platform is looked at harder. Does the same kind of fault come back?"""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction

from ninethirty.core.facts import Kind
from ninethirty.core.recurrence import seen_of
from ninethirty.core.times import Instant
from ninethirty.core.watch import ANNOUNCED, read_order, write_order
from ninethirty.desk.actions.reports.watched import add_watch
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import happened, lock
from ninethirty.desk.record.models import FactRow, Release
from ninethirty.desk.record.sightings import seen_since
from ninethirty.desk.setup import setup

WATCH_FOR = timedelta(days=5)
"""After a fix. A platform's weekly job has run by then."""


def begin_watch(work: Work) -> list[Happened]:
    """Give the witnesses another order for this release, and for each that is armed and announced
    on the same platform. What is armed in the days to come is watched so from its arming on."""
    inferred = happened(work.facts, Kind.CAUSE_INFERRED)
    cause = inferred.details["cause"] if inferred else "not_known"
    until = setup().clock().now() + WATCH_FOR
    watched = [
        release.id
        for release in Release.objects.filter(closed=False).order_by("id")
        if _platform(release.announced) == _platform(work.release.announced)
        and _look_harder(release.id, until)
    ]
    details = {"cause": cause, "until": until.text(), "releases": watched}
    return [Happened(Kind.WATCH_BEGUN, None, "watch/begun", details)]


def end_watch(work: Work) -> list[Happened]:
    """Note what was seen of this release, and on which others the fault was seen again."""
    begun = happened(work.facts, Kind.WATCH_BEGUN)
    assert begun is not None
    release, cause = work.release, begun.details["cause"]
    again = FactRow.objects.filter(
        kind=str(Kind.CAUSE_INFERRED), recorded__gt=begun.recorded, details__cause=cause
    ).exclude(subject=release.id)
    order = read_order(bytes(release.order), setup().key().public)
    looks = seen_since(release.id, ANNOUNCED, begun.recorded)
    seen = seen_of(order.channel(ANNOUNCED), looks, bytes.fromhex(release.key))
    details = {
        "cause": cause,
        "again": sorted(set(again.values_list("subject", flat=True))),
        "looks": seen.looks,
        "not_right": dict(seen.not_right),
    }
    add_watch(work.release.id, details)
    return [Happened(Kind.WATCH_ENDED, None, "watch/ended", details)]


def watched_until(announced: str) -> Instant | None:
    """Until when the platform of this address is watched harder; None: it is not."""
    now = setup().clock().now()
    lately = FactRow.objects.filter(kind=str(Kind.WATCH_BEGUN), recorded__gt=now - WATCH_FOR)
    begun = dict(lately.values_list("subject", "recorded"))
    ends = [
        Instant.of(begun[id]) + WATCH_FOR
        for id, address in Release.objects.filter(id__in=begun).values_list("id", "announced")
        if _platform(address) == _platform(announced)
    ]
    return max(ends, default=None)


def _look_harder(release: str, until: Instant) -> bool:
    """Whether there is an order that says so now."""
    with transaction.atomic():
        lock([release])
        row = Release.objects.get(id=release)
        if not row.order:
            return False
        key = setup().key()
        order = read_order(bytes(row.order), key.public)
        harder = replace(order, after_fix=until, issued=setup().clock().now())
        row.order = write_order(harder, key)
        row.save(update_fields=["order"])
        return True


def _platform(address: str) -> str:
    return urlsplit(address).netloc
