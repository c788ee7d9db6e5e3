"""What a channel for notices can do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.times import Instant


@dataclass(frozen=True)
class Notice:
    """A word to users. `short` fits any channel's limit; `answers` is the id of the post it
    belongs under."""

    title: str
    short: str
    link: str
    slug: str
    """Names this notice on channels that have addresses; the same on every attempt."""
    at: Instant
    """When it was first meant to be said; the same on every attempt."""
    answers: str = ""
    language: str = "en"
    files: tuple[str, ...] = ()
    """Addresses of the release's files, for channels that have room for them."""
    copies: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    """The same files by name, for a place that can hold them; read when it takes them."""


@dataclass(frozen=True)
class Posted:
    id: str
    url: str = ""


def unreadable(where: str, notice: Notice) -> OutsideFailed:
    """What find() raises where only a person can know."""
    return OutsideFailed(
        f"{where}: shows nobody what was posted; look there for {notice.title!r}, and post it by "
        "hand if it is missing",
        retry=False,
        happened_perhaps=True,
    )


class Channel(Protocol):
    """Adapters refuse to act twice by reading back: the runner asks find() before any attempt
    that is not the first; unless the channel takes each slug only once."""

    def post(self, notice: Notice) -> Posted:
        """Raises OutsideFailed."""
        ...

    def find(self, notice: Notice) -> Posted | None:
        """The post, if an earlier attempt made it after all.

        Raises:
            OutsideFailed: retry is false where the service shows nobody what was posted: then a
            person has to look.
        """
        ...

    def check(self) -> object:
        """A harmless call that shows that we would be let in. Raises OutsideFailed."""
        ...
