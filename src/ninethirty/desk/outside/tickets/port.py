"""What a help desk can do."""

from dataclasses import dataclass
from typing import Protocol

from ninethirty.core.times import Instant


@dataclass(frozen=True)
class Ticket:
    """key: the same on every attempt, so that the service can refuse to open it twice."""

    subject: str
    body: str
    key: str


@dataclass(frozen=True)
class Comment:
    """by_us: written by the account we use. sender: the address a mail says it is from."""

    id: str
    at: Instant
    body: str
    by_us: bool
    sender: str = ""


class HelpDesk(Protocol):
    def open(self, ticket: Ticket) -> str:
        """The ticket's id; the same for the same key. Raises OutsideFailed."""
        ...

    def add(self, ticket_id: str, body: str) -> None:
        """Raises OutsideFailed."""
        ...

    def comments(self, ticket_id: str) -> list[Comment]:
        """All of them, oldest first. Raises OutsideFailed."""
        ...

    def check(self) -> object:
        """A harmless call that shows that we would be let in. Raises OutsideFailed."""
        ...
