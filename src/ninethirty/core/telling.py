"""One word on one channel, as questions to whoever drives it: the desk, or a simulation of one.

The row is there before the call, so that any later attempt knows that there may be a post, and
looks for it before it posts.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Keep:
    """Keep a row for it, unless an earlier attempt did. Answered by Kept."""


@dataclass(frozen=True)
class Kept:
    """new: no attempt before this one kept it. told: one of them knew of its post."""

    new: bool
    told: bool


@dataclass(frozen=True)
class Find:
    """Is it among our own posts? Answered by the post, or None."""


@dataclass(frozen=True)
class Post:
    """Answered by the post."""


@dataclass(frozen=True)
class Note:
    """Write into the row which post it is."""

    posted: Any


Ask = Keep | Find | Post | Note


def tell() -> Generator[Ask, Any, None]:
    kept: Kept = yield Keep()
    if kept.told:
        return
    posted = None if kept.new else (yield Find())
    if posted is None:
        posted = yield Post()
    yield Note(posted)
