"""Where a redirect may lead us, and where not.

A platform that is broken or taken over must not be able to send a witness to addresses inside the
network it stands in.
"""

import ipaddress
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit


def may_follow(url: str, known: Collection[str]) -> bool:
    """Whether a redirect to `url` may be followed: on the web, and not to an address that only
    means something inside a network. Hosts in `known` were named by a person."""
    host = host_of(url)
    if not host:
        return False
    if host in known:
        return True
    try:
        return is_public(host)
    except ValueError:
        # A name. What it stands for is looked at when the connection is made.
        return True


@lru_cache(maxsize=10_000)
def host_of(url: str) -> str:
    """In lower case; empty if it is no address on the web."""
    try:
        parts = urlsplit(url)
        # Reading the port finds one that is not a number.
        usable = parts.scheme in ("http", "https") and (parts.port or 80) > 0
        return (parts.hostname or "") if usable else ""
    except ValueError:
        return ""


def is_public(address: str) -> bool:
    """Raises ValueError for what is not an IP address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return bool(mapped.is_global) and not mapped.is_multicast
