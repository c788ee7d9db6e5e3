"""A file as it lies on a disk: locked, in chunks that can each be opened alone.

The plain bytes are cut every 64 KiB and each chunk is put under AES-256-GCM, with the file's own
random key. The nonce is the number of the chunk and whether it is the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). So a chunk that was changed, moved,
left out or put behind the end is refused, whichever part of the file is read, and a part is read
without the rest. A key locks one file only, ever: that is what makes counting safe.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ninethirty.core.errors import SealBroken

CHUNK_BYTES = 64 << 10
TAG_BYTES = 16
LOCKED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
KEY_BYTES = 32


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def chunks_of(size_bytes: int) -> int:
    """How many chunks so many plain bytes take; an empty file is one empty chunk."""
    return max(1, -(-size_bytes // CHUNK_BYTES))


def locked_size(size_bytes: int) -> int:
    """What a file of so many bytes takes on the disk."""
    return size_bytes + chunks_of(size_bytes) * TAG_BYTES


def plain_size(locked_bytes: int) -> int:
    """The other way round. Raises SealBroken if no file takes so many bytes when locked."""
    size_bytes = locked_bytes - max(1, -(-locked_bytes // LOCKED_CHUNK_BYTES)) * TAG_BYTES
    if size_bytes < 0 or locked_size(size_bytes) != locked_bytes:
        raise SealBroken(f"{locked_bytes} bytes: no locked file is as long as that")
    return size_bytes


@dataclass(frozen=True)
class Cut:
    """Which chunks hold a part of a file, and where the part lies in them.

    `first` and `end` number the chunks, `end` not among them. `seek` is where the first of them
    begins on the disk; `skip` plain bytes of it come before the part.
    """

    first: int
    end: int
    skip: int

    @property
    def seek(self) -> int:
        return self.first * LOCKED_CHUNK_BYTES


def cut(first: int, end: int) -> Cut:
    """Of the plain bytes from `first` up to, not including, `end`."""
    return Cut(first // CHUNK_BYTES, max(1, -(-end // CHUNK_BYTES)), first % CHUNK_BYTES)


class Lock:
    """What locks and opens one file."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The locked chunks of a file given in pieces of any length."""
        waiting = bytearray()
        number = 0
        for piece in pieces:
            waiting += piece
            # What fills a chunk waits until there is more: it may be the last.
            while len(waiting) > CHUNK_BYTES:
                yield self._close(number, bytes(waiting[:CHUNK_BYTES]), last=False)
                del waiting[:CHUNK_BYTES]
                number += 1
        yield self._close(number, bytes(waiting), last=True)

    def open_chunk(self, number: int, chunk: bytes | memoryview, *, last: bool) -> bytes:
        """Raises SealBroken: it is not the chunk that was locked there."""
        try:
            return self._cipher.decrypt(_nonce(number, last), chunk, None)
        except InvalidTag as broken:
            raise SealBroken(f"chunk {number} is not as it was sealed") from broken

    def open(self, locked: bytes) -> bytes:
        """A whole file. Raises SealBroken."""
        count = chunks_of(plain_size(len(locked)))
        view = memoryview(locked)
        return b"".join(
            self.open_chunk(
                number,
                view[number * LOCKED_CHUNK_BYTES : (number + 1) * LOCKED_CHUNK_BYTES],
                last=number == count - 1,
            )
            for number in range(count)
        )

    def _close(self, number: int, plain: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(_nonce(number, last), plain, None)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
