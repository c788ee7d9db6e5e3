"""A whole answer, ready to be sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ninethirty.core.errors import SealBroken
from ninethirty.gate.headers import NOSNIFF, Header
from ninethirty.gate.ranges import Span

_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class FilePart:
    """Bytes that are sent from the disk, piece by piece."""

    place: Path
    span: Span

    def pieces(self) -> Iterator[bytes]:
        """Raises SealBroken or OSError if the file is not as long as it was promised to be."""
        left = self.span.end - self.span.first
        with self.place.open("rb", buffering=0) as lying:
            lying.seek(self.span.first)
            while left:
                piece = lying.read(min(_PIECE, left))
                if not piece:
                    raise SealBroken(f"{self.place.name[:12]}…: ends {left} bytes too early")
                left -= len(piece)
                yield piece


class Reply(NamedTuple):
    status: int
    headers: list[Header]
    body: bytes | FilePart | None


def page(status: int, body: bytes, fields: list[Header]) -> Reply:
    """A page of the gate's own."""
    described = [
        *fields,
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", str(len(body))),
        NOSNIFF,
    ]
    return Reply(status, described, body)
