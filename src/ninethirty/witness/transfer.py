"""One request to one address, and everything that was heard.

Each is made on a connection of its own, with nothing remembered from the last: what somebody sees
who comes for the first time, name look-up and handshake included.
"""

import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pycurl

from ninethirty.core.sighting import Phases, Trouble
from ninethirty.core.watch import Part, Sort
from ninethirty.witness.body import WHOLE_BYTES, Body
from ninethirty.witness.onward import host_of, is_public


@dataclass(frozen=True)
class Limits:
    """seconds: for all hops together. Both in real time."""

    seconds: float
    connect_seconds: float
    most_bytes: int


PAGE_LIMITS = Limits(3.0, 2.0, WHOLE_BYTES)
FILE_LIMITS = Limits(60.0, 2.0, 4_000_000_000)
"""A larger file is not read to its end, so never called right."""


def limits_of(part: Part) -> Limits:
    """Of a file whose length is known no more is read than that: a longer one is wrong, and saying
    so must not take as long as fetching it. But a page in its place is read, to tell what it is."""
    if part.sort is not Sort.FILE:
        return PAGE_LIMITS
    if part.size_bytes is None:
        return FILE_LIMITS
    most = min(FILE_LIMITS.most_bytes, max(part.size_bytes, PAGE_LIMITS.most_bytes))
    return replace(FILE_LIMITS, most_bytes=most)


PIECE_BYTES = 512 * 1024
"""Of a file at a time: a long one should not call us a hundred thousand times."""

SLOWEST = 1000, 5
"""Fewer bytes a second for so many seconds, and a file counts as not answered."""


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
class Heard:
    """One hop. Header names are in lower case; repeated ones are joined by a comma.

    request, head: as they went over the wire (`request` only where it is recorded). certificates:
    the chain in PEM, the server's own first. words: libcurl's, where there was trouble.
    """

    url: str
    trouble: Trouble
    words: str
    status: int
    headers: Mapping[str, str]
    head: bytes
    body: Body
    onward: str
    peer: str
    phases: Phases
    request: bytes = b""
    certificates: tuple[str, ...] = field(default=())


class Transfer:
    """A request ready to be handed to libcurl."""

    def __init__(
        self,
        url: str,
        vantage: Vantage,
        limits: Limits,
        *,
        known: Collection[str],
        seconds: float,
        record: bool = False,
    ) -> None:
        """known: hosts that may be inside our network. seconds: what is left of the limit."""
        self._url = url
        self._head = bytearray()
        self._request = bytearray()
        self._headers: dict[str, str] = {}
        self._body = Body(limits.most_bytes)
        self._barred = False
        self.curl = curl = pycurl.Curl()
        _set_up(curl, url, vantage, limits, seconds)
        curl.setopt(pycurl.HEADERFUNCTION, self._hear_head)
        curl.setopt(pycurl.WRITEFUNCTION, self._body.take)
        if host_of(url) not in known:
            curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        if url.startswith("https:"):
            curl.setopt(pycurl.OPT_CERTINFO, 1)
        if record:
            curl.setopt(pycurl.VERBOSE, 1)
            curl.setopt(pycurl.DEBUGFUNCTION, self._hear_request)

    def ended(self, code: int, words: str) -> Heard:
        """What was heard. Closes the handle."""
        curl = self.curl
        status = curl.getinfo(pycurl.RESPONSE_CODE)
        phases = Phases(*(-(-curl.getinfo(end) // 1000) for end in _PHASE_ENDS))
        if not status:
            # libcurl says when it gave up; nothing was ever heard.
            phases = replace(phases, first_byte=0)
        onward: bytes | None = curl.getinfo_raw(pycurl.REDIRECT_URL)
        heard = Heard(
            url=self._url,
            trouble=self._trouble(code, words, phases),
            words=words,
            status=status,
            headers=self._headers,
            head=bytes(self._head),
            body=self._body,
            onward=onward.decode(errors="replace") if onward else "",
            peer=curl.getinfo(pycurl.PRIMARY_IP) or "",
            phases=phases,
            request=bytes(self._request),
            certificates=_certificates(curl) if self._url.startswith("https:") else (),
        )
        curl.close()
        # It knows us by our functions: without this both would stay until the next collection, and
        # with us five megabytes of body.
        del self.curl
        return heard

    def _hear_head(self, line: bytes) -> None:
        if line.startswith(b"HTTP/"):
            # An interim answer (1xx) came before this one.
            self._headers.clear()
            self._head.clear()
            self._head += line
            return
        self._head += line
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip()
            before = self._headers.get(name)
            self._headers[name] = value if before is None else f"{before}, {value}"

    def _hear_request(self, kind: int, text: bytes) -> None:
        if kind == pycurl.INFOTYPE_HEADER_OUT:
            self._request += text

    def _open(self, _: int, address: Any) -> Any:
        """The address a name stood for, asked just before it is connected to."""
        family, kind, protocol, where = address
        host = where[0].decode() if isinstance(where[0], bytes) else where[0]
        if not is_public(host):
            self._barred = True
            return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)

    def _trouble(self, code: int, words: str, phases: Phases) -> Trouble:
        if self._barred:
            return Trouble.PRIVATE
        if self._body.cut:
            return Trouble.TOO_LARGE
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return _timed_out(words, phases)
        if code == pycurl.E_PEER_FAILED_VERIFICATION:
            return _not_trusted(words)
        return _TROUBLES.get(code, Trouble.OTHER)


def _set_up(curl: Any, url: str, vantage: Vantage, limits: Limits, seconds: float) -> None:
    curl.setopt(pycurl.URL, url.encode())
    # Without this libcurl's time-outs use SIGALRM, which threads cannot share.
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    # A proxy named in our environment would look in our stead.
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.FRESH_CONNECT, 1)
    curl.setopt(pycurl.FORBID_REUSE, 1)
    curl.setopt(pycurl.DNS_CACHE_TIMEOUT, 0)
    if _CA_FILE:
        curl.setopt(pycurl.CAINFO, _CA_FILE)
    # Zero would mean no limit.
    curl.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1000)))
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(limits.connect_seconds * 1000))
    if limits.seconds == FILE_LIMITS.seconds:
        curl.setopt(pycurl.BUFFERSIZE, PIECE_BYTES)
    curl.setopt(pycurl.LOW_SPEED_LIMIT, SLOWEST[0])
    curl.setopt(pycurl.LOW_SPEED_TIME, SLOWEST[1])
    curl.setopt(pycurl.USERAGENT, vantage.user_agent)
    # Files are compared byte for byte, so nobody may compress them on the way. Who does it all
    # the same is understood, as a browser would; what comes out is bounded, as all is.
    curl.setopt(pycurl.ACCEPT_ENCODING, "identity")
    if vantage.source:
        curl.setopt(pycurl.INTERFACE, f"host!{vantage.source}")
    if vantage.via:
        curl.setopt(pycurl.CONNECT_TO, list(vantage.via))


