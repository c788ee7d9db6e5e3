"""Documents the rooms exchange: one byte string per meaning, a digest, a signature.

Canonical JSON (sorted keys, no spaces, UTF-8, no floats) so that two machines that mean the same
sign the same bytes.
"""

import hashlib
import hmac
import json
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ninethirty.core.errors import Malformed, SealBroken, WrongKey

Json = dict[str, Any]


def canonical(value: Any) -> bytes:
    """Raises Malformed for a float (its text differs between machines), a name that is not text
    (1 and "1" would be one) or a foreign type."""
    try:
        _check_values(value)
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as wrong:
        raise Malformed(f"cannot be written as a document: {wrong}") from wrong


def parse(data: bytes) -> Any:
    """Read canonical bytes; other bytes with the same meaning are refused."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise Malformed(f"not a document: {wrong}") from wrong
    if canonical(value) != data:
        raise Malformed("not in canonical form: the same meaning would have two digests")
    return value


def digest(data: bytes) -> str:
    """SHA-256 in hex: the name by which a file or document is kept."""
    return hashlib.sha256(data).hexdigest()


def keyed(key: bytes, plain_digest: str) -> str:
    """What a watch order says of a file before T: useless without the key, which opens at T."""
    return hmac.new(key, plain_digest.encode(), hashlib.sha256).hexdigest()


class SigningKey:
    """An Ed25519 key of the desk."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw().hex()

    @classmethod
    def new(cls) -> Self:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, text: str) -> Self:
        try:
            return cls(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip())))
        except ValueError as wrong:
            raise Malformed("not a signing key: 64 hexadecimal digits are expected") from wrong

    def secret(self) -> str:
        return self._private.private_bytes_raw().hex()

    def sign(self, kind: str, body: Json) -> bytes:
        """A signed document. The kind is signed too, so that one kind cannot pass for another."""
        signature = self._private.sign(_signed_part(kind, body))
        return canonical(
            {"kind": kind, "body": body, "key": self.public, "signature": signature.hex()}
        )


def open_signed(kind: str, data: bytes, trusted_key: str) -> Json:
    """The body of a document signed by the key we trust.

    Raises:
        Malformed, WrongKey, SealBroken: none of its content may be used.
    """
    envelope = parse(data)
    if not isinstance(envelope, dict) or set(envelope) != {"kind", "body", "key", "signature"}:
        raise Malformed(f"{kind}: not a signed document")
    if envelope["kind"] != kind:
        raise Malformed(f"expected a {kind}, found a {envelope['kind']}")
    if envelope["key"] != trusted_key:
        raise WrongKey(
            f"{kind}: signed by {str(envelope['key'])[:12]}…, expected {trusted_key[:12]}…"
        )
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(trusted_key))
    try:
        signature = bytes.fromhex(envelope["signature"])
        if signature.hex() != envelope["signature"]:
            # Capitals or spaces: the same signature, but a document with another digest.
            raise ValueError("a signature is written in small hexadecimal digits")
        public.verify(signature, _signed_part(kind, envelope["body"]))
    except (InvalidSignature, ValueError, TypeError) as broken:
        raise SealBroken(f"{kind}: the signature does not fit the content") from broken
    body: Json = envelope["body"]
    return body


def _signed_part(kind: str, body: Json) -> bytes:
    return b"ninethirty " + kind.encode() + b"\n" + canonical(body)


def _check_values(value: Any) -> None:
    if isinstance(value, float):
        raise Malformed(f"{value!r}: a document holds whole numbers only")
    if isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise Malformed(f"{name!r}: a name in a document is text")
            # Nearly all of them are; to ask costs less than a call.
            if not isinstance(inner, str | int):
                _check_values(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_values(inner)
