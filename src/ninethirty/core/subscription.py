"""Who is told by mail, and the links by which they, and nobody else, change that."""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ninethirty.core.errors import Malformed
from ninethirty.core.letter import Sent

REF_BYTES = 16
_SIGNED_BYTES = 16
LONGEST_ADDRESS = 254
"""RFC 5321, section 4.5.3.1.3, without the angle brackets."""

# Narrower than RFC 5321 allows: nothing in it can end an SMTP command or a header.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+[A-Za-z]"
    r"[A-Za-z0-9-]{0,62}"
)


@dataclass(frozen=True)
class Wish:
    """What somebody asked for. topic: the path of the page of a series or a producer, as
    "/series/gdp". late: also when it is late. told: it is confirmed, and mail reaches them."""

    id: int
    address: str
    topic: str
    late: bool
    told: bool


def read_address(text: str) -> str:
    """An address as we keep it: without white space around it, its domain in small letters.

    Raises:
        Malformed: in a sentence for whoever typed it.
    """
    address = text.strip()
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise Malformed("That is not an address we can write to. Expected one like me@example.org.")
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


def to_be_told(wishes: Iterable[Wish], topics: Collection[str], *, late: bool) -> list[int]:
    """Ids of those to write to, in order: one of each address, however many topics it has."""
    chosen: dict[str, int] = {}
    for wish in wishes:
        if wish.told and wish.topic in topics and (wish.late or not late):
            name = wish.address.casefold()
            chosen[name] = min(wish.id, chosen.get(name, wish.id))
    return sorted(chosen.values())


def token(key: bytes, act: Sent, ref: bytes) -> str:
    """What a link holds: for one act on one subscription; says nothing to whoever reads it."""
    return urlsafe_b64encode(ref + _signature(key, act, ref)).decode().rstrip("=")


def read_token(key: bytes, act: Sent, token: str) -> bytes:
    """The ref of the subscription. Raises Malformed: not one that we made for this act."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError as wrong:
        raise Malformed("not a token of ours") from wrong
    ref = raw[:REF_BYTES]
    if not hmac.compare_digest(raw[REF_BYTES:], _signature(key, act, ref)):
        raise Malformed("not a token of ours")
    return ref


def _signature(key: bytes, act: Sent, ref: bytes) -> bytes:
    return hmac.digest(key, f"{act} ".encode() + ref, "sha256")[:_SIGNED_BYTES]
