"""A key that a browser made and cannot give away: what it signs, that browser asked for.

A cookie can be copied to another machine and works there; a key that was made unextractable does
not. So a reader is known by one, and by nothing that travels.
"""

import math
from base64 import urlsafe_b64decode
from datetime import timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ninethirty.core.errors import NotAllowed, TimeError
from ninethirty.core.times import Instant

GOOD_FOR = timedelta(seconds=120)
"""Between asking and being asked; a proof is taken once only."""

_HALF = 32


def read_key(text: str) -> EllipticCurvePublicKey:
    """A public key on P-256 as WebCrypto exports it ("raw"), in base64 for addresses.

    Raises NotAllowed.
    """
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(text))
    except ValueError as wrong:
        raise NotAllowed(
            "the key of your browser could not be read; load the page again"
        ) from wrong


def check_proof(key: str, token: str, what: str, at: str, proof: str, now: Instant) -> None:
    """Did the browser with this key ask for `what` of this link, and just now?

    Raises NotAllowed.
    """
    public = read_key(key)
    try:
        signed, asked = _bytes(proof), Instant.parse(at)
        r, s = (int.from_bytes(half) for half in (signed[:_HALF], signed[_HALF:]))
        public.verify(encode_dss_signature(r, s), told(token, what, at), ECDSA(SHA256()))
    except (ValueError, InvalidSignature, TimeError) as wrong:
        raise NotAllowed(
            "this was not asked by the browser that you signed in with; sign in again"
        ) from wrong
    if math.fabs((now - asked).total_seconds()) > GOOD_FOR.total_seconds():
        raise NotAllowed("this was asked too long ago; load the page again")


def told(token: str, what: str, at: str) -> bytes:
    """What is signed."""
    return f"{token}\n{what}\n{at}".encode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
