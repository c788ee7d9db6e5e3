"""One digest over many lines, as in Certificate Transparency (RFC 6962, section 2.1)."""

import hashlib
from collections.abc import Sequence


def root(leaves: Sequence[bytes]) -> str:
    """In hex. Adding, leaving out, changing or reordering a leaf gives another root."""
    return _root(leaves).hex()


def _root(leaves: Sequence[bytes]) -> bytes:
    match len(leaves):
        case 0:
            return hashlib.sha256(b"").digest()
        case 1:
            return hashlib.sha256(b"\x00" + leaves[0]).digest()
        case many:
            half = 1 << (many - 1).bit_length() - 1
            left, right = _root(leaves[:half]), _root(leaves[half:])
            return hashlib.sha256(b"\x01" + left + right).digest()
