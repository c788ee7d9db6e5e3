"""Small files kept in memory, opened and checked when read; large ones on the disk."""

from collections import OrderedDict

from ninethirty.core.errors import SealBroken
from ninethirty.core.locked import Lock, locked_size
from ninethirty.core.schedule import Lying
from ninethirty.gate.objects import Objects
from ninethirty.gate.ranges import Span
from ninethirty.gate.stream import Stream

KEPT_BYTES = 64 << 20
SMALL_BYTES = 1 << 20


class Kept:
    """The most recently asked for, up to KEPT_BYTES."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def part(self, lying: Lying, span: Span) -> bytes | Stream:
        """A part of a large file; if that is large too, it is sent from the disk.

        Raises SealBroken if the file is not there in full; or if a small part is broken, while
        those of a large one are opened as they are sent.
        """
        place = self._objects.place(lying.object)
        if place.stat().st_size != locked_size(lying.size_bytes):
            raise SealBroken(f"{lying.object[:12]}…: not there with its {lying.size_bytes} bytes")
        stream = Stream(place, lying, span)
        return b"".join(stream.pieces()) if span.end - span.first <= SMALL_BYTES else stream

    def read(self, lying: Lying) -> bytes:
        """Raises SealBroken, or OSError if it is not there."""
        kept = self._kept.get(lying.object)
        if kept is not None:
            self._kept.move_to_end(lying.object)
            return kept
        content = Lock(bytes.fromhex(lying.key)).open(
            self._objects.place(lying.object).read_bytes()
        )
        if len(content) != lying.size_bytes:
            raise SealBroken(f"{lying.object[:12]}…: not there with its {lying.size_bytes} bytes")
        self._kept[lying.object] = content
        self._bytes += len(content)
        while self._bytes > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
        return content
