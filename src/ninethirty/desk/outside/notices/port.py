"""What a channel for notices can do."""

from dataclasses import dataclass
from typing import Protocol

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


@dataclass(frozen=True)
class Posted:
    id: str
    url: str = ""


class Channel(Protocol):
    """Adapters refuse to act twice by reading back: the runner asks find() before any attempt
    that is not the first."""

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
