"""Propose dates for the editions of a series that are not announced yet."""

from datetime import date, timedelta

from ninethirty.core.announcement import Rhythm, editions_until
from ninethirty.core.errors import NotAllowed
from ninethirty.core.release import Stage
from ninethirty.core.times import WallTime, at_local
from ninethirty.desk.actions.rules import rules_of
from ninethirty.desk.outside.calendars.days_off import days_off
from ninethirty.desk.record.models import Release, Series
from ninethirty.desk.setup import setup

AHEAD = timedelta(days=366)
"""The Code asks for a calendar of twelve months."""


def propose(series: str) -> list[WallTime]:
    """Dates that the rhythm of the series leads to after its last edition, twelve months ahead.

    Raises NotAllowed: no such series, none of its editions has an exact date, or no rhythm.
    """
    row = Series.objects.filter(id=series).first()
    if row is None:
        raise NotAllowed(f"{series}: there is no such series")
    if not row.rhythm:
        raise NotAllowed(f"{series}: nothing is said of how often it comes out")
    last = _last(series)
    if last is None:
        raise NotAllowed(f"{series}: no edition has an exact date to reckon from")
    rules = rules_of(series)
    off = days_off(rules.places, rules.closures)
    today = at_local(setup().clock().now(), rules.usual.zone).date()
    until: date = today + AHEAD
    return [
        proposed
        for proposed in editions_until(last, Rhythm(row.rhythm), rules.usual, off, until)
        if proposed.local.date() >= today
    ]


def _last(series: str) -> WallTime | None:
    rows = Release.objects.filter(series=series, replaces="", unscheduled=False)
    dated = rows.exclude(opens="").exclude(stage=Stage.CANCELLED)
    promises = [WallTime.parse(opens) for opens in dated.values_list("opens", flat=True)]
    return max(promises, key=lambda promise: promise.local, default=None)
