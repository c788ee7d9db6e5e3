"""The watches a witness keeps: one per release, a thread for each channel and view."""

import threading
from dataclasses import dataclass

import structlog

from ninethirty.core.sighting import View
from ninethirty.core.watch import WatchOrder
from ninethirty.witness.gaze import Gaze, Outfit

log = structlog.get_logger()


@dataclass(frozen=True)
class Watch:
    order: WatchOrder
    stop: threading.Event
    threads: tuple[threading.Thread, ...]


class Watches:
    """Orders being obeyed. `follow` may be called from any thread."""

    def __init__(self, outfit: Outfit) -> None:
        self._outfit = outfit
        self._lock = threading.Lock()
        self._in_force: dict[str, Watch] = {}
        self._ended: list[Watch] = []

    def follow(self, order: WatchOrder) -> None:
        """Begin to obey it, in place of any earlier order for the same release."""
        with self._lock:
            before = self._in_force.get(order.release)
            if before and before.order == order:
                return
            if before:
                before.stop.set()
                self._ended.append(before)
            self._in_force[order.release] = watch = self._watch(order)
            for thread in watch.threads:
                thread.start()
        log.info("watch.begun", release=order.release, opens=order.opens.text())

    def close(self) -> None:
        """Stop looking. Returns when the last look under way is written."""
        with self._lock:
            watches = [*self._in_force.values(), *self._ended]
        for watch in watches:
            watch.stop.set()
        for watch in watches:
            for thread in watch.threads:
                thread.join()

    def _watch(self, order: WatchOrder) -> Watch:
        stop = threading.Event()
        return Watch(
            order,
            stop,
            tuple(
                threading.Thread(
                    target=Gaze(order, channel, view, self._outfit).keep,
                    args=(stop,),
                    name=f"{order.release} {channel.name} {view}",
                )
                for channel in order.channels
                for view in View
                if view is View.USER or channel.cache_busting
            ),
        )
