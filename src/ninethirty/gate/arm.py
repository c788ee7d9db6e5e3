"""Put a new schedule in force, whole or not at all.

A gate pulls: the root, then the lists and documents that changed, then the files it does not hold.
Until everything is here and matches, the schedule in force stays in force.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from ninethirty.core.document import Json, digest
from ninethirty.core.errors import ClockNotTrusted, DrillMixed, Malformed, OlderVersion
from ninethirty.core.guard import check_may_arm
from ninethirty.core.keyring import open_document, open_keyring, read_keyring
from ninethirty.core.schedule import (
    IDENTITY,
    Content,
    Root,
    read_any_document,
    read_list,
    read_root,
    signer,
)
from ninethirty.core.times import Instant
from ninethirty.gate.clock import GateClock
from ninethirty.gate.memory import LOOK_EVERY
from ninethirty.gate.source import Source
from ninethirty.gate.store import Document, Store


@dataclass(frozen=True)
class Armed:
    """What the gate now stands for."""

    root: str
    version: int
    at: Instant


def arm(
    store: Store, source: Source, *, gate: str, trusted_key: str, clock: GateClock
) -> Armed | None:
    """Take the source's schedule if it is a newer one; None if there is nothing new.

    trusted_key: the desk's, until a root is held; then whichever key signed that.

    Raises:
        NotLetIn: the desk has not let this gate in, or no longer.
        ClockNotTrusted: it adds something, and the clock is in doubt. The source is told.
        SealBroken, WrongKey, Malformed, ScheduleRefused: what is in force stays; tell a person.
        OSError, sqlite3.Error: the disk did not take it. What is in force stays here too.
    """
    offered = source.root()
    if offered is None:
        return None
    held = store.root()
    if held:
        trusted_key = signer(held, trusted_key)
    stands = Armed(digest(held or b""), _version(held, trusted_key), clock.now())
    if offered == held:
        # The word may not have gone back: we, or the source, stopped between the two. Or the clock
        # has come to be in doubt since, or is no longer.
        _acknowledge(store, source, gate, stands, clock)
        return None
    root = read_root(offered, trusted_key)
    if root.drill != clock.drill:
        kind, shown = ("a drill", "the real clock") if root.drill else ("a real", "a drill's clock")
        raise DrillMixed(f"{kind} schedule offered to a gate on {shown}")
    if root.version <= stands.version:
        raise OlderVersion(f"version {root.version} offered, {stands.version} is in force")

    ring = read_keyring(_fetch(store, source, root.keyring))
    keys = open_keyring(ring, root.site, gate, store.key)
    changed, dropped = _changes(store, source, root)
    documents: dict[str, Document] = {}
    for opaque, (in_list, named) in changed.items():
        name, openings = read_any_document(
            open_document(keys, opaque, _fetch(store, source, named))
        )
        for opening in openings:
            if isinstance(opening.answer, Content):
                _hold_file(store, source, opening.path, opening.answer)
        documents[opaque] = Document(in_list, named, name, openings)
    try:
        check_may_arm(
            clock.trust(),
            held=store.openings_of([*documents, *dropped]),
            offered=chain.from_iterable(document.openings for document in documents.values()),
        )
    except ClockNotTrusted as refused:
        _acknowledge(store, source, gate, stands, clock, refused=str(refused))
        raise
    store.put_in_force(
        offered, root.version, root.keyring, root.lists, documents, dropped, clock.now()
    )
    time.sleep(2 * LOOK_EVERY)  # until no worker answers from the old one
    armed = Armed(digest(offered), root.version, clock.now())
    _acknowledge(store, source, gate, armed, clock)
    return armed


def _version(held: bytes | None, trusted_key: str) -> int:
    return read_root(held, trusted_key).version if held else 0


def _acknowledge(
    store: Store,
    source: Source,
    gate: str,
    stands: Armed,
    clock: GateClock,
    *,
    refused: str = "",
) -> None:
    """Say what the gate stands for, and how far its clock can be trusted, unless that was heard.

    refused: why it does not stand for what the source offers now.
    """
    said: Json = {
        "gate": gate,
        "key": store.key.public,
        "root": stands.root,
        "version": stands.version,
        "clock": str(clock.trust()),
        "refused": refused,
    }
    heard = source.acknowledged(gate) or {}
    if any(heard.get(name) != value for name, value in said.items()):
        off = clock.offset()
        offset_ms = None if off is None else off // 1_000_000
        source.acknowledge(gate, {**said, "at": stands.at.text(), "clock_offset_ms": offset_ms})


def _changes(
    store: Store, source: Source, root: Root
) -> tuple[Mapping[str, tuple[str, str]], list[str]]:
    """Documents that are new or changed, as opaque name -> (list, object); and those gone."""
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


def _hold_file(store: Store, source: Source, path: str, content: Content) -> None:
    if IDENTITY not in content.lies:
        raise Malformed(f"{path}: the schedule does not say where its file lies")
    for lying in content.lies.values():
        _hold(store, source, lying.object)


def _fetch(store: Store, source: Source, name: str) -> bytes:
    _hold(store, source, name)
    return store.read(name)


def _hold(store: Store, source: Source, name: str) -> None:
    # What lies here already is read through once more: a disk may have lost a bit since.
    if not store.intact(name):
        with source.open(name) as content:
            store.take(name, content)
