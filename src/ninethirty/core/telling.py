"""One word on one channel, as questions to whoever drives it: the desk, or a simulation of one.

The row is there before the call, so that any later attempt knows that there may be a post, and
looks for it before it posts. Each row stands for one post at most, so to bound the rows is to bound
what the public gets, whatever goes wrong with us.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from ninethirty.core.errors import NeverDone

MOST = 8
"""Words on one channel for one release: that it is late, still late, back, corrected, in two
languages. Nobody is flooded; a person says the rest."""


@dataclass(frozen=True)
class Keep:
    """Keep a row for it, unless an earlier attempt did, or make is False. Answered by Kept."""

    make: bool = True


@dataclass(frozen=True)
class Kept:
    """new: no attempt before this one kept it. told: one of them knew of its post. others: rows of
    other words on this channel for this release."""

    new: bool
    told: bool
    others: int = 0


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


@dataclass(frozen=True)
class Drop:
    """Keep no row for it: it was not said, and is not going to be."""


Ask = Keep | Find | Post | Note | Drop


def tell(*, only_look: bool = False, keyed: bool = False) -> Generator[Ask, Any, bool]:
    """Whether it is said now. only_look: find what was said, and say nothing. keyed: the channel
    takes each key only once, so it need not be looked for before it is said again.

    Raises NeverDone: enough was said there. It is not tried again, so a person is paged.
    """
    kept: Kept = yield Keep(make=not only_look)
    if kept.told:
        return True
    if kept.new and kept.others >= MOST and not only_look:
        yield Drop()
        raise NeverDone(f"{kept.others} words were said there for this release; say more by hand")
    unasked = kept.new or (keyed and not only_look)
    posted = None if unasked else (yield Find())
    if posted is None and only_look:
        yield Drop()
        return False
    if posted is None:
        posted = yield Post()
    yield Note(posted)
    return True
