"""Threads that write at the same time share a transaction, and the one wait for the disk.

Also the queue of the writers of SQLite, which itself lets those who wait sleep
for up to a tenth of a second.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import InterfaceError, OperationalError

from ninethirty.desk.record.facts import Lump, Written, append_each

Answer = Written | Exception
"""What became of a lump; any other exception is what the database raised, and nothing was written.
"""


@dataclass(eq=False)
class _Entry:
    lumps: Sequence[Lump]
    answers: list[Answer] = field(default_factory=list)


_queue: list[_Entry] = []
_queueing = threading.Lock()
_writing = threading.Lock()


def write_together(lumps: Sequence[Lump]) -> list[Answer]:
    """As append_each does, with an answer for each. One that the database refuses keeps no other
    back, of ours or of other threads.

    Raises:
        OperationalError, InterfaceError: the database could not be reached. It may be that all was
        written, and only the answer was lost.
    """
    entry = _Entry(lumps)
    with _queueing:
        _queue.append(entry)
    with _writing:
        # Whoever had the lock before us may have written ours with theirs.
        if not entry.answers:
            _write_all()
    for answer in entry.answers:
        if isinstance(answer, OperationalError | InterfaceError):
            raise answer
    return entry.answers


def _write_all() -> None:
    with _queueing:
        entries, _queue[:] = list(_queue), []
    answers = iter(_answers([lump for entry in entries for lump in entry.lumps]))
    for entry in entries:
        entry.answers = list(islice(answers, len(entry.lumps)))


def _answers(lumps: Sequence[Lump]) -> Sequence[Answer]:
    try:
        return append_each(lumps)
    except (OperationalError, InterfaceError) as lost:
        return [lost] * len(lumps)
    except Exception as wrong:  # noqa: BLE001  # of one among them, and each is to have its own
        return [wrong] if len(lumps) == 1 else [one for lump in lumps for one in _answers([lump])]
