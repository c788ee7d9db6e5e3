"""One way to ask a service over HTTP, and to say what went wrong."""

import logging
import math
import re
import socket
from base64 import b64decode
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ninethirty.core.errors import CannotStart, NotAnInstant, OutsideFailed
from ninethirty.desk.outside.fence import HOLDS, make_sure, slept

T = TypeVar("T")

# It logs every address when it is asked to be talkative, and a room's is its secret.
logging.getLogger("urllib3").setLevel(logging.WARNING)

_PASSWORD = re.compile(rb'"(?:password|routing_key)": ?"([^"]+)"')
"""In a body: of Bluesky, and of PagerDuty."""

TIMEOUT = (3.0, 5.0)
"""Real seconds to connect, and to wait for an answer."""

SETTLES = HOLDS + sum(TIMEOUT)
"""Real seconds after which a request of somebody whose step was taken over is no more on its way.
"""
LONGEST_WAIT_S = 3600
"""A service that wants to be left alone for longer is asked all the same; people know by then."""


def ask(
    method: str,
    url: str,
    *,
    token: str = "",
    json: Any = None,
    body: bytes | None = None,
    params: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    named: str = "",
) -> requests.Response:
    """The service's answer, if it is a good one. `body` is sent as it is, `json` as JSON.

    named: what to call an address in an error that is itself a secret.

    Raises:
        OutsideFailed: happened_perhaps if the request may have been acted on although no answer
        came; retry unless the service said that asking again cannot help.
    """
    name = named or url
    with requests.Session() as session:
        # Else CA and proxy settings of the environment would override ours.
        session.trust_env = False
        if token:
            session.headers["Authorization"] = f"Bearer {token}"
        session.headers.update(headers or {})
        if method != "GET":
            make_sure()
            session.mount("http://", _Fenced())
            session.mount("https://", _Fenced())
        try:
            answer = session.request(
                method,
                url,
                json=json,
                data=body,
                params=params,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.ConnectTimeout as late:
            raise OutsideFailed(f"{name}: cannot be reached in time", retry=True) from late
        except requests.Timeout as late:
            raise OutsideFailed(
                f"{name}: no answer in time", retry=True, happened_perhaps=True
            ) from late
        except requests.RequestException as broken:
            raise OutsideFailed(
                f"{name}: {type(broken).__name__}", retry=True, happened_perhaps=True
            ) from broken
    if not 200 <= answer.status_code < 300:
        busy = answer.status_code in (408, 425, 429) or answer.status_code >= 500
        raise OutsideFailed(
            f"{name}: answered {answer.status_code}: {_says(answer)[:200]}",
            retry=busy,
            happened_perhaps=answer.status_code >= 500,
            wait_s=_asked_to_wait(answer) if busy else 0,
        )
    return answer


def _says(answer: requests.Response) -> str:
    """Without what proves who we are: a service that repeats what it was sent would bring it into
    our log."""
    said = answer.text
    for secret in _proofs(answer.request):
        said = said.replace(secret, "…")
    return said


def _proofs(sent: requests.PreparedRequest) -> Iterator[str]:
    """What is in the header, the password within it, that in the body, and all of the address: of a
    room it is the secret."""
    scheme, _, proof = sent.headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        yield b64decode(proof).decode().partition(":")[2]
    if proof:
        yield proof
    body = sent.body if isinstance(sent.body, bytes) else b""
    yield from (found.decode() for found in _PASSWORD.findall(body))
    yield from filter(None, (sent.url, urlsplit(sent.url or "").path.strip("/")))


class _Slept(OSError):
    """We are connected, and have slept meanwhile: nothing was sent."""


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        if slept():
            raise _Slept


class _SafeConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        if slept():
            raise _Slept


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


class _Fenced(HTTPAdapter):
    """Looks at the fence when it is connected, just before it sends."""

    def init_poolmanager(self, *told: Any, **more: Any) -> None:
        super().init_poolmanager(*told, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}


def _asked_to_wait(answer: requests.Response) -> int:
    """Retry-After in seconds (RFC 9110, section 10.2.3), at most LONGEST_WAIT_S. A date is taken
    against the service's own Date, for our clocks may differ."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return min(int(told[:9]), LONGEST_WAIT_S)
    try:
        until, now = map(parsedate_to_datetime, (told, answer.headers.get("Date", "")))
        wait = math.ceil((until - now).total_seconds())
    except (ValueError, TypeError):
        return 0
    return min(max(wait, 0), LONGEST_WAIT_S)


def check_public(url: str) -> None:
    """A webhook is told to us, perhaps by somebody else: it must not lead to what only our own
    machines can reach. A name that cannot be resolved now is found at pre-flight.

    Raises:
        CannotStart: no http(s) address, or of this network.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CannotStart("is not an address such as https://example.org/hook")
    try:
        found = socket.getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        return
    if not all(ip_address(address[0]).is_global for *_, address in found):
        raise CannotStart(f"{parts.hostname} is an address of this network, not a public one")


def read(answer: requests.Response, how: Callable[[requests.Response], T]) -> T:
    """What a good answer says.

    Raises:
        OutsideFailed: it cannot be read, although the service may well have acted.
    """
    try:
        return how(answer)
    except (ValueError, LookupError, TypeError, AttributeError, NotAnInstant) as wrong:
        raise OutsideFailed(
            f"{answer.url}: an answer we cannot read ({wrong!r})", retry=True, happened_perhaps=True
        ) from wrong
