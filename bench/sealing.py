"""A desk that signs many releases at once, without waiting for the disk."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

from ninethirty.core.document import SigningKey
from ninethirty.core.keyring import GateKey
from ninethirty.core.schedule import Content, Opening, write_document
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.shelf import Shelf

CLOCK = RealClock()
HTML = "text/html; charset=utf-8"

GATE_KEY = GateKey.new()


class Desk:
    """A shelf, with one gate let in, that takes many documents before it signs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "desk"
        self.key = SigningKey.new()
        self._shelf = Shelf(self.folder, self.key, site="bench.example", drill=False)
        self._shelf.let_in("gate", GATE_KEY.public, CLOCK.now())
        self._documents: dict[str, bytes] = {}

    def content(self, body: bytes, media_type: str = HTML) -> Content:
        with unsynced():
            return self._shelf.prepared(Content(self._shelf.put(body), len(body), media_type))

    def add(self, name: str, openings: Iterable[Opening]) -> None:
        self._documents[self._shelf._secret.opaque(name)] = write_document(name, list(openings))

    def add_many(self, releases: int, path: str, content: Content, opens: Instant) -> None:
        """Releases of one page each, at {path}/{number}."""
        for n in range(releases):
            self.add(f"release{path}/{n}", [Opening(f"{path}/{n}", opens, content)])

    def sign(self) -> None:
        with unsynced():
            self._shelf._sign(CLOCK.now(), self._documents, None)
        self._documents = {}

    def acknowledged(self) -> bool:
        """Does a gate stand for what was signed last?"""
        root = self._shelf.root()
        assert root is not None
        return any(
            json.loads(word.read_bytes())["version"] == root.version
            for word in (self.folder / "acknowledged").glob("*.json")
        )


@contextmanager
def unsynced() -> Iterator[None]:
    with mock.patch.object(os, "fsync"):
        yield


def yesterday() -> Instant:
    return CLOCK.now() - timedelta(days=1)
