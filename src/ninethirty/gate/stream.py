"""Large files sent from the disk, in constant memory, opened chunk by chunk on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ninethirty.core.locked import LOCKED_CHUNK_BYTES, Lock, chunks_of, cut
from ninethirty.core.schedule import Lying
from ninethirty.gate.ranges import Span

AT_ONCE = 8
"""Chunks read at a time: half a megabyte for each reader of a large file."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes of a span of what lies at `place`."""

    place: Path
    lying: Lying
    span: Span

    def pieces(self) -> Iterator[bytes]:
        """Raises SealBroken at the first chunk that is not as it was sealed, or OSError."""
        part, last = cut(self.span.first, self.span.end), chunks_of(self.lying.size_bytes) - 1
        lock = Lock(bytes.fromhex(self.lying.key))
        left, skip = self.span.end - self.span.first, part.skip
        with self.place.open("rb") as locked:
            locked.seek(part.seek)
            for first in range(part.first, part.end, AT_ONCE):
                end = min(first + AT_ONCE, part.end)
                plain = _opened(lock, locked, first, end, last)
                yield plain[skip : skip + left]
                left, skip = left - (len(plain) - skip), 0


def _opened(lock: Lock, locked: BinaryIO, first: int, end: int, last: int) -> bytes:
    chunks = memoryview(locked.read((end - first) * LOCKED_CHUNK_BYTES))
    return b"".join(
        lock.open_chunk(
            number,
            chunks[(number - first) * LOCKED_CHUNK_BYTES :][:LOCKED_CHUNK_BYTES],
            last=number == last,
        )
        for number in range(first, end)
    )
