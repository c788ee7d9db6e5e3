"""What one look saw: the observation a witness sends to the desk.

A sighting says what was there, not what it means: verdict.py judges. It never holds a body; the
witness keeps that, under the digest in `evidence`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from ninethirty.core import reported
from ninethirty.core.document import Json
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.reported import Reported
from ninethirty.core.times import Instant


class View(StrEnum):
    USER = "user"
    """The address exactly as a user asks for it."""
    BUSTED = "busted"
    """With a random query, so that no cache has an answer ready."""


class Family(StrEnum):
    """Over which internet protocol; the two can fail apart."""

    NONE = ""
    V4 = "4"
    V6 = "6"


class Trouble(StrEnum):
    """Why there was no answer to read, as finely as the witness can tell."""

    NONE = ""
    NO_SUCH_NAME = "dns-nxdomain"
    SERVFAIL = "dns-servfail"
    DNS_TIMEOUT = "dns-timeout"
    DNS = "dns"
    REFUSED = "tcp-refused"
    CONNECT_TIMEOUT = "tcp-timeout"
    RESET = "tcp-reset"
    TLS_EXPIRED = "tls-expired"
    TLS_NAME = "tls-name"
    TLS_CHAIN = "tls-chain"
    TLS = "tls-handshake"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    TRUNCATED = "truncated"
    REDIRECTS = "redirects"
    PRIVATE = "private-address"
    """It was sent to an address of a private network, and did not go there."""
    BAD_BODY = "bad-body"
    """What came cannot be decoded: a broken gzip, a bomb."""
    OTHER = "other"


class Sign(StrEnum):
    """What the words of a page give away. page.py finds them."""

    NOT_FOUND = "not-found"
    SIGN_IN = "sign-in"
    BOT_WALL = "bot-wall"


@dataclass(frozen=True)
class Hop:
    """A redirect that was followed."""

    status: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Phases:
    """When each part of the exchange was over, in ms from its beginning; 0 if it never was."""

    dns: int = 0
    connect: int = 0
    tls: int = 0
    first_byte: int = 0
    total: int = 0


@dataclass(frozen=True)
class Sighting:
    """One look. Digests are empty when there was no body; text_digest only for an HTML body.

    channel and part are those of the watch order; a look at a control has `CONTROL` as its channel.
    """

    witness: str
    network: str
    release: str
    channel: str
    part: str
    view: View
    started: Instant
    ended: Instant
    family: Family = Family.NONE
    trouble: Trouble = Trouble.NONE
    status: int = 0
    digest: str = ""
    text_digest: str = ""
    placeholder: bool = False
    """A page that says, in the platform's words, that it is not the release yet."""
    signs: tuple[Sign, ...] = ()
    similar_permille: int = 0
    """How far its words are those of the page at a made-up address beside it (0 to 1000)."""
    home: bool = False
    """It led, or says that it belongs, to the platform's home page."""
    mentions: bool = False
    """Of a listing or a notice: it links the announced address."""
    size_bytes: int = 0
    """Of the whole body, as far as it is known."""
    hops: tuple[Hop, ...] = ()
    """The redirects followed, in order; the last answer is not among them."""
    headers: Mapping[str, str] = field(default_factory=dict)
    peer: str = ""
    phases_ms: Phases = Phases()
    clock_offset_ms: int = 0
    evidence: str = ""
    """The digest of the record the witness keeps of the exchange."""
    software: str = ""
    reported: Reported | None = None
    """What a record of the platform's own said, where one was looked at and read."""

    def key(self) -> str:
        """One look, one key: a sighting sent twice is stored once."""
        what = f"{self.channel}/{self.part}/{self.view}{self.family}"
        return f"{self.release}/{self.witness}/{what}/{self.started.text()}"


def document(sighting: Sighting) -> Json:
    said = sighting.reported
    return {
        **{name: getattr(sighting, name) for name in _PLAIN},
        "view": str(sighting.view),
        "family": str(sighting.family),
        "trouble": str(sighting.trouble),
        "started": sighting.started.text(),
        "ended": sighting.ended.text(),
        "signs": [str(sign) for sign in sighting.signs],
        "hops": [[hop.status, hop.url, dict(hop.headers)] for hop in sighting.hops],
        "headers": dict(sighting.headers),
        "phases_ms": asdict(sighting.phases_ms),
        # Those of every other part keep the form they have had from the first.
        **({"reported": reported.document(said)} if said else {}),
    }


def read(value: object) -> Sighting:
    """Raises Malformed naming what is missing or of the wrong type."""
    if not isinstance(value, dict):
        raise Malformed("a sighting is an object")
    try:
        plain: dict[str, Any] = {
            name: _typed(value, name, expected) for name, expected in _PLAIN.items()
        }
        return Sighting(
            **plain,
            view=View(value["view"]),
            family=Family(value["family"]),
            trouble=Trouble(value["trouble"]),
            started=Instant.parse(value["started"]),
            ended=Instant.parse(value["ended"]),
            signs=tuple(Sign(sign) for sign in _typed(value, "signs", list)),
            hops=tuple(_read_hop(hop) for hop in _typed(value, "hops", list)),
            headers=_read_headers(_typed(value, "headers", dict)),
            phases_ms=_read_phases(_typed(value, "phases_ms", dict)),
            reported=reported.read(value["reported"]) if "reported" in value else None,
        )
    except KeyError as missing:
        raise Malformed(f"a sighting needs {missing}") from missing
    except (ValueError, NotAnInstant) as wrong:
        raise Malformed(f"not a sighting: {wrong}") from wrong


_PLAIN: dict[str, type] = {
    one.name: kind for one in fields(Sighting) for kind in (str, int, bool) if one.type is kind
}


def _read_hop(value: object) -> Hop:
    if not isinstance(value, list) or len(value) != 3:
        raise Malformed("hops: expected [status, url, headers]")
    hop = dict(zip(("status", "url", "headers"), value, strict=True))
    headers = _read_headers(_typed(hop, "headers", dict))
    return Hop(_typed(hop, "status", int), _typed(hop, "url", str), headers)


def _read_headers(value: dict[Any, Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in value.items()}


def _read_phases(value: dict[str, object]) -> Phases:
    return Phases(**{one.name: _typed(value, one.name, int) for one in fields(Phases)})


T = TypeVar("T")


def _typed(value: dict[str, object], name: str, expected: type[T]) -> T:
    found = value[name]
    if not isinstance(found, expected) or (expected is int and isinstance(found, bool)):
        raise Malformed(f"{name}: expected {expected.__name__}, found {type(found).__name__}")
    return found
