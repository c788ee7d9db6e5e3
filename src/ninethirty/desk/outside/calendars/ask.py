"""Ask a site for its announcements, politely, and never one of ours by mistake."""

import socket
import time
from collections.abc import Collection, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.desk.outside.web import ask

A_SECOND = 8.0
"""Requests to the site; GOV.UK refuses more than 10."""

TRIES = 3


class Asker:
    """For one site. contact: for those who wonder about our requests.

    Raises CannotStart: it is no web address; or inside our own network, and not among `allowed`.
    """

    def __init__(self, site: str, contact: str, allowed: Collection[str] = ()) -> None:
        host = urlsplit(site).hostname
        if urlsplit(site).scheme not in ("http", "https") or host is None:
            raise CannotStart(f"{site}: expected a web address such as https://www.gov.uk")
        if host not in allowed and not _is_outside(host):
            raise CannotStart(f"{site}: is inside our own network; say --allow {host} if it may be")
        self._headers = {"User-Agent": f"ninethirty ({contact})", "Accept": "application/json"}
        self._next = time.monotonic()

    def __call__(self, url: str, query: Mapping[str, str]) -> bytes:
        """Raises OutsideFailed, after some tries."""
        for tried in range(1, TRIES + 1):
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + 1 / A_SECOND
            try:
                return ask("GET", url, params=dict(query), headers=self._headers).content
            except OutsideFailed as failed:
                if not failed.retry or tried == TRIES:
                    raise
        raise AssertionError("the last try returns or raises")


def _is_outside(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as unknown:
        raise CannotStart(f"{host}: cannot be found ({unknown})") from unknown
    return all(ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)
