"""A signature on what we send to an address of somebody's choosing, so that they know it is ours.

    Ninethirty-Signature: t=2026-12-01T09:30:20.000000Z,v1=<HMAC-SHA256 of "t.body", in hex>

The time is signed too, so that an old word cannot be sent again as a new one.
"""

import hashlib
import hmac
from datetime import timedelta

from ninethirty.core.errors import Malformed, NotAnInstant, SealBroken
from ninethirty.core.times import Instant

HEADER = "Ninethirty-Signature"

FRESH = timedelta(minutes=5)
"""How far the sender's clock and ours may be apart, delivery included."""


def sign(secret: str, at: Instant, body: bytes) -> str:
    """The value of the header."""
    return f"t={at.text()},v1={_signature(secret, at.text(), body)}"


def check(secret: str, signature: str, body: bytes, now: Instant) -> None:
    """What whoever receives it does.

    Raises:
        Malformed: not such a signature. SealBroken: another secret, other bytes, or too old.
    """
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    try:
        at = Instant.parse(parts["t"])
        given = parts["v1"]
    except (KeyError, NotAnInstant) as wrong:
        raise Malformed(f"{HEADER}: expected t=INSTANT,v1=HEX ({wrong})") from wrong
    if not hmac.compare_digest(_signature(secret, parts["t"], body).encode(), given.encode()):
        raise SealBroken(f"{HEADER}: the signature does not fit the content")
    if abs(now - at) > FRESH:
        raise SealBroken(f"{HEADER}: signed at {at.text()}, which is not now ({now.text()})")


def _signature(secret: str, at: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
