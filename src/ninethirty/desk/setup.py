"""What this installation is told: one typed object, read once from desk.toml in its home folder.

A missing or wrong setting stops the start with a sentence that names it.
"""

import os
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart, Malformed, UnknownZone
from ninethirty.core.keyring import check_gate_name, check_public
from ninethirty.core.retention import DAYS, Kept
from ninethirty.core.rota import Shift
from ninethirty.core.times import Clock, clock
from ninethirty.core.wording import ENGLISH, WELSH, Templates, Welsh, read_templates, read_welsh
from ninethirty.desk.console import Console, read_console
from ninethirty.desk.copying import Copying, read_copies
from ninethirty.desk.credential import Proven, is_in_clear, others_may_read
from ninethirty.desk.database import POSTGRESQL, postgresql, sqlite
from ninethirty.desk.promises import Promises, read_promises
from ninethirty.desk.reporting import Reporting, read_reporting
from ninethirty.desk.rota import read_rota
from ninethirty.desk.service import HELP_DESK, HELP_DESKS, PLACES, Service
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.watching import Watching, read_watching

T = TypeVar("T")

HOME = "NINETHIRTY_HOME"
"""Environment: the folder with desk.toml, the database, the shelf and the papers."""


@dataclass(frozen=True)
class Witness:
    """A witness allowed to report, and the network it looks from (as told, not as proven)."""

    name: str
    network: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Gate:
    """One that may read what is sealed: its --name, and the public key it says at its start.

    token: what it is known by if it takes its schedule over HTTP.
    """

    name: str
    public: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True, repr=False)
class PagerSetting(Proven):
    """A way to wake a person: see desk/outside/pagers/routes.py.

    token: routing key, secret or password. to: addresses or telephone numbers, with commas between
    them. template: of GOV.UK Notify. of: the id of the one person it reaches; empty: whoever is on
    call.
    """

    kind: str
    url: str
    token: str = ""
    user: str = ""
    sender: str = ""
    to: str = ""
    template: str = ""
    of: str = ""


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
    """By name: of PLACES, and HELP_DESK. A channel that is not named is not used; a help desk that
    is not named only prints."""
    witnesses: tuple[Witness, ...] = ()
    pagers: tuple[PagerSetting, ...] = ()
    """The first is used; the last for steps that are stuck. Without any, a line in the log."""
    on_call: tuple[Shift, ...] = ()
    """Whom to page, and who stands in for them: see desk/rota.py."""
    controls: tuple[str, ...] = ()
    """Addresses of others that should always answer: by them a witness knows that it is online."""
    gates: tuple[Gate, ...] = ()
    """Those let in, and no others, from the next schedule on."""
    watch: Watching = field(default_factory=Watching)
    """Whom and what it takes to say that a release is there."""
    copies: tuple[Copying, ...] = ()
    """Places that cannot compare clocks, and are to have each release too."""
    public_site: bool = False
    """Is the gate the producer's own site, with a calendar and a page for each release?"""
    promises: Promises = field(default_factory=Promises)
    producers: Mapping[str, str] = field(default_factory=dict)
    """An organisation, as it stands in addresses of GOV.UK -> the id of that producer here."""
    """By which rules dates are promised."""
    words: Templates = field(default_factory=Templates)
    """What users are told."""
    welsh: Welsh | None = None
    """The same in Welsh, if they are told in both languages."""
    reports: Reporting = field(default_factory=Reporting)
    """How breaches are reported, and to whom."""
    console: Console = field(default_factory=Console)
    """Where people reach the console, and by whom they may be known there."""
    retention: Mapping[Kept, int] = field(default_factory=lambda: DAYS)
    """Days for which a person's name, a message, sightings are kept."""
    database: str = ""
    """postgresql://user@host/name; if it is not said, SQLite in the home folder."""
    clamd: str = ""
    """Where files are scanned for viruses: the path of clamd's socket, or HOST:PORT. Empty: not."""
    drill: Path | None = None
    """The drill's clock; none in production."""

    @property
    def file(self) -> Path:
        """Where SQLite keeps the record, if it is kept there."""
        return self.home / "desk.sqlite3"

    def django_database(self) -> dict[str, Any]:
        return postgresql(self.database) if self.database else sqlite(self.file)

    @property
    def languages(self) -> dict[str, Templates]:
        """What users are told, by language."""
        return {ENGLISH: self.words, **({WELSH: self.welsh} if self.welsh else {})}

    @property
    def papers(self) -> Path:
        return self.home / "papers"

    def clock(self) -> Clock:
        return clock(self.drill)

    def key(self) -> SigningKey:
        """Raises CannotStart."""
        file = self.home / "desk.key"
        try:
            return SigningKey.read(file.read_text())
        except FileNotFoundError as missing:
            raise CannotStart(f"{file} is not there; it holds the desk's signing key") from missing
        except Malformed as wrong:
            raise CannotStart(f"{file}: {wrong}") from wrong

    def shelf(self) -> Shelf:
        return Shelf(
            self.home / "shelf",
            self.key(),
            site=self.site,
            drill=self.drill is not None,
            gates={gate.name: gate.public for gate in self.gates},
        )


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
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise CannotStart(f"{file} is not there; make it, or point {HOME} elsewhere") from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise CannotStart(f"{file}: {wrong}") from wrong
    try:
        read = _read(Path(home), told)
    except _Wrong as wrong:
        raise CannotStart(f"{file}: {wrong}") from wrong
    held = [service.token for service in read.services.values()]
    held += [pager.token for pager in read.pagers] + [copy.token for copy in read.copies]
    held += [witness.token for witness in read.witnesses] + [gate.token for gate in read.gates]
    held += [read.console.sign_on.token] if read.console.sign_on else []
    if any(map(is_in_clear, held)) and others_may_read(file):
        raise CannotStart(f"{file}: holds tokens, and others may read it; chmod 600 {file}")
    return read


