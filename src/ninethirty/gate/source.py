"""Where a gate takes schedules from, and where its word goes back to."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from ninethirty.core.document import Json, canonical
from ninethirty.core.errors import FileMissing, NinethirtyError, OutsideFailed


class Source(Protocol):
    """Where schedules come from, and where acknowledgements go back."""

    def root(self) -> bytes | None:
        """Raises OutsideFailed or OSError: it cannot be asked now."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Raises FileMissing; OutsideFailed: it cannot be asked now."""
        ...

    def acknowledged(self, gate: str) -> Json | None:
        """What this gate last said here."""
        ...

    def acknowledge(self, gate: str, document: Json) -> None: ...

    def hand_in(self, gate: str, name: str, letter: bytes) -> None:
        """A letter of a reader. Given twice under one name, it is one. Raises as `root` does."""
        ...


class Folder:
    """A source on the same machine: the desk's own store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def root(self) -> bytes | None:
        try:
            return (self._folder / "root").read_bytes()
        except FileNotFoundError:
            return None

    def open(self, name: str) -> BinaryIO:
        try:
            return (self._folder / "objects" / name[:2] / name).open("rb")
        except FileNotFoundError as missing:
            raise FileMissing(f"{name[:12]}…: not in {self._folder}") from missing

    def acknowledged(self, gate: str) -> Json | None:
        try:
            return as_said(self._acknowledgement(gate).read_bytes())
        except FileNotFoundError:
            return None

    def acknowledge(self, gate: str, document: Json) -> None:
        place = self._acknowledgement(gate)
        place.parent.mkdir(exist_ok=True)
        new = place.with_suffix(".new")
        new.write_bytes(canonical(document))
        new.replace(place)

    def hand_in(self, gate: str, name: str, letter: bytes) -> None:
        place = self._folder / "inbox" / f"{gate}-{name}"
        place.parent.mkdir(exist_ok=True)
        new = place.with_suffix(".new")
        new.write_bytes(letter)
        new.replace(place)

    def _acknowledgement(self, gate: str) -> Path:
        return self._folder / "acknowledged" / f"{gate}.json"


class Backed:
    """A source; what it does not have is asked of the others, in order."""

    def __init__(self, first: Source, others: Sequence[Source]) -> None:
        self._all = (first, *others)
        self.root = first.root
        self.acknowledged = first.acknowledged
        self.acknowledge = first.acknowledge
        self.hand_in = first.hand_in

    def open(self, name: str) -> BinaryIO:
        missed: list[NinethirtyError] = []
        for source in self._all:
            try:
                return source.open(name)
            except (FileMissing, OutsideFailed) as missing:
                missed.append(missing)
        raise missed[0]


def as_said(data: bytes) -> Json | None:
    """An acknowledgement as it was written; None if it cannot be read, and is to be said again."""
    try:
        said = json.loads(data)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
