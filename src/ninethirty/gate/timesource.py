"""Who says whether the clock is right: the kernel, a time server, or nobody."""

import socket
from typing import Protocol

import ntplib

from ninethirty.core import guard
from ninethirty.core.errors import CannotStart
from ninethirty.gate import kernel

UNCHECKED = "unchecked"
KERNEL = "kernel"

NTP_PORT = 123
_TIMEOUT = 1.0
_BILLION = 1_000_000_000
_ALARM = 3
"""Leap indicator of a server that does not know the time itself."""


class TimeSource(Protocol):
    every: float
    """Real seconds between two questions, while the clock is trusted."""

    every_in_doubt: float

    def error(self) -> int | None:
        """Nanoseconds by which the wall clock is ahead; None: cannot say."""
        ...


class Kernel:
    every = every_in_doubt = 0.25

    def error(self) -> int | None:
        return 0 if kernel.synchronised() else None


class TimeServer:
    every, every_in_doubt = 32.0, 2.0

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    def error(self) -> int | None:
        try:
            said = ntplib.NTPClient().request(
                self._host, version=4, port=self._port, timeout=_TIMEOUT
            )
        except (ntplib.NTPException, OSError):
            return None
        if said.leap == _ALARM or not 0 < said.stratum < 16:
            return None
        bound = (said.delay + said.root_delay) / 2 + said.root_dispersion
        return guard.error_of(int(said.offset * _BILLION), int(bound * _BILLION))


def time_source(told: str) -> TimeSource | None:
    """What --time-from names; None: the clock is to be taken at its word.

    Raises:
        CannotStart: it is neither a word we know nor HOST:PORT.
    """
    if told == UNCHECKED:
        return None
    if told == KERNEL:
        return Kernel()
    host, colon, port = told.rpartition(":")
    if not colon:
        host, port = told, str(NTP_PORT)
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(
            f"--time-from {told}: expected {KERNEL}, {UNCHECKED}, or a time server as HOST:PORT"
        )
    try:
        socket.getaddrinfo(host, int(port), type=socket.SOCK_DGRAM)
    except OSError as unknown:
        raise CannotStart(f"--time-from {told}: no such host ({unknown.strerror})") from unknown
    return TimeServer(host, int(port))
