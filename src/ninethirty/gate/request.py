"""What a request asks for, as plain values."""

from typing import Any, NamedTuple

_FIELDS = ("accept-encoding", "if-none-match", "if-modified-since", "if-range", "range")
"""In the order of Request."""


class Request(NamedTuple):
    """The parts of a request that can change its answer; a field not sent is empty.

    `path` has come to us percent-decoded, so /a%2Fb and /a/b are one address. Bytes that are no
    text have become U+FFFD, which no path on the site may hold.
    """

    method: str
    path: str
    accept_encoding: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    if_range: str = ""
    range: str = ""


def read(scope: Any) -> Request:
    """A request as granian's RSGI scope tells it. A field sent twice is one list."""
    sent = scope.headers
    fields = [", ".join(sent.get_all(name)) if name in sent else "" for name in _FIELDS]
    return Request(scope.method, scope.path, *fields)