def _timed_out(words: str, phases: Phases) -> Trouble:
    """Which wait it was that was too long."""
    if words.startswith("Resolving"):
        return Trouble.DNS_TIMEOUT
    return Trouble.TIMEOUT if phases.connect else Trouble.CONNECT_TIMEOUT


def _not_trusted(words: str) -> Trouble:
    """libcurl has one code for all of these; its words tell them apart."""
    if "expired" in words or "not yet valid" in words:
        return Trouble.TLS_EXPIRED
    if "subject name" in words or "host name" in words:
        return Trouble.TLS_NAME
    return Trouble.TLS_CHAIN


def _certificates(curl: Any) -> tuple[str, ...]:
    chain = curl.getinfo(pycurl.INFO_CERTINFO)
    return tuple(value for one in chain for name, value in one if name == "Cert")


_PHASE_ENDS = (
    pycurl.NAMELOOKUP_TIME_T,
    pycurl.CONNECT_TIME_T,
    pycurl.APPCONNECT_TIME_T,
    pycurl.STARTTRANSFER_TIME_T,
    pycurl.TOTAL_TIME_T,
)

_CA_FILE = ssl.get_default_verify_paths().cafile

_TROUBLES = {
    pycurl.E_OK: Trouble.NONE,
    pycurl.E_COULDNT_RESOLVE_HOST: Trouble.DNS,
    pycurl.E_COULDNT_CONNECT: Trouble.REFUSED,
    pycurl.E_SEND_ERROR: Trouble.RESET,
    pycurl.E_RECV_ERROR: Trouble.RESET,
    pycurl.E_GOT_NOTHING: Trouble.RESET,
    pycurl.E_PARTIAL_FILE: Trouble.TRUNCATED,
    pycurl.E_BAD_CONTENT_ENCODING: Trouble.BAD_BODY,
    pycurl.E_SSL_CONNECT_ERROR: Trouble.TLS,
    pycurl.E_SSL_CERTPROBLEM: Trouble.TLS,
    pycurl.E_SSL_CIPHER: Trouble.TLS,
    pycurl.E_SSL_CACERT_BADFILE: Trouble.TLS,
    pycurl.E_SSL_ISSUER_ERROR: Trouble.TLS,
}
