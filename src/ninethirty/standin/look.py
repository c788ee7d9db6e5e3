"""One look at one address by an ordinary client: what came back, between which two instants."""

import hashlib
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from ninethirty.core.times import Clock, Instant

PATIENCE_SECONDS = 3.0
READ_BYTES = 100_000_000


@dataclass(frozen=True)
class Seen:
    status: int
    body: bytes
    begun: Instant
    ended: Instant

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Trouble:
    """No answer, or not a whole one."""

    why: str
    begun: Instant
    ended: Instant


def look(url: str, clock: Clock, edge: str | None = None) -> Seen | Trouble:
    """`edge`: the host to ask in place of the one the URL names, which stays in the Host header."""
    parts = urlsplit(url)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    host = edge or parts.hostname or ""
    connection = HTTPConnection(host, parts.port or 80, timeout=PATIENCE_SECONDS)
    begun = clock.now()
    try:
        headers = {"Host": parts.netloc, "User-Agent": "standin-reader", "Connection": "close"}
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        body = answer.read(READ_BYTES)
    except (OSError, HTTPException) as trouble:
        return Trouble(f"{type(trouble).__name__}: {trouble}", begun, clock.now())
    finally:
        connection.close()
    return Seen(answer.status, body, begun, clock.now())
