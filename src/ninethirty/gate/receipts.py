"""The one writer of a gate's receipts.

    STORE/receipts.jsonl    one receipt a line, each tied to the one before (see core/receipt.py)

A few seconds after an opening it has heard from every worker, and writes when the first answer was
given, or that nobody had asked. Nothing of it is on the path of an answer.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import structlog

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart, Malformed
from ninethirty.core.receipt import Receipt, What, link, name_of, write_receipt
from ninethirty.core.times import Instant
from ninethirty.gate.clock import GateClock
from ninethirty.gate.notes import Heard, Note
from ninethirty.gate.owed import Owed
from ninethirty.gate.store import Store

NAME = "receipts.jsonl"

LOOK_EVERY = 0.5
GRACE = 1.5
"""Real seconds. Together well below the five within which a receipt is to be written, and well
above what a worker takes to hand over what it noted."""

AT_ONCE = 500
"""Receipts brought to the disk together."""

log = structlog.get_logger()


def receipt_key(file: Path) -> SigningKey:
    """The gate's own key, made at its first start.

    Raises:
        CannotStart: it cannot be read or written, or is none.
    """
    try:
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return SigningKey.read(file.read_text())
        with open(handle, "w") as target:  # noqa: PTH123  # a handle, not a path
            key = SigningKey.new()
            target.write(key.secret() + "\n")
            target.flush()
            os.fsync(handle)
            return key
    except (OSError, Malformed, UnicodeDecodeError) as wrong:
        raise CannotStart(f"--receipt-key {file}: {wrong}") from wrong


class Receipts:
    """The file, to be written by one process."""

    def __init__(self, store: Path, *, gate: str, key: SigningKey) -> None:
        self.place = store / NAME
        self._gate = gate
        self._key = key
        self._mend()
        last = _last_line(self.place)
        self._previous = link(last) if last else ""
        self.count: int = json.loads(last)["body"]["n"] if last else 0

    def written(self, asked: Iterable[Owed]) -> set[Owed]:
        """Which of these are written already."""
        wanted: dict[tuple[str, str], list[Owed]] = {}
        for one in asked:
            wanted.setdefault((str(one.what), name_of(one.opening)), []).append(one)
        found: set[Owed] = set()
        with self.place.open("rb") as lines:
            for line in lines:
                body = json.loads(line)["body"]
                for one in wanted.get((body["what"], body["opening"]), ()):
                    # What was held twice was owed anew after it was written.
                    if body["written"] >= one.due.text():
                        found.add(one)
        return found

    def append(self, rows: Iterable[tuple[Owed, Instant | None]], clock: GateClock) -> None:
        """All of them are on the disk when this returns; none if it raises OSError.

        rows: what is owed, and when it was first answered with.
        """
        previous, count = self._previous, self.count
        lines: list[bytes] = []
        for one, first in rows:
            count += 1
            receipt = Receipt(
                gate=self._gate,
                n=count,
                previous=previous,
                what=one.what,
                opening=name_of(one.opening),
                written=clock.now(),
                clock=clock.trust(),
                # What was held must not be told: it may open yet, here or elsewhere.
                shown=None if one.what is What.HELD else one.opening,
                first=first,
            )
            lines.append(write_receipt(receipt, self._key) + b"\n")
            previous = link(lines[-1][:-1])
        size_bytes = self.place.stat().st_size
        try:
            with self.place.open("ab") as file:
                file.write(b"".join(lines))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            os.truncate(self.place, size_bytes)
            raise
        self._previous, self.count = previous, count

    def _mend(self) -> None:
        """Put aside what a power cut left of a last line; it was never finished."""
        with self.place.open("a+b") as file:
            size_bytes = file.seek(0, os.SEEK_END)
            whole = _end_of_last_line(file.fileno(), size_bytes)
            if whole == size_bytes:
                return
            torn = os.pread(file.fileno(), size_bytes - whole, whole)
            aside = self.place.with_name(f"{NAME}.torn-{whole}")
            aside.write_bytes(torn)
            file.truncate(whole)
            os.fsync(file.fileno())
        log.error("gate.receipt_torn", bytes=len(torn), kept_at=str(aside))


class Writer:
    """Pays what is owed."""

    def __init__(self, store: Store, heard: Heard, receipts: Receipts, clock: GateClock) -> None:
        self._store = store
        self._heard = heard
        self._receipts = receipts
        self._clock = clock
        self._starting = True
        self._changes = -1
        self._until: Instant | None = None
        self._due: dict[Owed, float] = {}
        self._paid: set[Owed] = set()
        self._first: dict[str, list[Note]] = {}

    def look(self) -> None:
        """Write what has come due and had its time."""
        now = self._clock.now()
        self._look_for_due(now)
        for note in self._heard.new():
            self._first.setdefault(note.path, []).append(note)
        ripe = [one for one, since in self._due.items() if time.monotonic() - since >= GRACE]
        for begin in range(0, len(ripe), AT_ONCE):
            some = ripe[begin : begin + AT_ONCE]
            self._receipts.append([(one, self._first_answer(one)) for one in some], self._clock)
            self._paid.update(some)
            for one in some:
                del self._due[one]
        if not self._due:
            # But what opened since we looked is not yet known to be due.
            self._first = {
                path: later
                for path, notes in self._first.items()
                if (later := [note for note in notes if note.at >= now])
            }

    def _look_for_due(self, now: Instant) -> None:
        changes = self._store.changes()
        if changes != self._changes:
            # A schedule was taken, perhaps with something due before now.
            self._store.pay(self._paid)
            self._paid.clear()
            self._until = None
            self._changes = changes
        came = self._store.owed(self._until, now)
        if self._starting:
            # We may have written some before, and died before they were taken out.
            self._paid |= self._receipts.written(came)
            self._starting = False
        for one in came:
            if one not in self._paid:
                self._due.setdefault(one, time.monotonic())
        self._until = now

    def _first_answer(self, owed: Owed) -> Instant | None:
        opening = owed.opening
        return min(
            (
                note.at
                for note in self._first.get(opening.path, ())
                if note.answer == opening.answer and note.at >= opening.opens
            ),
            default=None,
        )


def start(store: Store, receipts: Receipts, clock: GateClock) -> None:
    threading.Thread(
        target=_write, args=(store, receipts, clock), name="receipts", daemon=True
    ).start()


def _write(store: Store, receipts: Receipts, clock: GateClock) -> None:
    writer = Writer(store, Heard(store.folder), receipts, clock)
    said = ""
    while True:
        time.sleep(LOOK_EVERY)
        try:
            writer.look()
            said = ""
        except (OSError, sqlite3.Error) as full:
            if str(full) != said:
                said = str(full)
                log.error("gate.receipt_not_written", reason=said)


def _last_line(place: Path) -> bytes:
    """Without its end; empty if there is none."""
    with place.open("rb") as file:
        end = file.seek(0, os.SEEK_END) - 1
        begin = _end_of_last_line(file.fileno(), end)
        return os.pread(file.fileno(), end - begin, begin) if end > 0 else b""


def _end_of_last_line(file: int, size_bytes: int) -> int:
    """Where the last whole line within these first bytes ends; 0 if there is none."""
    end = size_bytes
    while end > 0:
        begin = max(0, end - 4096)
        place = os.pread(file, end - begin, begin).rfind(b"\n")
        if place >= 0:
            return begin + place + 1
        end = begin
    return 0
