"""What was said of releases, newest first: what the entries of a feed are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import LATEST, About, Edition, Promise
from ninethirty.core.times import Instant
from ninethirty.desk.public.told import promised

_NOTICES = {
    About.LATE: "Late",
    About.RECOVERED: "No longer late",
    About.HELD: "Held back",
    About.CANCELLED: "Cancelled",
    About.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True)
class Said:
    """id: the same for ever, of this word about this release."""

    id: str
    at: Instant
    what: str
    words: str
    edition: Edition


def last_said(told: Iterable[Edition], home: str) -> list[Said]:
    """The newest LATEST of them. told: of what `as_of` left. home: the site's own zone.

    Whoever is among the last must have changed as lately, so no more releases are looked at.
    """
    near = nlargest(LATEST, told, key=lambda edition: (edition.changed(), edition.path))
    everything = [said for edition in near for said in _of(edition, home)]
    return nlargest(LATEST, everything, key=attrgetter("at", "id"))


def _of(edition: Edition, home: str) -> Iterable[Said]:
    before: Promise | None = None
    for n, promise in enumerate(edition.promises, 1):
        what, words = _promised(promise, before, home)
        yield Said(f"{edition.path}#date-{n}", promise.since, what, words, edition)
        before = promise
    for n, version in enumerate(edition.versions, 1):
        what = "Published" if n == 1 else "Corrected"
        yield Said(f"{edition.path}#version-{n}", version.opens, what, version.correction, edition)
    for n, notice in enumerate(edition.notices, 1):
        words = notice.reason
        if notice.alternate:
            words = f"{words} It can be had at {notice.alternate}".strip()
        what = _NOTICES[notice.about]
        yield Said(f"{edition.path}#notice-{n}", notice.since, what, words, edition)


def _promised(promise: Promise, before: Promise | None, home: str) -> tuple[str, str]:
    date = f"{promised(promise.when, home)}."
    if before is None:
        return "Announced", f"To be published: {date}"
    if isinstance(before.when, Provisional) and not isinstance(promise.when, Provisional):
        return "Date confirmed", f"To be published: {date} {promise.reason}".strip()
    was = promised(before.when, home)
    return "Date changed", f"To be published: {date} Was: {was}. {promise.reason}".strip()
