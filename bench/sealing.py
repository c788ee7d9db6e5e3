"""A desk that signs many releases at once, without waiting for the disk."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.schedule import (
    Content,
    Opening,
    Root,
    list_for,
    write_document,
    write_list,
    write_root,
)
from ninethirty.core.times import Instant, RealClock

CLOCK = RealClock()
HTML = "text/html; charset=utf-8"


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "desk"
        self.key = SigningKey.new()
        self._documents: dict[str, dict[str, str]] = {}
        self._version = 0
        self._held: set[str] = set()

    def content(self, body: bytes, media_type: str = HTML) -> Content:
        return Content(self._put(body), len(body), media_type)

    def add(self, name: str, openings: Iterable[Opening]) -> None:
        document = self._put(write_document(name, list(openings)))
        self._documents.setdefault(list_for(name), {})[name] = document

    def add_many(self, releases: int, path: str, content: Content, opens: Instant) -> None:
        """Releases of one page each, at {path}/{number}."""
        for n in range(releases):
            self.add(f"release{path}/{n}", [Opening(f"{path}/{n}", opens, content)])

    def sign(self) -> None:
        self._version += 1
        lists = {name: self._put(write_list(named)) for name, named in self._documents.items()}
        root = Root("bench.example", self._version, False, lists)
        (self.folder / "root").write_bytes(write_root(root, self.key))

    def acknowledged(self) -> bool:
        """Does a gate stand for what was signed last?"""
        return any(
            json.loads(word.read_bytes())["version"] == self._version
            for word in (self.folder / "acknowledged").glob("*.json")
        )

    def _put(self, content: bytes) -> str:
        name = digest(content)
        place = self.folder / "objects" / name[:2] / name
        if name not in self._held:
            if not place.parent.exists():
                place.parent.mkdir(parents=True)
            place.write_bytes(content)
            self._held.add(name)
        return name


def yesterday() -> Instant:
    return CLOCK.now() - timedelta(days=1)
