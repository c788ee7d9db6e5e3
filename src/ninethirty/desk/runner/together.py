"""Threads that write at the same time share a transaction, and the one wait for the disk.

Also the queue of the writers of SQLite, which itself lets those who wait sleep
for up to a tenth of a second.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.times import Instant
from ninethirty.desk.record.facts import New, append_all


@dataclass(eq=False)
class _Entry:
    news: Sequence[New]
    actor: str
    recorded: Instant
    done: bool = False
    wrong: Exception | None = None


_queue: list[_Entry] = []
_queueing = threading.Lock()
_writing = threading.Lock()


def write_together(news: Sequence[New], *, actor: str, recorded: Instant) -> None:
    """As append_all does: these facts all or none, whatever becomes of those of other threads.

    Raises:
        AlreadyHappened: nothing was written. Whatever the database raises: nobody's was.
    """
    entry = _Entry(news, actor, recorded)
    with _queueing:
        _queue.append(entry)
    with _writing:
        # Whoever had the lock before us may have written ours with theirs.
        if not entry.done:
            _write_all()
    if entry.wrong:
        raise entry.wrong


def _write_all() -> None:
    with _queueing:
        entries, _queue[:] = list(_queue), []
    # Heads are locked in this order by everybody, or two runners could wait for each other.
    entries.sort(key=lambda entry: entry.news[0].subject)
    try:
        with transaction.atomic():
            for entry in entries:
                try:
                    append_all(entry.news, actor=entry.actor, recorded=entry.recorded)
                except AlreadyHappened as written:
                    entry.wrong = written
    except Exception as wrong:  # noqa: BLE001  # each is told, and asks again or gives up
        for entry in entries:
            entry.wrong = wrong
    finally:
        for entry in entries:
            entry.done = True
