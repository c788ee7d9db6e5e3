"""Small files kept in memory, each checked against its seal when read; large ones on the disk."""

from collections import OrderedDict
from pathlib import Path

from ninethirty.core.errors import SealBroken
from ninethirty.gate.objects import Objects

KEPT_BYTES = 64 << 20
SMALL_BYTES = 1 << 20


class Kept:
    """The most recently asked for, up to KEPT_BYTES."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def large(self, name: str, size_bytes: int) -> Path:
        """Where an object lies that is sent from the disk.

        Raises SealBroken if it is not there in full: nobody has time to read it through now.
        """
        if not self._objects.has_size(name, size_bytes):
            raise SealBroken(f"{name[:12]}…: not there with its {size_bytes} bytes")
        return self._objects.place(name)

    def read(self, name: str) -> bytes:
        """Raises SealBroken, or OSError if it is not there."""
        kept = self._kept.get(name)
        if kept is not None:
            self._kept.move_to_end(name)
            return kept
        content = self._objects.read(name)
        self._kept[name] = content
        self._bytes += len(content)
        while self._bytes > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
        return content
