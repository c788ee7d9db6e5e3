"""What one look saw: the observation a witness sends to the desk.

A sighting says what was there, not what it means: verdict.py judges.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from ninethirty.core.document import Json
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.times import Instant


class View(StrEnum):
    USER = "user"
    """The address exactly as a user asks for it."""
    BUSTED = "busted"
    """With a random query, so that no cache has an answer ready."""


class Trouble(StrEnum):
    """Why there was no answer to read."""

    NONE = ""
    DNS = "dns"
    REFUSED = "tcp-refused"
    TIMEOUT = "timeout"
    RESET = "tcp-reset"
    TLS = "tls"
    TOO_LARGE = "too-large"
    TRUNCATED = "truncated"
    REDIRECTS = "redirects"
    OTHER = "other"


@dataclass(frozen=True)
class Sighting:
    """One look. Digests are empty when there was no body; text_digest only for a page."""

    witness: str
    network: str
    release: str
    channel: str
    part: str
    view: View
    started: Instant
    ended: Instant
    trouble: Trouble = Trouble.NONE
    status: int = 0
    digest: str = ""
    text_digest: str = ""
    placeholder: bool = False
    """A page that says, in the platform's words, that it is not the release yet."""
    size_bytes: int = 0
    peer: str = ""
    clock_offset_ms: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def key(self) -> str:
        """One look, one key: a sighting sent twice is stored once."""
        what = f"{self.channel}/{self.part}/{self.view}"
        return f"{self.release}/{self.witness}/{what}/{self.started.text()}"


def document(sighting: Sighting) -> Json:
    return {
        "witness": sighting.witness,
        "network": sighting.network,
        "release": sighting.release,
        "channel": sighting.channel,
        "part": sighting.part,
        "view": str(sighting.view),
        "started": sighting.started.text(),
        "ended": sighting.ended.text(),
        "trouble": str(sighting.trouble),
        "status": sighting.status,
        "digest": sighting.digest,
        "text_digest": sighting.text_digest,
        "placeholder": sighting.placeholder,
        "size_bytes": sighting.size_bytes,
        "peer": sighting.peer,
        "clock_offset_ms": sighting.clock_offset_ms,
        "headers": dict(sighting.headers),
    }


def read(value: object) -> Sighting:
    """Raises Malformed naming what is missing or of the wrong type."""
    if not isinstance(value, dict):
        raise Malformed("a sighting is an object")
    try:
        headers = value["headers"]
        if not isinstance(headers, dict):
            raise Malformed("headers: expected an object")
        return Sighting(
            witness=_typed(value, "witness", str),
            network=_typed(value, "network", str),
            release=_typed(value, "release", str),
            channel=_typed(value, "channel", str),
            part=_typed(value, "part", str),
            digest=_typed(value, "digest", str),
            text_digest=_typed(value, "text_digest", str),
            peer=_typed(value, "peer", str),
            status=_typed(value, "status", int),
            size_bytes=_typed(value, "size_bytes", int),
            clock_offset_ms=_typed(value, "clock_offset_ms", int),
            view=View(value["view"]),
            trouble=Trouble(value["trouble"]),
            started=Instant.parse(value["started"]),
            ended=Instant.parse(value["ended"]),
            placeholder=_typed(value, "placeholder", bool),
            headers={str(name): str(text) for name, text in headers.items()},
        )
    except KeyError as missing:
        raise Malformed(f"a sighting needs {missing}") from missing
    except (ValueError, NotAnInstant) as wrong:
        raise Malformed(f"not a sighting: {wrong}") from wrong


T = TypeVar("T")


def _typed(value: dict[str, object], name: str, expected: type[T]) -> T:
    found = value[name]
    if not isinstance(found, expected) or (expected is int and isinstance(found, bool)):
        raise Malformed(f"{name}: expected {expected.__name__}, found {type(found).__name__}")
    return found
