"""What a publishing platform is like: data. One of your own has the same shape."""

import tomllib
from dataclasses import dataclass, fields
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ninethirty.core.errors import CannotStart

KNOWN = ("plain", "govuk")

HOPS_MARGIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Platform:
    """As in platforms/plain.toml, where each setting has its sentence."""

    name: str
    placeholder: tuple[str, ...]
    longest_lifetime_seconds: int
    cache_busting: bool
    cache_busting_not_at: tuple[str, ...]
    provisional_after_seconds: int
    confirmed_after_seconds: int
    requests_a_second: int
    content_api: str

    @property
    def quiet(self) -> timedelta:
        """How long before T nobody asks as a user would (`detection.md` section 3.4)."""
        return timedelta(seconds=self.longest_lifetime_seconds) + HOPS_MARGIN

    def busts(self, url: str) -> bool:
        path = urlsplit(url).path or "/"
        return self.cache_busting and path not in self.cache_busting_not_at

    def record_of(self, url: str) -> str:
        """The address of the page's record in the platform's own API; empty if it has none."""
        if not self.content_api:
            return ""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}{self.content_api}{parts.path}"


def platform(name: str) -> Platform:
    """One we know, or one described in a TOML file.

    Raises:
        CannotStart: no such platform or file; a setting missing, unknown or of the wrong type.
    """
    if name in KNOWN:
        return _read(name, files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    if not name.endswith(".toml"):
        raise CannotStart(
            f"--platform {name}: expected {', '.join(KNOWN)} or a file ending in .toml"
        )
    try:
        return _read(name, Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise CannotStart(
            f"--platform {name}: expected a TOML file, found none ({wrong})"
        ) from wrong


def _read(where: str, text: str) -> Platform:
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise CannotStart(f"--platform {where}: not TOML: {wrong}") from wrong
    names = [one.name for one in fields(Platform)]
    for name in told:
        if name not in names:
            raise CannotStart(f"--platform {where}: expected {', '.join(names)}; found {name}")
    values = {}
    for one in fields(Platform):
        if one.name not in told:
            raise CannotStart(f"--platform {where}: {one.name} is missing")
        values[one.name] = _typed(f"--platform {where}: {one.name}", told[one.name], one.type)
    return Platform(**values)


def _typed(what: str, value: Any, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            return tuple(value)
        raise CannotStart(f"{what}: expected a list of texts, found {value!r}")
    if kind is int:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise CannotStart(f"{what}: expected a whole number above 0, found {value!r}")
    if not isinstance(value, kind):
        word = "true or false" if kind is bool else "a text"
        raise CannotStart(f"{what}: expected {word}, found {value!r}")
    return value
