"""Render the public site and put it in force: what a change touches, or all that time has changed.

Only where the gate is the producer's site: desk.toml says `public_site = true`.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Q

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.rolling import HORIZON, SUBJECT, is_due, is_short
from ninethirty.core.seal import Manifest
from ninethirty.core.site import File, Site
from ninethirty.core.times import Instant
from ninethirty.desk.actions.access.act import release_in
from ninethirty.desk.actions.read_site import site_of
from ninethirty.desk.actions.reports.show import show_whole
from ninethirty.desk.actions.show_punctuality import show_punctuality
from ninethirty.desk.public.build import Rendered, render, render_all
from ninethirty.desk.public.release import version_of
from ninethirty.desk.public.site import pages, pages_listing, pages_shared, pages_showing
from ninethirty.desk.record.facts import append, facts_of
from ninethirty.desk.record.models import FactRow, Head, Release
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.show import Armed, arm

SHOWN = (
    Kind.PROVISIONAL,
    Kind.ANNOUNCED,
    Kind.RESCHEDULED,
    Kind.RENAMED,
    Kind.ARMED,
    Kind.HELD,
    Kind.CANCELLED,
    Kind.REPLACED,
    Kind.LATE,
    Kind.RECOVERED,
    Kind.ACCESS_PUBLISHED,
)
"""What happened to a release that its pages tell."""

STANDING = (Kind.PRODUCER_ADDED, Kind.SERIES_ADDED, Kind.IMPORTED)
"""What changes the site itself."""

_RECENT = 200
"""Numbers that are missing among so many before the newest fact are looked for again: on PostgreSQL
one with a smaller number may be committed later."""


class Seen(NamedTuple):
    """newest: number of the newest fact. missing: numbers before it that may come yet."""

    newest: int
    missing: list[int]


def read(now: Instant, around: Collection[str] | None = None) -> Site:
    """What the site knows, with what is inside of bundles as their pages show it."""
    return site_of(now, around, content=_content)


def show_all(*, by: str, processes: int = 1) -> Armed:
    """Every page. The register changes when a report does, and punctuality when something was
    seen; they are there from the first."""
    now = setup().clock().now()
    seen = _seen()
    show_whole(now)
    show_punctuality(now, whole=True)
    made = list(render_all(read(now), pages, now, processes))
    return _arm(made, now, seen, until=now + HORIZON, by=by)


def roll(*, by: str) -> Armed | None:
    """To be asked every second or so: what news and time have changed; None if nothing was due."""
    now = setup().clock().now()
    last = latest()
    if last is None:
        return show_all(by=by)
    until, seen = Instant.parse(last.details["until"]), _seen()
    news = _news(last.details["seen"], last.details.get("missing", []))
    by_time = is_due(until, now, news=False)
    if not news and not by_time:
        return None
    touched = _first({subject for subject, _ in news})
    standing = any(kind in STANDING for _, kind in news)
    site = read(now, None if by_time or standing else touched)
    found = {page.name: page for page in pages_showing(site, touched)}
    if standing:
        found |= {page.name: page for page in pages_listing(site)}
    if by_time:
        found |= {
            page.name: page for page in pages_shared(site) if page.to_come(now, now + HORIZON)
        }
    made = [render(page, now) for page in found.values()]
    return _arm(made, now, seen, until=now + HORIZON if by_time else until, by=by)


def latest() -> Fact | None:
    """What was shown last. Its details say until when shared pages are rendered, the number of the
    newest fact that they know, and which numbers before it were missing."""
    head = Head.objects.filter(subject=SUBJECT).first()
    found = facts_of(SUBJECT, after=head.n - 1) if head else []
    return found[-1] if found else None


def is_running_out() -> bool:
    """Must a person know that nobody rolls the pages forward?"""
    last = latest()
    until = Instant.parse(last.details["until"]) if last else None
    return is_short(until, setup().clock().now())


def _arm(made: list[Rendered], now: Instant, seen: Seen, *, until: Instant, by: str) -> Armed:
    shelf = setup().shelf()
    with shelf.alone("site"):
        armed = arm(shelf, made, now)
    details = {
        "until": until.text(),
        "seen": seen.newest,
        "missing": seen.missing,
        "rendered": armed.rendered,
        "changed": armed.changed,
        "documents": armed.documents,
    }
    append(SUBJECT, Kind.SITE_SHOWN, at=now, recorded=now, actor=by, details=details)
    return armed


def _seen() -> Seen:
    ids = list(FactRow.objects.order_by("-id").values_list("id", flat=True)[:_RECENT])
    if not ids:
        return Seen(0, [])
    return Seen(ids[0], sorted(set(range(ids[-1], ids[0])) - set(ids)))


def _news(newest: int, missing: list[int]) -> list[tuple[str, Kind]]:
    """Subjects and kinds of what happened since that pages tell."""
    told = FactRow.objects.filter(kind__in=[str(kind) for kind in (*SHOWN, *STANDING)])
    rows = told.filter(Q(id__gt=newest) | Q(id__in=missing)).values_list("subject", "kind")
    return [(release_in(subject), Kind(kind)) for subject, kind in rows]  # type: ignore[call-arg]


def _first(subjects: Collection[str]) -> set[str]:
    """The releases whose pages tell what happened to these: a correction is told on the page of
    what it corrects."""
    rows = Release.objects.filter(id__in=subjects).values_list("id", "replaces")
    return {replaces or id for id, replaces in rows}


def _content(manifest: Manifest) -> tuple[str, tuple[File, ...]]:
    made = version_of(manifest, "", setup().shelf().read)
    return made.body, made.files
