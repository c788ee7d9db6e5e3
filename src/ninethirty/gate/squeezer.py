"""The thread that makes the encodings which wait in the queue."""

import os
import sqlite3
import threading
from pathlib import Path

import structlog

from ninethirty.core.errors import SealBroken
from ninethirty.gate.squeeze import squeezed
from ninethirty.gate.store import Encoded, Store

AT_ONCE = 32
"""Files a transaction: each makes the workers forget what they know of the index."""

COURTESY = 15
"""How much more than others this thread waits for a processor: answers come first."""

log = structlog.get_logger()


def squeeze_some(store: Store, most: int = AT_ONCE) -> int:
    """Make the encodings of the files that open soonest; how many were in the queue."""
    waiting = store.unsqueezed(most)
    made: dict[str, dict[str, Encoded]] = {}
    for plain in waiting:
        try:
            encodings = squeezed(store.read(plain))
        except (SealBroken, OSError) as broken:
            # Not ours to mend: it is sent as it is, or not at all.
            log.error("gate.not_squeezed", digest=plain, reason=str(broken))
            encodings = {}
        made[plain] = {
            name: Encoded(store.put(content), len(content)) for name, content in encodings.items()
        }
    if made:
        store.put_encodings(made)
    return len(waiting)


def start(folder: Path) -> threading.Event:
    """Start the thread. Set the event when something may have been put in the queue."""
    work = threading.Event()
    work.set()
    threading.Thread(target=_squeeze, args=(folder, work), name="squeezer", daemon=True).start()
    return work


def _squeeze(folder: Path, work: threading.Event) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), COURTESY)
    store = Store(folder)
    while work.wait():
        work.clear()
        try:
            while squeeze_some(store):
                pass
        except (OSError, sqlite3.Error) as full:
            log.error("gate.not_squeezed", reason=str(full))  # with the next schedule, again
