"""An answer as it goes over the wire (RFC 9112): its head as bytes, and what follows it."""

from http import HTTPStatus
from typing import NamedTuple

from ninethirty.gate.headers import NEVER_KEPT
from ninethirty.gate.reply import Reply
from ninethirty.gate.stream import Stream

_ENDS = b"connection: close\r\n\r\n"


class Wire(NamedTuple):
    head: bytes
    body: bytes | Stream
    first: bytes
    """What goes out at once: the head, and a body that is no stream."""

    def closing(self) -> "Wire":
        """The same answer, with the word that no other follows on this connection."""
        return _wire(self.head[:-2] + _ENDS, self.body)


def wire(method: str, reply: Reply) -> Wire:
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return _wire(head, b"" if reply.body is None or method == "HEAD" else reply.body)


def refusal(status: int) -> Wire:
    """What is said where there is no answer to give."""
    return wire("GET", Reply(status, [NEVER_KEPT, ("content-length", "0")], None))


def _wire(head: bytes, body: bytes | Stream) -> Wire:
    return Wire(head, body, head + body if isinstance(body, bytes) else head)
