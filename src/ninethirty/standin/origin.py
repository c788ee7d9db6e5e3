"""The platform's own copy: what it answers for a path at an instant, and for how long that is good.

Everything here is a function of what was uploaded and of the time; nothing is switched over at T.
"""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import quote, unquote

from ninethirty.core.times import Instant
from ninethirty.standin.pages import coming_soon, links, page

SITE = "Platform example"

OPENING_TAKES = timedelta(seconds=1)
"""From the promised instant to the real page, on a good day."""

DEFAULT_LIFETIME = timedelta(seconds=1800)
ABSENT_LIFETIME = timedelta(seconds=5)
COUNTDOWN_SHORTEST = timedelta(seconds=5)
COUNTDOWN_LONGEST = timedelta(seconds=300)

CANONICAL = "/government/statistics/"


class Served(StrEnum):
    PLACEHOLDER = "placeholder"
    RELEASE = "release"
    FILE = "file"
    ABSENT = "absent"


@dataclass(frozen=True)
class Answer:
    served: Served
    status: int
    body: bytes
    content_type: str
    lifetime: timedelta


@dataclass(frozen=True)
class Scheduled:
    """One page promised for an instant, with its files."""

    slug: str
    title: str
    opens: Instant
    body_html: str
    files: Mapping[str, bytes]
    media: str
    """Where its files are, under /media/: nobody can guess it, and it survives a new upload."""

    @property
    def path(self) -> str:
        return CANONICAL + self.slug

    def file_path(self, name: str) -> str:
        return f"/media/{self.media}/{quote(name)}"

    def file_paths(self) -> dict[str, str]:
        return {name: self.file_path(name) for name in self.files}


def media_of(slug: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}/{slug}".encode()).hexdigest()[:24]


class Origin:
    def __init__(self) -> None:
        self._pages: dict[str, Scheduled] = {}
        self._media: dict[str, Scheduled] = {}

    def put(self, scheduled: Scheduled) -> None:
        """Add it, or replace what the same slug held."""
        self._pages[scheduled.path] = scheduled
        self._media[scheduled.media] = scheduled

    def pages(self) -> tuple[Scheduled, ...]:
        return tuple(self._pages.values())

    def scheduled(self, path: str) -> Scheduled | None:
        """The page a path belongs to, its own or one of its files'."""
        if path.startswith("/media/"):
            return self._media.get(path.split("/")[2])
        return self._pages.get(path)

    def answer(self, path: str, now: Instant, *, countdown: bool) -> Answer:
        """`countdown`: is the intent to publish known, so that lifetimes shorten towards it?"""
        scheduled = self.scheduled(path)
        if scheduled is None:
            return _absent()
        is_open = now >= scheduled.opens + OPENING_TAKES
        lifetime = _lifetime(scheduled.opens, now) if countdown else DEFAULT_LIFETIME
        if path != scheduled.path:
            return _file(scheduled, path, lifetime) if is_open else _absent()
        if is_open:
            after = links(scheduled.file_paths())
            html = page(SITE, scheduled.title, scheduled.body_html, after)
            return Answer(Served.RELEASE, 200, html, "text/html; charset=utf-8", lifetime)
        html = page(SITE, scheduled.title, coming_soon(scheduled.title, scheduled.opens))
        return Answer(Served.PLACEHOLDER, 200, html, "text/html; charset=utf-8", lifetime)


def _lifetime(opens: Instant, now: Instant) -> timedelta:
    if now < opens:
        whole = timedelta(seconds=(opens - now) // timedelta(seconds=1))
        return min(max(whole, COUNTDOWN_SHORTEST), COUNTDOWN_LONGEST)
    if now < opens + COUNTDOWN_LONGEST:
        return COUNTDOWN_SHORTEST
    return DEFAULT_LIFETIME


def _file(scheduled: Scheduled, path: str, lifetime: timedelta) -> Answer:
    name = unquote(path.removeprefix(scheduled.file_path("")))
    content = scheduled.files.get(name)
    if content is None:
        return _absent()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Answer(Served.FILE, 200, content, kind, lifetime)


def _absent() -> Answer:
    html = page(SITE, "Page not found", "<h1>Page not found</h1>")
    return Answer(Served.ABSENT, 404, html, "text/html; charset=utf-8", ABSENT_LIFETIME)
