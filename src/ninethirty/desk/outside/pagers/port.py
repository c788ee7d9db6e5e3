"""What can wake a person."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Alert:
    """A reason to wake somebody. It leaves our machines, so it holds no title and no figure.

    key: the same for the same cause on every attempt, so that a service can fold repeats into one.
    link: where whoever it reaches says that they are at it. test: nothing is wrong; whoever it
    reaches should not be woken by it.
    """

    reason: str
    key: str
    link: str = ""
    test: bool = False


class Pager(Protocol):
    """A page may come twice: better than not at all. So nothing is read back before a retry."""

    def page(self, alert: Alert) -> None:
        """Raises OutsideFailed."""
        ...
