"""How far our clock is off, asked of a time server now and then, never while somebody waits."""

import threading
from types import TracebackType
from typing import Self

import ntplib
import structlog

from ninethirty.core.errors import CannotStart

log = structlog.get_logger()

ASKED_EVERY = 60.0
TIMEOUT_SECONDS = 2


class Offset:
    """server: HOST or HOST:PORT; empty to ask nobody, and to say nought.

    Asked once before it is ready, so that a first sighting knows it. A server that is silent leaves
    what was last known: clocks drift by milliseconds a minute.
    """

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition(":") if ":" in server else (server, "", "123")
        if not port.isdecimal():
            raise CannotStart(f"--ntp {server}: expected HOST or HOST:PORT, found port {port!r}")
        self._host = host
        self._port = int(port)
        self._offset_ms = 0
        self._silent = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_asking, name="offset", daemon=True)

    def __enter__(self) -> Self:
        if self._host:
            self._ask()
            self._thread.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._host:
            self._thread.join()

    def milliseconds(self) -> int:
        return self._offset_ms

    def _keep_asking(self) -> None:
        while not self._stop.wait(ASKED_EVERY):
            self._ask()

    def _ask(self) -> None:
        client = ntplib.NTPClient()
        try:
            reply = client.request(self._host, port=self._port, version=3, timeout=TIMEOUT_SECONDS)
        except (ntplib.NTPException, OSError) as failed:
            if not self._silent:
                log.warning("clock.unknown", server=self._host, why=str(failed))
            self._silent = True
            return
        self._silent = False
        self._offset_ms = round(reply.offset * 1000)
