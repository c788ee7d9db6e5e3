"""The card a network draws under a post: what it found behind the post's first link.

This is one more pair of eyes, at the very moment users are told: did the link work?
"""

import hashlib
import re
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

PATIENCE_SECONDS = 3.0
READ_BYTES = 5_000_000
LOOPBACK = ip_network("127.0.0.0/8")

_LINK = re.compile(r"https?://[^\s<>\"']+")


def card(text: str) -> dict[str, Any] | None:
    """None without a link. A link off this machine is not followed, and the card says so."""
    link = _LINK.search(text)
    if link is None:
        return None
    url = link.group().rstrip(".,;:!?)")
    if not _is_ours(url):
        return {"url": url, "trouble": "not fetched: not on loopback"}
    try:
        return {"url": url, **_fetched(url)}
    except (OSError, HTTPException) as trouble:
        return {"url": url, "trouble": f"{type(trouble).__name__}: {trouble}"}


def _is_ours(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and ip_address(parts.hostname or "") in LOOPBACK
    except ValueError:
        return False


def _fetched(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=PATIENCE_SECONDS)
    try:
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        connection.request("GET", target, headers={"User-Agent": "standin-card"})
        answer = connection.getresponse()
        body = answer.read(READ_BYTES)
    finally:
        connection.close()
    digest = hashlib.sha256(body).hexdigest()
    return {"status": answer.status, "sha256": digest, "bytes": len(body)}
