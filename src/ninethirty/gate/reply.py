"""A whole answer, ready to be sent; and sending it through granian."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ninethirty.gate.headers import NOSNIFF, Header
from ninethirty.gate.ranges import Span


@dataclass(frozen=True, slots=True)
class FilePart:
    """Bytes that are sent from the disk, piece by piece."""

    place: Path
    span: Span


class Reply(NamedTuple):
    status: int
    headers: list[Header]
    body: bytes | FilePart | None


def page(status: int, body: bytes, fields: list[Header]) -> Reply:
    """A page of the gate's own."""
    described = [
        *fields,
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", str(len(body))),
        NOSNIFF,
    ]
    return Reply(status, described, body)


def send(protocol: Any, method: str, reply: Reply) -> None:
    body = reply.body
    if body is None or method == "HEAD":
        protocol.response_empty(reply.status, reply.headers)
    elif isinstance(body, bytes):
        protocol.response_bytes(reply.status, reply.headers, body)
    else:
        span = body.span
        protocol.response_file_range(
            reply.status, reply.headers, str(body.place), span.first, span.end
        )
