"""Keeps what a watch saw while it sees it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ninethirty.core.document import Json, SigningKey, digest
from ninethirty.core.sighting import Sighting, document
from ninethirty.core.times import Clock, Instant
from ninethirty.core.watch import WatchOrder, write_order
from ninethirty.witness.ask import Answer
from ninethirty.witness.evidence.chain import Chain, Kind
from ninethirty.witness.evidence.exchanges import Exchanges
from ninethirty.witness.evidence.merkle import root
from ninethirty.witness.probe import SOFTWARE


class Evidence:
    """One folder for one watch. May be used by several threads.

    key: with which content is compared; None as long as nobody has it. rooted: told each Merkle
    root, and may `add` what came of it later.
    """

    def __init__(
        self,
        folder: Path,
        order: WatchOrder,
        key: bytes | None,
        clock: Clock,
        rooted: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._rooted = rooted
        self._lock = threading.Lock()
        self._chain = Chain(folder)
        self._exchanges = Exchanges(folder)
        self._leaves: list[bytes] = []
        self._first_leaf = 0
        self._certificates: set[str] = set()
        now = clock.now()
        self._minute = _minute(now)
        # Signed only to have its own form; it proves nothing more than the chain does.
        signing = SigningKey.new()
        self.add(
            Kind.BEGUN,
            {
                "at": now.text(),
                "software": SOFTWARE,
                "order": write_order(order, signing).decode(),
                "order_key": signing.public,
                "record": self._exchanges.begin(SOFTWARE, now).document(),
            },
        )
        if key is not None:
            self.key(key)

    def key(self, key: bytes) -> None:
        """From now on content can be compared."""
        self.add(Kind.KEY, {"key": key.hex()})

    def keep(self, sighting: Sighting, answer: Answer) -> Sighting:
        """The sighting, naming its record."""
        with self._lock:
            stored = [
                record
                for hop in answer.hops
                for record in self._exchanges.keep(hop, sighting.started)
            ]
            sighting = replace(sighting, evidence=stored[-1].digest)
            said: Json = {
                "sighting": document(sighting),
                "records": [record.document() for record in stored],
                "certificates": self._certificate_chain(answer),
            }
            self._add(Kind.SIGHTING, said)
        return sighting

    def add(self, kind: Kind, said: Json) -> None:
        with self._lock:
            self._add(kind, said)

    def close(self) -> None:
        with self._lock:
            self._add_root()
            self._chain.add(Kind.ENDED, {"at": self._clock.now().text()})
            self._chain.close()
            self._exchanges.close()

    def root_now(self) -> None:
        """Without waiting for the end of the minute: a verdict was given."""
        with self._lock:
            self._add_root()

    def _certificate_chain(self, answer: Answer) -> str:
        """The digest of the chain that was shown, which is kept when it is new; empty for none."""
        shown = answer.last.certificates
        if not shown:
            return ""
        name = digest("".join(shown).encode())
        if name not in self._certificates:
            self._certificates.add(name)
            self._add(Kind.CERTIFICATES, {"digest": name, "chain": list(shown)})
        return name

    def _add(self, kind: Kind, said: Json) -> None:
        minute = _minute(self._clock.now())
        if minute != self._minute:
            self._minute = minute
            self._add_root()
        self._leaves.append(self._chain.add(kind, said))

    def _add_root(self) -> None:
        if not self._leaves:
            return
        found = root(self._leaves)
        said = {"first": self._first_leaf, "lines": len(self._leaves), "root": found}
        line = self._chain.add(Kind.ROOT, said)
        self._chain.note_head()
        self._first_leaf += len(self._leaves)
        # A root is a leaf of the next: so each vouches for all before it.
        self._leaves = [line]
        self._rooted(found)


def _minute(at: Instant) -> Instant:
    return at.replace(second=0, microsecond=0)
