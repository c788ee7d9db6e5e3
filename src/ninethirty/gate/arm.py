"""Put a new schedule in force, whole or not at all.

A gate pulls: the root, then the lists and documents that changed, then the files it does not hold.
Until everything is here and matches, the schedule in force stays in force.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ninethirty.core.document import Json, canonical, digest
from ninethirty.core.errors import DrillMixed, FileMissing, OlderVersion
from ninethirty.core.schedule import Content, Opening, Root, read_document, read_list, read_root
from ninethirty.core.times import Instant
from ninethirty.gate.memory import LOOK_EVERY
from ninethirty.gate.store import Store


class Source(Protocol):
    """Where schedules come from, and where acknowledgements go back."""

    def root(self) -> bytes | None: ...

    def open(self, name: str) -> BinaryIO:
        """Raises FileMissing."""
        ...

    def acknowledged(self, gate: str) -> str | None:
        """The root this gate last said it stands for."""
        ...

    def acknowledge(self, gate: str, document: Json) -> None: ...


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

    def acknowledged(self, gate: str) -> str | None:
        try:
            document = json.loads(self._acknowledgement(gate).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        root: str | None = document.get("root")
        return root

    def acknowledge(self, gate: str, document: Json) -> None:
        place = self._acknowledgement(gate)
        place.parent.mkdir(exist_ok=True)
        new = place.with_suffix(".new")
        new.write_bytes(canonical(document))
        new.replace(place)

    def _acknowledgement(self, gate: str) -> Path:
        return self._folder / "acknowledged" / f"{gate}.json"


@dataclass(frozen=True)
class Armed:
    """What the gate now stands for."""

    root: str
    version: int
    at: Instant


def arm(
    store: Store, source: Source, *, gate: str, trusted_key: str, drill: bool, now: Instant
) -> Armed | None:
    """Take the source's schedule if it is a newer one; None if there is nothing new.

    Raises:
        SealBroken, WrongKey, Malformed, ScheduleRefused: what is in force stays; tell a person.
        OSError, sqlite3.Error: the disk did not take it. What is in force stays here too.
    """
    offered = source.root()
    if offered is None:
        return None
    held = store.root()
    if offered == held:
        # The word may not have gone back: we, or the source, stopped between the two.
        if source.acknowledged(gate) != digest(offered):
            _acknowledge(source, gate, Armed(digest(offered), _version(held, trusted_key), now))
        return None
    root = read_root(offered, trusted_key)
    if root.drill != drill:
        kind, clock = ("a drill", "the real clock") if root.drill else ("a real", "a drill's clock")
        raise DrillMixed(f"{kind} schedule offered to a gate on {clock}")
    held_version = _version(held, trusted_key)
    if root.version <= held_version:
        raise OlderVersion(f"version {root.version} offered, {held_version} is in force")

    documents, dropped = _changes(store, source, root)
    openings: dict[str, Sequence[Opening]] = {}
    for name, (_, named) in documents.items():
        openings[name] = read_document(name, _fetch(store, source, named))
        for opening in openings[name]:
            if isinstance(opening.answer, Content):
                _hold(store, source, opening.answer.digest)
    store.put_in_force(offered, root.version, root.lists, documents, openings, dropped)
    time.sleep(2 * LOOK_EVERY)  # until no worker answers from the old one
    armed = Armed(digest(offered), root.version, now)
    _acknowledge(source, gate, armed)
    return armed


def _version(held: bytes | None, trusted_key: str) -> int:
    return read_root(held, trusted_key).version if held else 0


def _acknowledge(source: Source, gate: str, armed: Armed) -> None:
    source.acknowledge(
        gate, {"gate": gate, "root": armed.root, "version": armed.version, "at": armed.at.text()}
    )


def _changes(
    store: Store, source: Source, root: Root
) -> tuple[Mapping[str, tuple[str, str]], list[str]]:
    """Documents that are new or changed, as name -> (list, digest); and those that are gone."""
    held_lists = store.lists()
    changed: dict[str, tuple[str, str]] = {}
    gone: list[str] = []
    for in_list in sorted(held_lists.keys() | root.lists.keys()):
        if held_lists.get(in_list) == root.lists.get(in_list):
            continue
        held = store.documents(in_list)
        named = root.lists.get(in_list)
        offered = read_list(_fetch(store, source, named)) if named else {}
        gone += [name for name in held if name not in offered]
        changed |= {
            name: (in_list, document)
            for name, document in offered.items()
            if held.get(name) != document
        }
    return changed, gone


def _fetch(store: Store, source: Source, name: str) -> bytes:
    _hold(store, source, name)
    return store.read(name)


def _hold(store: Store, source: Source, name: str) -> None:
    # What lies here already is read through once more: a disk may have lost a bit since.
    if not store.intact(name):
        with source.open(name) as content:
            store.take(name, content)
