"""The key to compare content: fetched at T, from the gate that opens it or from the desk.

Before T nobody has it, so a stolen witness can confirm nothing. Without it a verdict says that
content was not compared.
"""

import json
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import structlog

from ninethirty.core.document import digest
from ninethirty.core.errors import DocumentError
from ninethirty.core.times import Clock
from ninethirty.core.watch import WatchOrder, read_key
from ninethirty.witness.courier import ORDERS
from ninethirty.witness.desk import Desk
from ninethirty.witness.onward import host_of

log = structlog.get_logger()

TRIED_EVERY = 1.0
"""Real seconds, from T on, until it is there."""

TIMEOUT_SECONDS = 3.0
MOST_BYTES = 10_000


class Keys:
    """Keys of the releases being watched, kept in `folder`: a witness that is started again has
    them. Only the desk's signature makes one; where it was found does not matter."""

    def __init__(self, folder: Path, trusted_key: str, clock: Clock, desk: Desk | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._trusted_key = trusted_key
        self._clock = clock
        self._desk = desk
        self._known: dict[str, bytes] = {}
        self._wanted: dict[str, WatchOrder] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_fetching, name="keys")
        self._thread.start()

    def want(self, order: WatchOrder) -> None:
        """Fetch it at T. May be called from any thread. A newer order has a key of its own."""
        with self._lock:
            self._wanted[order.release] = order

    def get(self, order: WatchOrder) -> bytes | None:
        with self._lock:
            return self._known.get(_name(order))

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _keep_fetching(self) -> None:
        while not self._stop.wait(TRIED_EVERY / 4):
            with self._lock:
                wanted = list(self._wanted.values())
            now, began = self._clock.now(), time.monotonic()
            for order in wanted:
                if order.opens <= now and not self._stop.is_set() and self.get(order) is None:
                    self._fetch(order)
            self._stop.wait(max(0.0, began + TRIED_EVERY - time.monotonic()))

    def _fetch(self, order: WatchOrder) -> None:
        file = self._folder / f"{_name(order)}.json"
        sources: tuple[Callable[[], bytes], ...] = (
            file.read_bytes,
            lambda: _read(order.key_url),
            lambda: self._from_desk(order),
        )
        for source in sources:
            try:
                signed = source()
                key = read_key(signed, self._trusted_key, order.release)
            except (OSError, HTTPException, ValueError):
                continue  # not there yet; nothing is said of it each second
            except DocumentError as wrong:
                log.error("key.refused", release=order.release, why=str(wrong))
                continue
            new = file.with_suffix(".new")
            new.write_bytes(signed)
            new.replace(file)
            with self._lock:
                self._known[_name(order)] = key
            log.info("key.known", release=order.release)
            return

    def _from_desk(self, order: WatchOrder) -> bytes:
        """Listed beside the orders from T on."""
        reply = self._desk.ask("GET", ORDERS) if self._desk else None
        if not reply or not reply.taken:
            raise URLError("the desk does not answer")
        try:
            return str(json.loads(reply.body)["keys"][order.release]).encode()
        except (KeyError, TypeError) as missing:
            raise URLError("the desk does not list it yet") from missing


def _name(order: WatchOrder) -> str:
    return digest(f"{order.release} {order.issued.text()}".encode())


def _read(url: str) -> bytes:
    if not host_of(url):
        raise URLError("no address to fetch it from")
    # A proxy named in our environment would look in our stead.
    opener = build_opener(ProxyHandler({}))
    with opener.open(Request(url), timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310  # web only
        found: bytes = reply.read(MOST_BYTES)
    return found