class _Wrong(Exception):
    """A setting that cannot be; says which."""


def _read(home: Path, told: dict[str, Any]) -> Setup:
    known = {setting.name for setting in fields(Setup)} - {"home", "welsh"}
    _check_known(told, known, "")
    for name in ("site", "producer"):
        if not isinstance(told.get(name), str) or not told[name]:
            raise _Wrong(f"{name} is missing, or is not a text")
    services = told.get("services", {})
    if not isinstance(services, dict):
        raise _Wrong("services is not a table of services")
    # One with its name misspelt would only print, and nobody would know before the day.
    _check_known(services, (*PLACES, HELP_DESK), "services.")
    witnesses, gates, pagers = (_tables(name, told) for name in ("witnesses", "gates", "pagers"))
    database = told.get("database", "")
    if not isinstance(database, str) or (database and not database.startswith(POSTGRESQL)):
        raise _Wrong(f"database: expected {POSTGRESQL}user@host/name")
    controls = told.get("controls", [])
    if not isinstance(controls, list) or not all(_is_address(one) for one in controls):
        raise _Wrong("controls is not a list of addresses such as https://example.org/")
    public_site = told.get("public_site", False)
    if not isinstance(public_site, bool):
        raise _Wrong("public_site: expected true or false")
    clamd = told.get("clamd", "")
    if not isinstance(clamd, str):
        raise _Wrong("clamd: expected the path of its socket, or HOST:PORT")
    drill = told.get("drill")
    if drill is not None and not (isinstance(drill, str) and Path(drill).is_file()):
        raise _Wrong(f"drill is not a file: {drill!r}")
    return Setup(
        home=home,
        site=told["site"].rstrip("/"),
        producer=told["producer"],
        contact=Contact(**_texts("contact", told.get("contact", {}), Contact)),
        services={name: _service(name, service) for name, service in services.items()},
        witnesses=tuple(
            Witness(**_texts(f"witnesses[{place}]", witness, Witness))
            for place, witness in enumerate(witnesses)
        ),
        promises=_checked(read_promises, told.get("promises", {})),
        producers=_producers(told.get("producers", {})),
        words=_checked(read_templates, told.get("words", {})),
        welsh=_checked(read_welsh, told.get("words", {})),
        watch=_checked(read_watching, told.get("watch", {})),
        copies=_checked(read_copies, told.get("copies", [])),
        public_site=public_site,
        reports=_checked(read_reporting, told.get("reports", {})),
        console=_checked(read_console, told.get("console", {})),
        retention=_retention(told.get("retention", {})),
        database=database,
        pagers=tuple(
            PagerSetting(**_texts(f"pagers[{place}]", pager, PagerSetting))
            for place, pager in enumerate(pagers)
        ),
        on_call=_rota(_tables("on_call", told)),
        controls=tuple(controls),
        gates=tuple(_gate(place, gate) for place, gate in enumerate(gates)),
        clamd=clamd,
        drill=Path(drill) if drill else None,
    )


