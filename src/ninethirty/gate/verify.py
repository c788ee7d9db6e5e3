"""Reads through what lies in the store, behind everything else, and fetches anew what is broken."""

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from ninethirty.core.errors import NinethirtyError
from ninethirty.core.keyring import GateKey
from ninethirty.gate.source import Source
from ninethirty.gate.store import Store

COURTESY = 15
"""How much more than others this thread waits for a processor: answers come first."""

BYTES_A_SECOND = 64 << 20
"""So that the disk has time for readers."""

log = structlog.get_logger()


def start(folder: Path, key: GateKey, sources: Sequence[Source]) -> None:
    """Start the thread; it ends when all was read once."""
    threading.Thread(
        target=_verify, args=(folder, key, sources), name="verifier", daemon=True
    ).start()


def verify(store: Store, sources: Sequence[Source], *, rest: bool = True) -> tuple[int, int]:
    """How many objects there are, and how many of them are broken and could not be fetched anew.

    rest: pause after each, as long as reading it may take at BYTES_A_SECOND.
    """
    read, lost = 0, 0
    for first in range(256):
        for name in sorted(store.named(f"{first:02x}")):
            read += 1
            if not store.intact(name) and not _mended(store, name, sources):
                lost += 1
            if rest:
                time.sleep(store.size_bytes(name) / BYTES_A_SECOND)
    store.settle()
    return read, lost


def _mended(store: Store, name: str, sources: Sequence[Source]) -> bool:
    for source in sources:
        try:
            with source.open(name) as content:
                store.take(name, content)
        except (NinethirtyError, OSError) as missing:
            log.error("gate.object_broken", object=name, reason=str(missing))
        else:
            log.warning("gate.object_fetched_anew", object=name)
            return True
    return False


def _verify(folder: Path, key: GateKey, sources: Sequence[Source]) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), COURTESY)
    store = Store(folder, key)
    try:
        read, lost = verify(store, sources)
        log.info("gate.verified", objects=read, lost=lost)
    finally:
        store.close()
