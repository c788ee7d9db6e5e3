"""What is rendered together: a page, and what lies beside it for machines."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ninethirty.core.times import Instant

HTML = "text/html; charset=utf-8"
JSON = "application/json"


class Shown(NamedTuple):
    """What a path answers."""

    body: bytes
    media_type: str = HTML


@dataclass(frozen=True)
class Page:
    """One document of the schedule.

    name: of that document. changes: when what `files` gives changes, in order. files: path -> what
    it answers from that instant on. own: of one release, so that its whole future is known; what
    many releases share is rendered for the hours to come only.
    """

    name: str
    changes: tuple[Instant, ...]
    files: Callable[[Instant], Mapping[str, Shown]]
    own: bool = False

    def since(self, now: Instant) -> Instant:
        """The instant of which it speaks now: of its latest change, or of now if nothing was ever
        to change."""
        return max((at for at in self.changes if at <= now), default=now)

    def to_come(self, now: Instant, until: Instant) -> list[Instant]:
        """When it changes after now: by then at the latest, unless it is a release's own."""
        return [at for at in self.changes if now < at and (self.own or at <= until)]


def changes(instants: Iterable[Instant]) -> tuple[Instant, ...]:
    return tuple(sorted(set(instants)))
