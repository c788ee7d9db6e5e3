"""What came of a body: all of it hashed, as much of it kept as evidence needs."""

import hashlib

WHOLE_BYTES = 5_000_000
"""Kept whole up to here (`detection.md` section 4)."""

END_BYTES = 64 * 1024
"""Of a longer one: so much of its beginning and of its end."""


class Body:
    """Takes pieces as they come; refuses what goes past `most_bytes`."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._hash = hashlib.sha256()
        self._kept = bytearray()
        self._end = bytearray()
        self.size = 0
        self.cut = False

    def take(self, piece: bytes) -> int:
        """How much was taken; less than was given means that there was too much."""
        room = self._most - self.size
        if len(piece) > room:
            self.cut = True
            piece = piece[:room]
        self._hash.update(piece)
        self.size += len(piece)
        self._kept += piece[: max(0, WHOLE_BYTES - len(self._kept))]
        if self.size > WHOLE_BYTES:
            self._end += piece[-END_BYTES:]
            del self._end[:-END_BYTES]
        return len(piece)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    @property
    def is_whole(self) -> bool:
        """Whether `kept` is all that came."""
        return self.size <= WHOLE_BYTES

    def kept(self) -> bytes:
        """All of it; of a long one its first and last 64 kB."""
        if self.is_whole:
            return bytes(self._kept)
        return bytes(self._kept[:END_BYTES] + self._end)
