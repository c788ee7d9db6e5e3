"""What a request asks for, as plain values."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

_FIELDS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"if-range", b"range")
"""In the order of Request."""


class Request(NamedTuple):
    """The parts of a request that can change its answer; a field not sent is empty.

    `path` is percent-decoded, so /a%2Fb and /a/b are one address. Bytes that are no text have
    become U+FFFD, which no path on the site may hold.
    """

    method: str
    path: str
    accept_encoding: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    if_range: str = ""
    range: str = ""
    body: bytes = b""


def read(
    method: bytes, target: bytes, sent: Iterable[tuple[bytes, bytes]], body: bytes = b""
) -> Request:
    """A request as it came over the wire, names in lower case. A field sent twice is one list."""
    fields = dict.fromkeys(_FIELDS, b"")
    for name, value in sent:
        if name in fields:
            fields[name] = fields[name] + b", " + value if fields[name] else value
    encodings, match, since, if_range, span = (one.decode("latin-1") for one in fields.values())
    verb, path = method.decode("ascii"), _path(target)
    return Request(verb, path, encodings, match, since, if_range, span, body)


def _path(target: bytes) -> str:
    """Of "/path?query", or of "http://host/path?query" as proxies may send it (RFC 9112, 3.2)."""
    if not target.startswith(b"/"):
        _, _, rest = target.partition(b"://")
        target = b"/" + rest.partition(b"/")[2] if rest else b""
    bare = target.partition(b"?")[0].partition(b"#")[0]
    return unquote_to_bytes(bare).decode("utf-8", "replace")
