"""A browser's key as WebCrypto makes it, for tests without a browser."""

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ninethirty.core.browser_key import told
from ninethirty.core.times import Instant


def base64_of(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Browser:
    def __init__(self) -> None:
        self._private = generate_private_key(SECP256R1())
        raw = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.key = base64_of(raw)

    def asks(self, token: str, what: str, at: Instant) -> tuple[str, str]:
        """When, and the proof."""
        signed = self._private.sign(told(token, what, at.text()), ECDSA(SHA256()))
        r, s = decode_dss_signature(signed)
        return at.text(), base64_of(r.to_bytes(32) + s.to_bytes(32))
