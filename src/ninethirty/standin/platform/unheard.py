"""Addresses at which nobody is heard: connections are refused, or never taken."""

import socket
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Self

from ninethirty.standin.platform.scene import Wire


class Unheard:
    """Holds the addresses, so that nobody else can listen there. Close it, or use it as a context.

    Raises OSError if an address is taken.
    """

    def __init__(self, wires: Mapping[str, Wire], port: int) -> None:
        self._held = ExitStack()
        for host, wire in wires.items():
            if wire in {Wire.REFUSED, Wire.DEAF}:
                self._hold(host, port, deaf=wire is Wire.DEAF)

    def close(self) -> None:
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hold(self, host: str, port: int, *, deaf: bool) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        held = self._held.enter_context(socket.socket(family))
        # As servers do: connections of whoever listened here last may still be dying.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
        if not deaf:
            return  # Bound and not listening: the system refuses.
        held.listen(0)
        # Once its queue of connections that nobody takes is full, the system drops what knocks.
        for _ in range(2):
            knock = self._held.enter_context(socket.socket(family))
            knock.setblocking(False)
            knock.connect_ex((host, port))
