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
        return f"http://{self.address}:{self.port}"

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
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """The connection is held, and nothing said, until the client gives up."""


Function = Callable[[Request], Reply | Silence]


def as_json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json", **(headers or {})})


def as_page(status: int, page: bytes) -> Reply:
    return Reply(status, page, {"Content-Type": "text/html; charset=utf-8"})


def http_date(instant: Instant) -> str:
    return format_datetime(instant, usegmt=True)
