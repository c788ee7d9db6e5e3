"""Receipts of gates, from a file or an address: checked, and asked when something opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ninethirty.core.errors import CannotStart
from ninethirty.core.receipt import Receipt, What, check, signer
from ninethirty.core.schedule import Content
from ninethirty.desk.shelving.looked_at import fetch
from ninethirty.desk.shelving.words import told

LARGEST = 1 << 30


@dataclass(frozen=True)
class Receipts:
    """Those of one gate; each follows from the one before, and is signed by this key."""

    place: str
    key: str
    known: bool
    """The key is one we were told to trust."""
    receipts: tuple[Receipt, ...]


def read_receipts(place: str, trusted: Iterable[str]) -> Receipts:
    """Raises ChainBroken: one was changed, taken out or put in between.

    trusted: keys of gates; if there are none, the one that signed is taken, and is to be named.
    """
    lines = _bytes(place).splitlines()
    if not lines:
        raise CannotStart(f"{place}: expected receipts, found none")
    trusted = list(trusted)
    key = signer(lines[0])
    known = key in trusted
    if trusted and not known:
        key = trusted[0]  # so that the check names both
    return Receipts(place, key, known, tuple(check(lines, key)))


def about(all_receipts: Iterable[Receipts], path: str, digest: str) -> list[str]:
    """When these bytes opened at this path (empty: at any), by each gate."""
    return [
        f"  {_told(one)}"
        for receipts in all_receipts
        for one in receipts.receipts
        if one.shown
        and isinstance(one.shown.answer, Content)
        and one.shown.answer.digest == digest
        and path in ("", one.shown.path)
    ]


def unequal(all_receipts: Iterable[Receipts]) -> list[str]:
    """What some gate opened though another was told to hold it."""
    every = [one for receipts in all_receipts for one in receipts.receipts]
    held = {one.opening: one for one in every if one.what is What.HELD}
    return [
        f"UNEQUAL ACCESS: {one.shown.path} was held at {held[one.opening].gate} from "
        f"{held[one.opening].written.text()}, and opened at {one.gate} at {one.shown.opens.text()}"
        for one in every
        if one.shown and one.opening in held and one.gate != held[one.opening].gate
    ]


def checked(receipts: Receipts) -> str:
    """What was found of the chain itself."""
    last = receipts.receipts[-1]
    key = "" if receipts.known else f"; is this the key of {last.gate}? {receipts.key}"
    return f"  {len(receipts.receipts)} receipts of gate {last.gate} hold{key}"


def _told(one: Receipt) -> str:
    assert one.shown is not None
    first = (
        f"first answered with at {one.first.text()}"
        if one.first
        else f"nobody had asked for it by {one.written.text()}"
    )
    return (
        f"receipt {one.n} of gate {one.gate}: opened {told(one.shown.opens, 'UTC')}, {first} "
        f"(its clock was {one.clock})"
    )


def _bytes(place: str) -> bytes:
    if place.startswith(("http://", "https://")):
        return fetch(place, most_bytes=LARGEST)
    try:
        return Path(place).read_bytes()
    except OSError as wrong:
        raise CannotStart(f"--receipts {place} cannot be read: {wrong.strerror}") from wrong
