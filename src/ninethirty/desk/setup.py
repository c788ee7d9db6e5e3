"""What this installation is told: one typed object, read once from desk.toml in its home folder.

A missing or wrong setting stops the start with a sentence that names it.
"""

import os
import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart
from ninethirty.core.times import Clock, clock
from ninethirty.core.watch import Policy
from ninethirty.desk.shelf import Shelf

HOME = "NINETHIRTY_HOME"
"""Environment: the folder with desk.toml, the database, the shelf and the papers."""


@dataclass(frozen=True)
class Service:
    """An outside service: its base address, and what proves that we may use it."""

    url: str
    token: str


@dataclass(frozen=True)
class Witness:
    """A witness allowed to report, and the network it looks from (as told, not as proven)."""

    name: str
    network: str
    token: str


@dataclass(frozen=True)
class Contact:
    """Whom a reader of the report may ask. May be a team and its mailbox."""

    name: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Setup:
    """Settings of a desk; `home` is where it lives."""

    home: Path
    site: str
    """Base address of the gate as the public reaches it, without a slash at its end."""
    producer: str
    """Name of the producer as it is to stand in notices and reports."""
    contact: Contact = Contact()
    services: dict[str, Service] = field(default_factory=dict)
    """x, linkedin, news, helpdesk. One that is not named only prints."""
    witnesses: tuple[Witness, ...] = ()
    policy: Policy = field(default_factory=Policy)
    drill: Path | None = None
    """The drill's clock; none in production."""

    @property
    def database(self) -> Path:
        return self.home / "desk.sqlite3"

    @property
    def papers(self) -> Path:
        return self.home / "papers"

    def clock(self) -> Clock:
        return clock(self.drill)

    def key(self) -> SigningKey:
        return SigningKey.read((self.home / "desk.key").read_text())

    def shelf(self) -> Shelf:
        return Shelf(self.home / "shelf", self.key(), site=self.site, drill=self.drill is not None)


@cache
def setup() -> Setup:
    """The settings of this process.

    Raises:
        CannotStart: no home, no desk.toml, or a setting missing, unknown or of the wrong type.
    """
    home = os.environ.get(HOME)
    if not home:
        raise CannotStart(f"set {HOME} to the folder that holds desk.toml")
    file = Path(home) / "desk.toml"
    try:
        told = tomllib.loads(file.read_text())
    except FileNotFoundError as missing:
        raise CannotStart(f"{file} is not there; make it, or point {HOME} elsewhere") from missing
    except tomllib.TOMLDecodeError as wrong:
        raise CannotStart(f"{file}: {wrong}") from wrong
    return _read(Path(home), file, told)


def _read(home: Path, file: Path, told: dict[str, Any]) -> Setup:
    known = {setting.name for setting in fields(Setup)} - {"home", "policy"}
    for name in told:
        if name not in known:
            raise CannotStart(f"{file}: {name} is not a setting; known: {', '.join(sorted(known))}")
    for name in ("site", "producer"):
        if not isinstance(told.get(name), str):
            raise CannotStart(f"{file}: {name} is missing, or is not a text")
    try:
        return Setup(
            home=home,
            site=told["site"].rstrip("/"),
            producer=told["producer"],
            contact=Contact(**told.get("contact", {})),
            services={name: Service(**s) for name, s in told.get("services", {}).items()},
            witnesses=tuple(Witness(**w) for w in told.get("witnesses", [])),
            drill=Path(told["drill"]) if "drill" in told else None,
        )
    except TypeError as wrong:
        raise CannotStart(f"{file}: {wrong}") from wrong
