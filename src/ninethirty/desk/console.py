"""Where people reach the console, and by whom they may be known there: [console] of desk.toml.

[console]
address = "https://desk.example"        # behind a proxy that speaks TLS; passkeys hold to it

[console.sign_on]                       # single sign-on by OpenID Connect
name = "The office"
issuer = "https://id.example"
client = "ninethirty"
token = "env:SIGN_ON_SECRET"            # the client's secret
"""

from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from ninethirty.desk.credential import read_credential

PROVIDER = "sign-on"
"""What its addresses call it."""

LOCAL = "http://localhost:9331"


@dataclass(frozen=True)
class SignOn:
    name: str
    issuer: str
    client: str
    token: str


@dataclass(frozen=True)
class Console:
    address: str = LOCAL
    sign_on: SignOn | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def secure(self) -> bool:
        return self.address.startswith("https://")


def read_console(told: Any) -> Console:
    """Raises ValueError, saying which setting is wrong."""
    _check("console", told, {"address", "sign_on"})
    address = told.get("address", LOCAL)
    if not _is_origin(address):
        raise ValueError("console.address: expected https://HOST, without a path")
    if not address.startswith("https://") and urlsplit(address).hostname != "localhost":
        raise ValueError("console.address: only http://localhost:PORT is safe without TLS")
    return Console(address, _sign_on(told["sign_on"]) if "sign_on" in told else None)


def providers(sign_on: SignOn | None) -> dict[str, Any]:
    """As allauth is told of it."""
    apps = []
    if sign_on is not None:
        apps.append(
            {
                "provider_id": PROVIDER,
                "name": sign_on.name,
                "client_id": sign_on.client,
                "secret": read_credential(sign_on.token),
                "settings": {"server_url": sign_on.issuer},
            }
        )
    return {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}}


def _sign_on(told: Any) -> SignOn:
    where = "console.sign_on"
    names = {one.name for one in fields(SignOn)}
    _check(where, told, names)
    for name in sorted(names):
        if not isinstance(told.get(name), str) or not told[name]:
            raise ValueError(f"{where}.{name} is missing, or is not a text")
    if not told["issuer"].startswith(("https://", "http://localhost", "http://127.0.0.1")):
        raise ValueError(f"{where}.issuer: expected https://HOST")
    return SignOn(**told)


def _check(where: str, told: Any, known: set[str]) -> None:
    if not isinstance(told, dict):
        raise ValueError(f"{where} is not a table")
    for name in told:
        if name not in known:
            raise ValueError(f"{where}.{name} is not a setting; known: {', '.join(sorted(known))}")


def _is_origin(told: Any) -> bool:
    if not isinstance(told, str) or not told.startswith(("http://", "https://")):
        return False
    parts = urlsplit(told)
    return bool(parts.hostname) and not (parts.path or parts.query or parts.fragment)
