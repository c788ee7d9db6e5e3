"""What users are told: approved words with the release's facts in them, and never a figure.

The address that works comes first; each text fits the shortest channel.
"""

from dataclasses import dataclass
from datetime import datetime

SHORTEST_LIMIT = 280


@dataclass(frozen=True)
class Words:
    title: str
    short: str


def late(title: str, alternate: str, *, since: datetime | None) -> Words:
    """Not at its announced address, whole at the alternate; since T, if that was seen."""
    there = f" It has been there since {_clock(since)}." if since else ""
    return Words(
        f"Available at another address: {title}",
        _fitted(
            title,
            f"can be read here: {alternate}{there}"
            " Its usual page is not showing it yet; we have asked for that to be put right.",
        ),
    )


def recovered(title: str, announced: str) -> Words:
    """Whole at its announced address after all."""
    return Words(
        f"Now at its usual address: {title}",
        _fitted(
            title,
            f"is now at its usual address too: {announced} We are sorry that it was late there.",
        ),
    )


def _fitted(title: str, rest: str) -> str:
    """The title is cut, never the address."""
    room = SHORTEST_LIMIT - len(rest) - 1
    if len(title) > room:
        title = title[: max(0, room - 1)].rstrip() + "…"
    return f"{title} {rest}"


def _clock(local: datetime) -> str:
    """9:30am, as the public writes it."""
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"
