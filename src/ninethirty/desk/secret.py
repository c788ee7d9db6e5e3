"""The secret of a shelf, from which all its other keys are made.

    secret                  32 random bytes, locked under the desk's signing key

It is not the signing key itself, so that another key can take its place and still read what lies
there. While a key hands over to the next, the file holds the secret twice, once under each.
"""

import hmac
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import SealBroken, WrongKey
from ninethirty.core.keyring import (
    BOX_BYTES,
    EPOCH_BYTES,
    KEY_BYTES,
    Box,
    derive,
    lock_document,
    open_document,
)
from ninethirty.desk.disk import write

FILE = "secret"
NOTE = "note"
_ABOUT = b"the secret of a shelf"
_CLOSED_BYTES = KEY_BYTES + BOX_BYTES
_PADDED_BYTES = 64
"""Names are made as long as a multiple of this, so that their length tells little."""


class Secret:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._names = AESSIV(derive(raw, "names", size_bytes=2 * KEY_BYTES))
        self._places = derive(raw, "places")
        self._beside = Box(derive(raw, "beside"))

    def opaque(self, name: str) -> str:
        """What lists call this document: always the same, and nothing to anybody else."""
        plain = name.encode()
        padded = plain + bytes(-len(plain) % _PADDED_BYTES)
        return self._names.encrypt(padded, None).hex()

    def name(self, opaque: str) -> str:
        """The other way round. Raises SealBroken."""
        try:
            return self._names.decrypt(bytes.fromhex(opaque), None).rstrip(b"\0").decode()
        except (InvalidTag, ValueError) as broken:
            raise SealBroken(f"{opaque[:12]}…: not a document of this desk") from broken

    def place(self, kind: str, digest: str) -> str:
        """What the file with our own words on these plain bytes is called."""
        return hmac.digest(self._places, f"{kind} {digest}".encode(), "sha256").hex()

    def close(self, kind: str, digest: str, words: bytes) -> bytes:
        return self._beside.close(words, f"{kind} {digest}".encode())

    def open(self, kind: str, digest: str, closed: bytes) -> bytes:
        """Raises SealBroken."""
        return self._beside.open(closed, f"{kind} {digest}".encode())

    def site_key(self, epoch: str) -> bytes:
        return derive(self._raw, "site", salt=bytes.fromhex(epoch))

    def lock_document(self, epoch: str, opaque: str, document: bytes) -> bytes:
        return lock_document(epoch, self.site_key(epoch), opaque, document)

    def open_document(self, opaque: str, locked: bytes) -> bytes:
        """Of any epoch: whoever has the secret has the keys of all. Raises SealBroken."""
        epoch = locked[:EPOCH_BYTES].hex()
        return open_document({epoch: self.site_key(epoch)}, opaque, locked)

    def write(self, shelf: Path, *keys: SigningKey) -> None:
        """So that whoever holds one of these keys can read it."""
        write(shelf / FILE, b"".join(_box(key).close(self._raw, _ABOUT) for key in keys))


def new_secret() -> Secret:
    return Secret(secrets.token_bytes(KEY_BYTES))


def read_secret(shelf: Path, key: SigningKey) -> Secret | None:
    """None: there is none yet.

    Raises:
        WrongKey: it was begun with another key, or is not as it was written.
    """
    place = shelf / FILE
    try:
        closed = place.read_bytes()
    except FileNotFoundError:
        return None
    for at in range(0, len(closed), _CLOSED_BYTES):
        try:
            return Secret(_box(key).open(closed[at : at + _CLOSED_BYTES], _ABOUT))
        except SealBroken:
            continue
    raise WrongKey(
        f"{shelf} belongs to another key than {key.public[:12]}…, or {place} is not as it was "
        "written; name the key it was begun with, or bring the file back from a copy"
    )


def _box(key: SigningKey) -> Box:
    return Box(derive(bytes.fromhex(key.secret()), "desk"))
