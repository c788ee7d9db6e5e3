"""Who may read the schedule: keys sealed to each gate.

Documents of the schedule are locked under the key of an *epoch* of the site. A keyring, named by
the signed root, carries the keys of all epochs to each gate, sealed to the gate's X25519 key. To
let a gate in is to write another keyring. To shut one out is to begin a new epoch: what is written
from then on is locked under a key that it was never sent.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ninethirty.core.document import canonical, parse
from ninethirty.core.errors import Malformed, NotLetIn, SealBroken

KEY_BYTES = 32
EPOCH_BYTES = 16
NONCE_BYTES = 12
BOX_BYTES = NONCE_BYTES + 16
"""By how much what a box holds is longer when it is closed."""

_HEX_KEY = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ONCE = bytes(NONCE_BYTES)
"""The nonce under a key that locks a single thing."""


def derive(secret: bytes, purpose: str, *, salt: bytes = b"", size_bytes: int = KEY_BYTES) -> bytes:
    """A key for one purpose, from which neither the secret nor another purpose's key follows."""
    info = b"ninethirty " + purpose.encode()
    return HKDF(SHA256(), size_bytes, salt, info).derive(secret)


class Box:
    """Locks small things, each under a nonce of its own, together with what they are about."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, content: bytes, about: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, about)

    def open(self, closed: bytes, about: bytes) -> bytes:
        """Raises SealBroken: changed, of another key, or about something else."""
        try:
            return self._cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], about)
        except (InvalidTag, ValueError) as broken:
            raise SealBroken("locked by another key, or not as it was locked") from broken


class GateKey:
    """A gate's own key. What is sealed to its public half it alone can open."""

    def __init__(self, private: X25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw().hex()

    @classmethod
    def new(cls) -> Self:
        return cls(X25519PrivateKey.generate())

    @classmethod
    def read(cls, text: str) -> Self:
        if not _HEX_KEY.fullmatch(text.strip()):
            raise Malformed("not a gate's key: 64 hexadecimal digits are expected")
        return cls(X25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip())))

    def secret(self) -> str:
        return self._private.private_bytes_raw().hex()

    def derive(self, purpose: str) -> bytes:
        """A key for what the gate keeps for itself."""
        return derive(self._private.private_bytes_raw(), purpose)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Raises SealBroken."""
        try:
            sender = X25519PublicKey.from_public_bytes(sealed[:KEY_BYTES])
            shared = self._private.exchange(sender)
            cipher = _cipher(shared, sealed[:KEY_BYTES], bytes.fromhex(self.public), about)
            return cipher.decrypt(_ONCE, sealed[KEY_BYTES:], about)
        except (InvalidTag, ValueError) as broken:
            raise SealBroken("sealed to another key, or not as it was sealed") from broken


def seal_to(public: str, content: bytes, about: bytes) -> bytes:
    """Only the holder of this public key's private half can open it (ephemeral X25519, HKDF).

    Raises:
        Malformed: no such public key can be.
    """
    check_public(public)
    once = X25519PrivateKey.generate()
    sender = once.public_key().public_bytes_raw()
    try:
        shared = once.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    except ValueError as wrong:
        raise Malformed(f"{public[:12]}…: not a gate's public key") from wrong
    return sender + _cipher(shared, sender, bytes.fromhex(public), about).encrypt(
        _ONCE, content, about
    )


def check_public(public: str) -> None:
    """Raises Malformed unless it is written as a public key is."""
    if not _HEX_KEY.fullmatch(public):
        raise Malformed(f"{public!r}: expected a gate's public key, 64 small hexadecimal digits")


def check_gate_name(name: str) -> None:
    """Raises Malformed unless a file can be named after the gate."""
    if not _NAME.fullmatch(name):
        raise Malformed(f"{name!r}: a gate's name is letters, digits, '.', '_' and '-'; at most 64")


@dataclass(frozen=True)
class Member:
    """A gate that was let in: its public key, and the keys of all epochs sealed to it."""

    public: str
    sealed: str


@dataclass(frozen=True)
class Keyring:
    """`epochs`: a random name for each, the last one being that of new documents."""

    epochs: tuple[str, ...]
    gates: Mapping[str, Member]

    def publics(self) -> dict[str, str]:
        return {name: member.public for name, member in self.gates.items()}


def new_epoch() -> str:
    return secrets.token_hex(EPOCH_BYTES)


def seal_keyring(
    site: str, keys: Mapping[str, bytes], epochs: Sequence[str], gates: Mapping[str, str]
) -> Keyring:
    """keys: of each epoch; gates: name -> public key."""
    content = b"".join(keys[epoch] for epoch in epochs)
    return Keyring(
        tuple(epochs),
        {
            name: Member(public, seal_to(public, content, _about(site, epochs, name)).hex())
            for name, public in gates.items()
        },
    )


def open_keyring(ring: Keyring, site: str, gate: str, key: GateKey) -> dict[str, bytes]:
    """Epoch -> key.

    Raises:
        NotLetIn: the gate is not on it, or with another key. SealBroken: it was tampered with.
    """
    member = ring.gates.get(gate)
    if member is None:
        raise NotLetIn(
            f"gate {gate} is not let in; on the desk's side run: "
            f"ninethirty gates add {gate} {key.public} --store STORE --key KEYFILE"
        )
    if member.public != key.public:
        raise NotLetIn(
            f"gate {gate} was let in with the key {member.public[:12]}…, found {key.public[:12]}…; "
            f"give this gate another --name, or run: ninethirty gates add {gate} {key.public} "
            "--store STORE --key KEYFILE"
        )
    content = key.open(bytes.fromhex(member.sealed), _about(site, ring.epochs, gate))
    if len(content) != KEY_BYTES * len(ring.epochs):
        raise Malformed(f"{len(ring.epochs)} epochs, and {len(content)} bytes of keys")
    return {
        epoch: content[place * KEY_BYTES : (place + 1) * KEY_BYTES]
        for place, epoch in enumerate(ring.epochs)
    }


def write_keyring(ring: Keyring) -> bytes:
    return canonical(
        {
            "epochs": list(ring.epochs),
            "gates": {
                name: {"public": member.public, "sealed": member.sealed}
                for name, member in ring.gates.items()
            },
        }
    )


def read_keyring(data: bytes) -> Keyring:
    """Raises Malformed."""
    match parse(data):
        case {"epochs": [*epochs], "gates": dict(gates)} if epochs and all(map(_hex, epochs)):
            return Keyring(tuple(epochs), {name: _member(one) for name, one in gates.items()})
        case _:
            raise Malformed("not a keyring")


def lock_document(epoch: str, key: bytes, name: str, document: bytes) -> bytes:
    """A document as it lies in a store: the epoch, then what is locked under its key. `name` is
    what lists call it, so that one document cannot be put in the place of another."""
    return bytes.fromhex(epoch) + Box(key).close(document, name.encode())


def open_document(keys: Mapping[str, bytes], name: str, locked: bytes) -> bytes:
    """Raises SealBroken: of an epoch whose key we were not sent, of another name, or changed."""
    epoch = locked[:EPOCH_BYTES].hex()
    if epoch not in keys:
        raise SealBroken(f"a document of an epoch we have no key for ({epoch[:8]}…)")
    return Box(keys[epoch]).open(locked[EPOCH_BYTES:], name.encode())


def _about(site: str, epochs: Sequence[str], gate: str) -> bytes:
    return canonical({"site": site, "epochs": list(epochs), "gate": gate})


def _cipher(shared: bytes, sender: bytes, public: bytes, about: bytes) -> AESGCM:
    key = HKDF(SHA256(), KEY_BYTES, sender + public, b"ninethirty keyring " + about)
    return AESGCM(key.derive(shared))


def _member(value: object) -> Member:
    match value:
        case {"public": str(public), "sealed": str(sealed)} if _hex(public) and _hex(sealed):
            return Member(public, sealed)
        case _:
            raise Malformed("not a member of a keyring")


def _hex(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"(?:[0-9a-f]{2})+", value) is not None
