"""What an address holds, and what it comes to when somebody asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ninethirty.standin.exchange import Endless, Reset, Silence

HTML = "text/html; charset=utf-8"


class Part(StrEnum):
    """What an address is, of a release."""

    PAGE = "page"
    FILE = "file"
    LISTING = "listing"
    FEED = "feed"
    API = "api"
    ANNOUNCEMENT = "announcement"
    OTHER = "other"


WHOLE = frozenset({Part.PAGE, Part.FILE, Part.LISTING, Part.FEED})
"""A release is wholly public when all of these are right."""


class Served(StrEnum):
    PLACEHOLDER = "placeholder"
    RELEASE = "release"
    FILE = "file"
    ABSENT = "absent"
    PREVIOUS = "previous"
    """What stood there before: the last edition, a list without the new entry."""
    LIST = "list"
    DOCUMENT = "document"
    REDIRECT = "redirect"
    WALL = "wall"
    """A sign-in, a challenge, a refusal."""
    OTHER = "other"
    """Something that is nobody's intention."""
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Content:
    """right: is it what was promised for this address? Everything else is not, whatever its status.

    lifetime: how long caches may keep it; None leaves that to the platform's rule.
    missing_bytes: declared, but not sent.
    """

    served: Served
    status: int = 200
    body: bytes = field(default=b"", repr=False)
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    right: bool = False
    lifetime: timedelta | None = None
    first_byte_after: timedelta = timedelta(0)
    missing_bytes: int = 0


Outcome = Content | Silence | Reset | Endless


def redirect(to: str, status: int = 302, *, right: bool = False) -> Content:
    return Content(Served.REDIRECT, status, headers={"Location": to}, right=right)