def _service(name: str, told: Any) -> Service:
    where = f"services.{name}"
    service = Service(**_texts(where, told, Service))
    if name == HELP_DESK and service.kind not in HELP_DESKS:
        raise _Wrong(f"{where}.kind: expected {', '.join(HELP_DESKS)}, found {service.kind!r}")
    for needed in HELP_DESKS[service.kind] if name == HELP_DESK else PLACES[name]:
        if not getattr(service, needed):
            raise _Wrong(f"{where}.{needed} is missing, or is not a text")
    return service


def _checked(read: Callable[[Any], T], told: Any) -> T:
    try:
        return read(told)
    except (ValueError, UnknownZone) as wrong:
        raise _Wrong(str(wrong)) from wrong


def _rota(tables: list[Any]) -> tuple[Shift, ...]:
    try:
        return read_rota(tables)
    except Malformed as wrong:
        raise _Wrong(str(wrong)) from wrong


def _producers(told: Any) -> dict[str, str]:
    if not isinstance(told, dict):
        raise _Wrong('producers is not a table such as department-for-transport = "dft"')
    for name, producer in told.items():
        if not isinstance(producer, str) or not producer:
            raise _Wrong(f"producers.{name} is not the id of a producer")
    return told


def _retention(told: Any) -> dict[Kept, int]:
    if not isinstance(told, dict):
        raise _Wrong("retention is not a table of days")
    _check_known(told, list(Kept), "retention.")
    for name, days in told.items():
        if type(days) is not int or days < 1:
            raise _Wrong(f"retention.{name} is not a number of days")
    return {**DAYS, **{Kept(name): days for name, days in told.items()}}


def _tables(name: str, told: dict[str, Any]) -> list[Any]:
    tables = told.get(name, [])
    if not isinstance(tables, list):
        raise _Wrong(f"{name} is not a list of tables")
    return tables


def _is_address(told: Any) -> bool:
    return isinstance(told, str) and told.startswith(("http://", "https://"))


def _gate(place: int, told: Any) -> Gate:
    gate = Gate(**_texts(f"gates[{place}]", told, Gate))
    try:
        check_gate_name(gate.name)
        check_public(gate.public)
    except Malformed as wrong:
        raise _Wrong(f"gates[{place}]: {wrong}") from wrong
    return gate


def _check_known(told: dict[str, Any], known: Collection[str], where: str) -> None:
    for name in told:
        if name not in known:
            raise _Wrong(f"{where}{name} is not a setting; known: {', '.join(sorted(known))}")


_Table = Contact | Gate | PagerSetting | Service | Witness


def _texts(where: str, told: Any, kind: type[_Table]) -> dict[str, str]:
    """A table of texts. One without a default must be there and say something: an empty token
    would let in whoever sends none."""
    if not isinstance(told, dict):
        raise _Wrong(f"{where} is not a table")
    known = fields(kind)
    _check_known(told, [setting.name for setting in known], f"{where}.")
    for setting in known:
        value = told.get(setting.name, setting.default)
        if not isinstance(value, str) or (setting.default is MISSING and not value):
            raise _Wrong(f"{where}.{setting.name} is missing, or is not a text")
    return told
