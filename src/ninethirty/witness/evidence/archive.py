"""Evidence of all the watches of a witness that runs for years: a folder for each watch order."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import structlog

from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Clock
from ninethirty.core.watch import WatchOrder
from ninethirty.witness.ask import Answer
from ninethirty.witness.errand import WATCHED_FOR
from ninethirty.witness.evidence.chain import Kind
from ninethirty.witness.evidence.check import STAMPS
from ninethirty.witness.evidence.keep import Evidence
from ninethirty.witness.evidence.stamp import Stamper

log = structlog.get_logger()

OVER = WATCHED_FOR + timedelta(minutes=5)
"""After T nobody looks any more, and the last look has ended."""


@contextmanager
def evidence_in(
    folder: Path, order: WatchOrder, key: bytes | None, clock: Clock, authority: str
) -> Iterator[Evidence]:
    """A new folder, closed at the end. authority: where its roots are stamped; empty for nowhere.

    Raises CannotStart.
    """
    stamper = Stamper(authority, folder / STAMPS) if authority else None
    evidence = Evidence(folder, order, key, clock, stamper.rooted if stamper else lambda _: None)
    if stamper:
        stamper.begin(lambda said: evidence.add(Kind.STAMP, said))
    try:
        yield evidence
    finally:
        if stamper:
            stamper.close()
        evidence.close()


@dataclass
class _Open:
    order: WatchOrder
    evidence: Evidence
    end: ExitStack
    has_key: bool = False


class Archive:
    """May be used by several threads. key_of: the key to an order's contents, once it is out.

    What a witness that died had begun stays as it lies, and a new folder is begun beside it: a
    chain has one writer.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        key_of: Callable[[WatchOrder], bytes | None],
        authority: str = "",
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._key_of = key_of
        self._authority = authority
        self._lock = threading.Lock()
        self._open: dict[str, _Open] = {}

    def follow(self, order: WatchOrder) -> None:
        """From now on what is seen for its release is kept under this order. Raises CannotStart."""
        with self._lock:
            held = self._open.get(order.release)
            if held and held.order == order:
                return
            now = self._clock.now()
            for release, one in list(self._open.items()):
                if release == order.release or now > one.order.opens + OVER:
                    self._open.pop(release).end.close()
            end = ExitStack()
            evidence = end.enter_context(
                evidence_in(self._new(order), order, None, self._clock, self._authority)
            )
            self._open[order.release] = _Open(order, evidence, end)

    def keep(self, sighting: Sighting, answer: Answer) -> Sighting:
        """The sighting, naming its record; as it is if that could not be written. A disk that is
        full must not make us blind as well."""
        with self._lock:
            held = self._open.get(sighting.release)
            if held is None:
                return sighting
            try:
                key = None if held.has_key else self._key_of(held.order)
                if key:
                    held.has_key = True
                    held.evidence.key(key)
                return held.evidence.keep(sighting, answer)
            except OSError as failed:
                # What was half written cannot be gone on with; what was kept before it stands.
                log.error("evidence.ended", release=sighting.release, why=str(failed))
                with suppress(OSError):
                    self._open.pop(sighting.release).end.close()
                return sighting

    def close(self) -> None:
        with self._lock:
            while self._open:
                self._open.popitem()[1].end.close()

    def _new(self, order: WatchOrder) -> Path:
        name = f"{re.sub(r'[^A-Za-z0-9.-]+', '--', order.release)}-{order.issued:%Y%m%dT%H%M%SZ}"
        places = (self._folder / (f"{name}-{n}" if n else name) for n in count())
        return next(place for place in places if not place.exists())
