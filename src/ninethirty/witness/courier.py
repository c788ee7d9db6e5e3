"""Goes between witness and desk: brings orders, takes sightings, for ever."""

import json
import threading
from collections.abc import Callable, Sequence

import structlog

from ninethirty.core.watch import WatchOrder
from ninethirty.witness.desk import Desk
from ninethirty.witness.journal import Entry, Journal
from ninethirty.witness.orders import Orders

log = structlog.get_logger()

ORDERS = "/api/v1/orders"
SIGHTINGS = "/api/v1/sightings"

ORDERS_SECONDS = 0.5
PAUSE_SECONDS = 0.1
"""With nothing to take, or nobody to take it to."""

BATCH = 200


class Courier:
    """Two errands, a thread each, so that neither waits for the other. Begins when it is made."""

    def __init__(
        self, desk: Desk, journal: Journal, orders: Orders, follow: Callable[[WatchOrder], None]
    ) -> None:
        self._desk = desk
        self._journal = journal
        self._orders = orders
        self._follow = follow
        self._stop = threading.Event()
        self._last_list = b""
        # Up to there in the journal a batch was refused, because of one bad sighting in it.
        self._singly_until = 0
        self._threads = [
            threading.Thread(target=self._keep_on, args=(errand, pause_seconds), name=name)
            for name, errand, pause_seconds in (
                ("orders", self._bring_orders, ORDERS_SECONDS),
                ("sightings", self._take_sightings, PAUSE_SECONDS),
            )
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _bring_orders(self) -> None:
        """Obey what the desk lists.

        An order that is no longer listed stays in force: only a signed order may replace one, and
        a witness that stopped too soon would be blind.
        """
        reply = self._desk.ask("GET", ORDERS)
        if reply is None or reply.body == self._last_list:
            return
        self._last_list = reply.body
        listed = _listed(reply.body) if reply.taken else None
        if listed is None:
            log.error("orders.unreadable", found=_excerpt(reply.body))
            return
        for text in listed:
            if order := self._orders.accept(text.encode(errors="replace")):
                self._follow(order)

    def _take_sightings(self) -> None:
        """All there are, oldest first."""
        while not self._stop.is_set():
            limit = 1 if self._journal.sent < self._singly_until else BATCH
            batch = self._journal.unsent(limit)
            if not batch or not self._take(batch):
                return

    def _take(self, batch: Sequence[Entry]) -> bool:
        """False if it must be tried again later."""
        sightings = b",".join(entry.line for entry in batch)
        reply = self._desk.ask("POST", SIGHTINGS, b'{"sightings":[' + sightings + b"]}")
        if reply is None:
            return False
        if not reply.taken:
            if len(batch) > 1:
                self._singly_until = batch[-1].end
                return True
            why, what = _excerpt(reply.body), _excerpt(batch[0].line)
            log.error("sighting.refused", why=why, sighting=what)
        self._journal.acknowledge(batch[-1].end)
        return True

    def _keep_on(self, errand: Callable[[], None], pause_seconds: float) -> None:
        while not self._stop.is_set():
            errand()
            self._stop.wait(pause_seconds)


def _listed(body: bytes) -> list[str] | None:
    try:
        listed = json.loads(body)["orders"]
    except (ValueError, KeyError, TypeError):
        return None
    if isinstance(listed, list) and all(isinstance(text, str) for text in listed):
        return listed
    return None


def _excerpt(body: bytes) -> str:
    return body[:300].decode(errors="replace")
