"""What a gate says of each opening afterwards: signed, and each tied to the one before.

A receipt is a line of canonical JSON, signed by the gate's own key; it holds the digest of the line
before it. So whoever has the lines and the key can tell that none was changed, taken out or put in
between. That none was cut off at the end can be told by whoever has a later line.

What did not open is named by a digest alone, from which nobody can tell what it would have been.
Whoever sees it open elsewhere can compute the same digest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ninethirty.core.document import Json, SigningKey, canonical, digest, open_signed, parse
from ninethirty.core.errors import (
    ChainBroken,
    DocumentError,
    Malformed,
    NotAnInstant,
    ScheduleRefused,
)
from ninethirty.core.guard import Trust
from ninethirty.core.schedule import Answer, Gone, Opening, check_path, read_answer, write_answer
from ninethirty.core.times import Instant

RECEIPT = "receipt"


class What(StrEnum):
    OPENED = "opened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    HELD = "held"


@dataclass(frozen=True)
class Receipt:
    """One line. `n` counts from 1; `previous` is the digest of the line before, empty for the
    first."""

    gate: str
    n: int
    previous: str
    what: What
    opening: str
    """Names the opening; see `name_of`."""
    written: Instant
    clock: Trust
    shown: Opening | None
    """What opened, where and when; None: it did not."""
    first: Instant | None
    """When the gate first answered with it; None: nobody had asked when this was written."""


def what_came_of(answer: Answer | None) -> What:
    match answer:
        case None:
            return What.CLOSED
        case Gone():
            return What.WITHDRAWN
        case _:
            return What.OPENED


def name_of(opening: Opening) -> str:
    """The digest by which an opening is known, before and after it opens."""
    return digest(canonical([opening.path, opening.opens.text(), write_answer(opening.answer)]))


def write_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    """The line, without its end."""
    shown = receipt.shown
    return key.sign(
        RECEIPT,
        {
            "gate": receipt.gate,
            "n": receipt.n,
            "previous": receipt.previous,
            "what": str(receipt.what),
            "opening": receipt.opening,
            "written": receipt.written.text(),
            "clock": str(receipt.clock),
            "path": shown.path if shown else None,
            "opens": shown.opens.text() if shown else None,
            "answer": write_answer(shown.answer) if shown else None,
            "first": receipt.first.text() if receipt.first else None,
        },
    )


def read_receipt(line: bytes, trusted_key: str) -> Receipt:
    """Raises Malformed, WrongKey or SealBroken: it is not what that gate wrote."""
    body = open_signed(RECEIPT, line, trusted_key)
    try:
        receipt = Receipt(
            gate=_text(body["gate"]),
            n=int(body["n"]),
            previous=_text(body["previous"]),
            what=What(body["what"]),
            opening=_text(body["opening"]),
            written=Instant.parse(body["written"]),
            clock=Trust(body["clock"]),  # type: ignore[call-arg]  # looked up by value alone
            shown=_shown(body),
            first=Instant.parse(body["first"]) if body["first"] else None,
        )
    except (KeyError, TypeError, ValueError, NotAnInstant, ScheduleRefused) as wrong:
        raise Malformed(f"not a receipt ({wrong!r})") from wrong
    if receipt.shown and name_of(receipt.shown) != receipt.opening:
        raise Malformed(f"receipt {receipt.n}: names another opening than it shows")
    return receipt


def signer(line: bytes) -> str:
    """Whose key a line says it was signed with. That proves nothing until the gate's owner says it
    is theirs.

    Raises Malformed: it is no receipt.
    """
    match parse(line):
        case {"kind": "receipt", "key": str(key)}:
            return key
        case _:
            raise Malformed("not a receipt")


def link(line: bytes) -> str:
    """What the next line holds of this one."""
    return digest(line)


def check(lines: Iterable[bytes], trusted_key: str) -> Iterator[Receipt]:
    """Each receipt in turn, once it is known to follow from those before.

    Raises:
        ChainBroken: one was changed, taken out, or put in between. Those before it hold.
    """
    previous = ""
    for n, line in enumerate(lines, 1):
        try:
            receipt = read_receipt(line, trusted_key)
        except DocumentError as wrong:
            raise ChainBroken(f"receipt {n}: {wrong}") from wrong
        if (receipt.n, receipt.previous) != (n, previous):
            raise ChainBroken(
                f"receipt {n}: expected one that follows {previous[:12] or 'nothing'}…, found "
                f"receipt {receipt.n}, which follows {receipt.previous[:12] or 'nothing'}…"
            )
        yield receipt
        previous = link(line)


def _shown(body: Json) -> Opening | None:
    if body["path"] is None:
        return None
    opening = Opening(
        _text(body["path"]), Instant.parse(body["opens"]), read_answer(body["answer"])
    )
    check_path(opening.path)
    return opening


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed(f"{value!r}: expected a text")
    return value
