"""A whole answer, ready to be sent."""

from typing import NamedTuple

from ninethirty.gate.headers import NOSNIFF, Header
from ninethirty.gate.stream import Stream


class Reply(NamedTuple):
    status: int
    headers: list[Header]
    body: bytes | Stream | None


def page(status: int, body: bytes, fields: list[Header]) -> Reply:
    """A page of the gate's own."""
    described = [
        *fields,
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", str(len(body))),
        NOSNIFF,
    ]
    return Reply(status, described, body)
