"""Confirm a list, for this release and its time alone; its public page is sealed with it."""

from ninethirty.core.access import Tier, check_may, check_within, remarks
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.access.act import (
    acting,
    ceiling_of,
    days_off_of,
    note,
    standing_entries,
    subject_of,
    window_of,
)
from ninethirty.desk.actions.read_site import frame_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.public.access_list import Line, access_page
from ninethirty.desk.public.build import render
from ninethirty.desk.public.site import page_of_assets
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import AccessEntry, Message, Release
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.show import arm

CHANGING = (
    Kind.ACCESS_ADDED,
    Kind.ACCESS_CHANGED,
    Kind.ACCESS_EXTENDED,
    Kind.ACCESS_EXPIRED,
    Kind.ACCESS_REVOKED,
)
"""Facts after which a list is another list."""


def last_change(release: str) -> int:
    """Number of the fact by which the list became what it is; 0 of one that was never written."""
    changes = facts_of(subject_of(release), kinds=CHANGING)
    return changes[-1].n if changes else 0


def confirm_list(release: str, *, read: int, by: str) -> Fact:
    """read: `last_change` of the list that this person has read.

    Raises:
        NotAllowed: not the head of profession, entries that they wrote themselves, a list that was
        changed while they read it, or an entry longer than the ceiling is by now.
    """
    with acting(release, Kind.ACCESS_CONFIRMED, by) as row:
        if read != last_change(release):
            raise NotAllowed(
                f"{release}: the list was changed while you read it; read it again, then confirm it"
            )
        entries = standing_entries(release)
        writers = {one.written_by for one in entries if one.confirmed != row.opens}
        check_may(Kind.ACCESS_CONFIRMED, role_on(release, by), by, writers)
        opens = WallTime.parse(row.opens)
        for one in entries:
            if one.reason is None and one.tier != Tier.OPERATIONAL:
                check_within(window_of(one, row), opens, ceiling_of(row), days_off_of(row))
        ids = [one.id for one in entries]
        AccessEntry.objects.filter(id__in=ids).update(confirmed=row.opens)
        fact = note(release, Kind.ACCESS_CONFIRMED, by, entries=ids, opens=row.opens, read=read)
    seal_public_list(row, by=by)
    return fact


def seal_public_list(release: Release, *, by: str) -> Fact:
    """Job titles and organisations, no names; sealed now, public at the time of the release."""
    now = setup().clock().now()
    entries = [one for one in standing_entries(release.id) if one.confirmed == release.opens]
    lines = [
        Line(one.job, one.organisation, one.tier, one.purpose, one.begins, _why(one))
        for one in entries
    ]
    opens = WallTime.parse(release.opens).resolve()
    page = access_page(frame_of(now), release.id, release.path, release.title, lines, opens)
    arm(setup().shelf(), [render(one, now) for one in (page_of_assets(), page)], now)
    ids = [one.id for one in entries]
    return note(release.id, Kind.ACCESS_PUBLISHED, by, entries=ids, opens=release.opens)


def remarks_on(entry: AccessEntry, release: Release) -> list[str]:
    """What somebody should know of its window before they confirm it."""
    opens = WallTime.parse(release.opens)
    return remarks(window_of(entry, release), opens, days_off_of(release))


def _why(entry: AccessEntry) -> str:
    if entry.reason is None:
        return ""
    return Message.objects.filter(id=entry.reason).values_list("text", flat=True).first() or ""
