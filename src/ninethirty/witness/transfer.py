"""One request to an address, and everything the answer said.

Each is made on a connection of its own, with nothing remembered from the last: what somebody sees
who comes for the first time, name look-up and handshake included.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pycurl

from ninethirty.core.sighting import Trouble

CONNECT_SECONDS = 2.0
TOTAL_SECONDS = 3.0
"""Real seconds, for all hops together."""

BODY_BYTES = 5_000_000
REDIRECTS = 3

_TROUBLES = {
    pycurl.E_COULDNT_RESOLVE_HOST: Trouble.DNS,
    pycurl.E_COULDNT_CONNECT: Trouble.REFUSED,
    pycurl.E_OPERATION_TIMEDOUT: Trouble.TIMEOUT,
    pycurl.E_SEND_ERROR: Trouble.RESET,
    pycurl.E_RECV_ERROR: Trouble.RESET,
    pycurl.E_GOT_NOTHING: Trouble.RESET,
    pycurl.E_PARTIAL_FILE: Trouble.TRUNCATED,
    pycurl.E_SSL_CONNECT_ERROR: Trouble.TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: Trouble.TLS,
    pycurl.E_SSL_CERTPROBLEM: Trouble.TLS,
    pycurl.E_SSL_CIPHER: Trouble.TLS,
    pycurl.E_SSL_CACERT_BADFILE: Trouble.TLS,
    pycurl.E_SSL_ISSUER_ERROR: Trouble.TLS,
}


@dataclass(frozen=True)
class Vantage:
    """Where requests come from and go to.

    source: our own address; empty for whichever the machine takes. via: sends what is meant for
    one server to another, in curl's form `HOST:PORT:ADDRESS:PORT`, so that one edge of a platform
    can be seen under its public name.
    """

    user_agent: str
    source: str = ""
    via: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Of the last hop. Header names are in lower case; repeated ones are joined by a comma."""

    trouble: Trouble = Trouble.NONE
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    """As far as it came, if there was trouble."""
    peer: str = ""


def fetch(url: str, vantage: Vantage) -> Answer:
    """Ask, following redirects only while they stay with the host they began at."""
    until = time.monotonic() + TOTAL_SECONDS
    curl = _prepared(vantage)
    try:
        target = url.encode()
        for _ in range(1 + REDIRECTS):
            answer = _hop(curl, target, until)
            onward: bytes | None = curl.getinfo_raw(pycurl.REDIRECT_URL)
            if answer.trouble or not onward:
                return answer
            if not _same_host(target, onward):
                break
            target = onward
        return Answer(Trouble.REDIRECTS, answer.status, answer.headers, answer.body, answer.peer)
    finally:
        curl.close()


def _prepared(vantage: Vantage) -> Any:
    curl = pycurl.Curl()
    # Without this libcurl's time-outs use SIGALRM, which threads cannot share.
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    # A proxy named in our environment would look in our stead.
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.FRESH_CONNECT, 1)
    curl.setopt(pycurl.FORBID_REUSE, 1)
    curl.setopt(pycurl.DNS_CACHE_TIMEOUT, 0)
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(CONNECT_SECONDS * 1000))
    curl.setopt(pycurl.USERAGENT, vantage.user_agent)
    # Files are compared byte for byte, so nobody may compress them on the way.
    curl.setopt(pycurl.HTTPHEADER, ["Accept-Encoding: identity"])
    if vantage.source:
        curl.setopt(pycurl.INTERFACE, f"host!{vantage.source}")
    if vantage.via:
        curl.setopt(pycurl.CONNECT_TO, list(vantage.via))
    return curl


def _hop(curl: Any, url: bytes, until: float) -> Answer:
    heard = _Heard()
    curl.setopt(pycurl.URL, url)
    # Zero would mean no limit.
    curl.setopt(pycurl.TIMEOUT_MS, max(1, int((until - time.monotonic()) * 1000)))
    curl.setopt(pycurl.HEADERFUNCTION, heard.header)
    curl.setopt(pycurl.WRITEFUNCTION, heard.data)
    trouble = Trouble.NONE
    try:
        curl.perform()
    except pycurl.error as failed:
        code = failed.args[0]
        trouble = Trouble.TOO_LARGE if heard.cut else _TROUBLES.get(code, Trouble.OTHER)
    return Answer(
        trouble,
        curl.getinfo(pycurl.RESPONSE_CODE),
        heard.headers,
        bytes(heard.body),
        curl.getinfo(pycurl.PRIMARY_IP) or "",
    )


class _Heard:
    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.cut = False

    def header(self, line: bytes) -> None:
        text = line.decode("latin-1")
        if text.startswith("HTTP/"):
            # An interim answer (1xx) came before this one.
            self.headers.clear()
            return
        name, colon, value = (piece.strip() for piece in text.partition(":"))
        if colon:
            name = name.lower()
            before = self.headers.get(name)
            self.headers[name] = value if before is None else f"{before}, {value}"

    def data(self, piece: bytes) -> int:
        """How much was taken; less than was given ends the transfer."""
        room = BODY_BYTES - len(self.body)
        self.cut = len(piece) > room
        self.body += piece[:room]
        return min(len(piece), room)


def _same_host(url: bytes, onward: bytes) -> bool:
    try:
        here, there = urlsplit(url.decode()), urlsplit(onward.decode())
        return (here.hostname, here.port) == (there.hostname, there.port)
    except ValueError:
        return False
