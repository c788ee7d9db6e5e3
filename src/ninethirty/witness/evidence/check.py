"""Whether evidence is as it was written: no byte, line or record changed, lost, added or moved."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ninethirty.core.document import digest
from ninethirty.core.errors import DocumentError
from ninethirty.witness.evidence.chain import CHAIN, HEAD, Kind, Line, read_chain
from ninethirty.witness.evidence.exchanges import WARC
from ninethirty.witness.evidence.merkle import root

STAMPS = "stamps"


@dataclass(frozen=True)
class Checked:
    """wrong: what does not fit, in sentences; none if all is as it was written."""

    lines: int
    sightings: int
    roots: tuple[str, ...]
    stamped: tuple[str, ...]
    wrong: tuple[str, ...]


def check(folder: Path) -> Checked:
    """Raises CannotStart if there is no evidence at all."""
    lines: list[Line] = []
    wrong: list[str] = []
    try:
        for line in read_chain(folder):
            lines.append(line)
    except DocumentError as broken:
        wrong.append(str(broken))
    wrong += _ended(lines)
    wrong += _head(folder, lines)
    try:
        wrong += _roots(lines)
        wrong += _records(folder, lines)
        wrong += _stamps(folder, lines)
        wrong += _strangers(folder, lines)
    except (KeyError, TypeError, ValueError, AttributeError) as strange:
        wrong.append(f"{CHAIN}: a line does not say what lines of its kind say ({strange!r})")
    return Checked(
        len(lines),
        sum(line.kind is Kind.SIGHTING for line in lines),
        tuple(str(line.said.get("root")) for line in lines if line.kind is Kind.ROOT),
        tuple(str(line.said.get("root")) for line in lines if line.kind is Kind.STAMP),
        tuple(wrong),
    )


def _ended(lines: Sequence[Line]) -> Iterator[str]:
    ends = [line.n for line in lines if line.kind is Kind.ENDED]
    if not ends:
        yield f"{CHAIN}: not closed; the watch was broken off, or its end is missing"
    elif ends != [len(lines) - 1]:
        yield f"{CHAIN} line {ends[0] + 1}: closed here, and yet it goes on"


def _head(folder: Path, lines: Sequence[Line]) -> Iterator[str]:
    try:
        found = (folder / HEAD).read_bytes()
    except OSError:
        yield f"{HEAD}: missing"
        return
    expected = f"{len(lines)} {digest(lines[-1].raw)}\n".encode() if lines else b""
    if found != expected:
        yield f"{HEAD}: expected {expected.decode().strip()}, found {found[:80]!r}"


def _roots(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        if line.kind is Kind.ROOT:
            first, many = line.said["first"], line.said["lines"]
            found = root([each.raw for each in lines[first : first + many]])
            if found != line.said["root"]:
                where = f"{CHAIN} line {line.n + 1}"
                yield f"{where}: root {line.said['root'][:12]}…, found {found[:12]}…"


def _records(folder: Path, lines: Sequence[Line]) -> Iterator[str]:
    """The records lie one after another as the chain names them, with nothing between."""
    named: list[tuple[Line, dict[str, Any]]] = []
    for line in lines:
        if line.kind is Kind.BEGUN:
            named.append((line, line.said["record"]))
        if line.kind is Kind.SIGHTING:
            named += [(line, record) for record in line.said["records"]]
            if line.said["sighting"]["evidence"] != line.said["records"][-1]["digest"]:
                yield f"{CHAIN} line {line.n + 1}: the sighting names another record"
    try:
        file = (folder / WARC).open("rb")
    except OSError:
        yield f"{WARC}: missing"
        return
    with file:
        end = 0
        for line, record in named:
            where = f"{WARC} at {record['offset']} (line {line.n + 1})"
            found = file.read(record["size_bytes"])
            if record["offset"] != end or len(found) != record["size_bytes"]:
                yield f"{where}: expected {record['size_bytes']} bytes, found {len(found)}"
                return
            if digest(found) != record["digest"]:
                yield f"{where}: sealed as {record['digest'][:12]}…, found {digest(found)[:12]}…"
            end += len(found)
        if file.read(1):
            yield f"{WARC}: goes on after byte {end}, where its last record ends"


def _stamps(folder: Path, lines: Sequence[Line]) -> Iterator[str]:
    roots = {line.said["root"] for line in lines if line.kind is Kind.ROOT}
    for line in lines:
        if line.kind is not Kind.STAMP:
            continue
        name = f"{STAMPS}/{line.said['file']}"
        try:
            found = digest((folder / name).read_bytes())
        except OSError:
            yield f"{name}: missing"
            continue
        if found != line.said["digest"]:
            yield f"{name}: sealed as {line.said['digest'][:12]}…, found {found[:12]}…"
        if line.said["root"] not in roots:
            yield f"{CHAIN} line {line.n + 1}: a stamp on a root that is not there"


def _strangers(folder: Path, lines: Sequence[Line]) -> Iterator[str]:
    known = {CHAIN, HEAD, WARC}
    known |= {f"{STAMPS}/{line.said['file']}" for line in lines if line.kind is Kind.STAMP}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name not in known and not re.fullmatch(STAMPS, name):
            yield f"{name}: not part of this evidence"
