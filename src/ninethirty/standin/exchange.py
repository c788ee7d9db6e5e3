"""A request and its reply, as plain values: what a stand-in is a function of, and to."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

from ninethirty.core.times import Instant


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    client: str
    address: str
    """The local address that was asked."""
    port: int

    @property
    def site(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"http://{host}:{self.port}"

    def asked(self, name: str) -> str | None:
        """The last value of one name in the query."""
        return parse_qs(self.query).get(name, [None])[-1]

    def document(self) -> dict[str, Any] | None:
        """The JSON object in the body; None if it is anything else."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


@dataclass(frozen=True)
class Reply:
    """first_byte_after: real seconds. missing_bytes: declared, but not sent; then it hangs up."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    first_byte_after: float = 0.0
    missing_bytes: int = 0


@dataclass(frozen=True)
class Silence:
    """The connection is held, and nothing said, until the client gives up."""


@dataclass(frozen=True)
class Reset:
    """The connection is torn down without a word."""


@dataclass(frozen=True)
class Endless:
    """A body that goes on: for `size_bytes` if that is declared, else until the client leaves."""

    piece: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    size_bytes: int | None = None


Outcome = Reply | Silence | Reset | Endless
Function = Callable[[Request], Outcome]


def as_json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json", **(headers or {})})


def as_page(status: int, page: bytes) -> Reply:
    return Reply(status, page, {"Content-Type": "text/html; charset=utf-8"})


def http_date(instant: Instant) -> str:
    return format_datetime(instant, usegmt=True)
