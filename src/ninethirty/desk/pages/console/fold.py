"""The facts of an incident, folded, and kept between two requests.

A long incident is read once; after that each request reads what is new. What is kept is dropped if
the record does not hold the fact it ended with.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db import connection

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.sighting import Sighting
from ninethirty.desk.record.rows import read

_KEPT = 20
"""Incidents; the one asked for longest ago is dropped."""

_STEPS = {Kind.STEP_CLAIMED, Kind.STEP_DONE, Kind.STEP_FAILED, Kind.NOT_SAID}


@dataclass
class Fold:
    """end: hash of the last fact taken in. last: the last fact of each step. shown, seen: what
    was made of it and of the sightings for a page, so that fifty people who look at one incident
    cost what one does."""

    progress: Progress = field(default_factory=Progress)
    end: str = ""
    last: dict[str, Fact] = field(default_factory=dict)
    paged: list[Fact] = field(default_factory=list)
    shown: Any = None
    seen: Any = None
    looks: dict[int, Sighting] = field(default_factory=dict)
    """Those that `seen` rests on, by number: a look is read once."""

    def add(self, fact: Fact, end: str) -> None:
        self.progress.add(fact)
        self.end = end
        if fact.kind in _STEPS:
            self.last[fact.details["step"]] = fact
        elif fact.kind is Kind.PAGED:
            self.paged.append(fact)


_folds: OrderedDict[tuple[str, str], tuple[Lock, list[Fold]]] = OrderedDict()
_lock = Lock()


@contextmanager
def folded(release: str) -> Iterator[Fold]:
    """All its facts by now, in one query; nobody else adds to it until this is left."""
    name = str(connection.settings_dict["NAME"]), release
    with _lock:
        lock, held = _folds.setdefault(name, (Lock(), [Fold()]))
        _folds.move_to_end(name)
        if len(_folds) > _KEPT:
            _folds.popitem(last=False)
    with lock:
        if not _catch_up(release, held[0]):
            held[0] = Fold()
            _catch_up(release, held[0])
        yield held[0]


def _catch_up(release: str, fold: Fold) -> bool:
    """Whether the record still has the fact at which it ended."""
    source = "facts f WHERE f.subject = %s AND f.n >= %s ORDER BY f.n"
    found = read(source, [release, max(fold.progress.n, 1)])
    if fold.progress.n and next(found, (None, ""))[1] != fold.end:
        return False
    for fact, end in found:
        fold.add(fact, end)
    return True
