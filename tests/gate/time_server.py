"""A time server on loopback that says what it is told to say."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ninethirty.core.times import wall_ns

_SINCE_1900 = 2_208_988_800
_BILLION = 1_000_000_000


@dataclass
class TimeServer:
    port: int
    ahead: float = 0.0
    """Seconds by which it is ahead of this machine's wall clock."""
    stratum: int = 2
    leap: int = 0
    root_dispersion: float = 0.001
    silent: bool = False

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, asked: bytes) -> bytes:
        now = _stamp(wall_ns() + int(self.ahead * _BILLION))
        first = self.leap << 6 | 4 << 3 | 4  # version 4, a server
        dispersion = int(self.root_dispersion * (1 << 16))
        head = struct.pack("!BBbbiII", first, self.stratum, 6, -20, 0, dispersion, 0)
        return head + now + asked[40:48] + now + now


@contextmanager
def a_time_server() -> Iterator[TimeServer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.05)
        server = TimeServer(listening.getsockname()[1])
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    asked, whom = listening.recvfrom(1024)
                except TimeoutError:
                    continue
                if not server.silent:
                    listening.sendto(server.answer(asked), whom)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            thread.join()


def _stamp(nanoseconds: int) -> bytes:
    second, rest = divmod(nanoseconds, _BILLION)
    return struct.pack("!II", second + _SINCE_1900, (rest << 32) // _BILLION)
