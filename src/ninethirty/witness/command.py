"""`ninethirty witness`: one witness as a process."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from ninethirty.core.errors import CannotStart
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Clock, clock
from ninethirty.core.watch import WatchOrder
from ninethirty.witness.alarm import Alarm, read_alarm
from ninethirty.witness.budget import drill_budget, share_of
from ninethirty.witness.courier import Courier
from ninethirty.witness.desk import Desk
from ninethirty.witness.errand import Seat
from ninethirty.witness.guard import Guard
from ninethirty.witness.journal import Journal
from ninethirty.witness.key import Keys
from ninethirty.witness.offset import Offset
from ninethirty.witness.orders import Orders
from ninethirty.witness.own_address import check_own_address
from ninethirty.witness.probe import Probe
from ninethirty.witness.transfer import Vantage
from ninethirty.witness.watch import Outfit, Watches, keep_nothing

if TYPE_CHECKING:
    from ninethirty.witness.evidence.archive import Archive

STOPPED_BY = (signal.SIGTERM, signal.SIGINT)

GLANCE_SECONDS = 0.1


@dataclass(frozen=True)
class Config:
    """name, network: as they stand in every sighting. key: the desk's public key, in hex.
    contact: for those who wonder about our requests. alarm: a file as `read_alarm` reads it.
    evidence: where every exchange is kept; stamp: a time-stamp authority for it. The rest as in
    `Vantage`, `Desk`, `Journal`, `Offset`, `Seat`.
    """

    name: str
    network: str
    desk: str
    token: str
    key: str
    journal: Path
    source: str = ""
    via: tuple[str, ...] = ()
    drill: Path | None = None
    contact: str = "no contact given"
    ntp: str = ""
    alarm: Path | None = None
    seat: Seat | None = None
    evidence: Path | None = None
    stamp: str = ""


def run(config: Config) -> None:
    """Watch until SIGTERM or SIGINT. Call it in the main thread. Raises CannotStart."""
    _check_key(config.key)
    if config.source:
        check_own_address(config.source, "--from")
    threading.excepthook = _die_whole
    heard: list[int] = []
    for number in STOPPED_BY:
        signal.signal(number, lambda number, _: heard.append(number))
    with _watching(config):
        print("ready", flush=True)
        # Not an Event: a handler that sets what its own thread waits on can deadlock.
        while not heard:
            time.sleep(GLANCE_SECONDS)


@contextmanager
def _watching(config: Config) -> Iterator[None]:
    told = clock(config.drill)
    agent = f"ninethirty-witness/{version('ninethirty')} (+{config.contact})"
    budget = drill_budget() if told.drill else share_of(config.seat.of if config.seat else 1)
    desk = Desk(config.desk, config.token)
    orders = Orders(config.journal / "orders", config.key)
    with ExitStack() as opened:
        offset = opened.enter_context(Offset(config.ntp))
        probe = Probe(
            witness=config.name,
            network=config.network,
            vantage=Vantage(agent, config.source, config.via),
            clock=told,
            clock_offset_ms=offset.milliseconds,
            record=config.evidence is not None,
        )
        journal = opened.enter_context(closing(Journal(config.journal)))
        keys = opened.enter_context(closing(Keys(config.journal / "keys", config.key, told, desk)))
        guard = _guard(config, told, keys, journal, opened)
        archive = _archive(config, told, keys, opened)

        def write(sighting: Sighting) -> None:
            journal.write(sighting)
            if guard:
                guard.saw(sighting)

        keep = archive.keep if archive else keep_nothing
        outfit = Outfit([probe], told, budget, write, keep, seat=config.seat)
        watches = opened.enter_context(closing(Watches(outfit)))

        def follow(order: WatchOrder) -> None:
            keys.want(order)
            if archive:
                archive.follow(order)
            watches.follow(order)
            if guard:
                guard.follow(order)

        for order in orders.kept():
            follow(order)
        opened.enter_context(closing(Courier(desk, journal, orders, follow)))
        yield


def _archive(config: Config, told: Clock, keys: Keys, opened: ExitStack) -> "Archive | None":
    if config.evidence is None:
        return None
    # What writes WARC and asks for stamps takes longer to import than all the rest.
    from ninethirty.witness.evidence.archive import Archive

    return opened.enter_context(closing(Archive(config.evidence, told, keys.get, config.stamp)))


def _guard(
    config: Config, told: Clock, keys: Keys, journal: Journal, opened: ExitStack
) -> Guard | None:
    if config.alarm is None:
        return None
    setup = read_alarm(config.alarm)
    alarm = Alarm(setup, config.journal / "paged", lambda: journal.sent)
    return opened.enter_context(closing(Guard(alarm, keys, told, lambda: journal.end)))


def _die_whole(failed: threading.ExceptHookArgs) -> None:
    """A witness with a dead thread would be half blind and not know it: whoever started it
    should start it again. Nothing is lost, as after kill -9."""
    sys.__excepthook__(failed.exc_type, failed.exc_value or SystemExit(), failed.exc_traceback)
    os._exit(1)


def _check_key(key: str) -> None:
    try:
        sound = len(bytes.fromhex(key)) == 32
    except ValueError:
        sound = False
    if not sound:
        raise CannotStart(f"--key {key}: expected 64 hexadecimal digits")


def _connect_to(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """HOST:PORT=ADDRESS in curl's form."""
    found = []
    for value in values:
        server, equals, address = value.partition("=")
        host, colon, port = server.rpartition(":")
        if not (host and colon and port.isdecimal() and equals and address):
            raise click.BadParameter(f"{value}: expected HOST:PORT=ADDRESS")
        found.append(f"{host}:{port}:{address}:{port}")
    return tuple(found)


def _seat(_: click.Context, __: click.Parameter, value: str | None) -> Seat | None:
    if value is None:
        return None
    n, _slash, of = value.partition("/")
    if not (n.isdecimal() and of.isdecimal() and 1 <= int(n) <= int(of)):
        raise click.BadParameter(f"{value}: expected N/OF such as 2/5, N from 1 to OF")
    return Seat(int(n) - 1, int(of))


@click.command()
@click.option("--name", required=True, help="Which witness this is.")
@click.option("--network", required=True, help="Whose network it looks from.")
@click.option("--from", "source", default="", metavar="ADDRESS", help="Own address to look from.")
@click.option(
    "--via",
    multiple=True,
    callback=_connect_to,
    metavar="HOST:PORT=ADDRESS",
    help="Look at this server when HOST:PORT is meant; may be repeated.",
)
@click.option("--desk", required=True, metavar="URL", help="Where orders come from.")
@click.option("--token", required=True, envvar="NINETHIRTY_TOKEN", help="Shown to the desk.")
@click.option("--key", required=True, metavar="HEX", help="The desk's public key.")
@click.option(
    "--journal",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder where sightings and orders are kept.",
)
@click.option(
    "--drill",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The clock of a drill.",
)
@click.option(
    "--contact",
    default="no contact given",
    show_default=True,
    help="Address in the User-Agent, for those who wonder about our requests.",
)
@click.option(
    "--seat",
    callback=_seat,
    metavar="N/OF",
    help="Which of how many witnesses this is, as 2/5: they take turns where one is enough, "
    "and share the requests that a host is asked in a second.",
)
@click.option(
    "--ntp", default="", metavar="HOST[:PORT]", help="A time server to know our clock's offset by."
)
@click.option(
    "--alarm",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Whom to page if the desk is down: smtp, sender, to; webhook, secret.",
)
@click.option(
    "--evidence",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep every exchange there, in a folder for each watch order.",
)
@click.option(
    "--stamp", default="", metavar="URL", help="A time-stamp authority (RFC 3161) for the evidence."
)
def witness(
    name: str,
    network: str,
    source: str,
    via: tuple[str, ...],
    desk: str,
    token: str,
    key: str,
    journal: Path,
    drill: Path | None,
    contact: str,
    seat: Seat | None,
    ntp: str,
    alarm: Path | None,
    evidence: Path | None,
    stamp: str,
) -> None:
    """Look from outside whether releases are there, and tell the desk."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if stamp and not evidence:
        raise CannotStart("--stamp: expected --evidence DIR beside it, found none")
    run(
        Config(
            name=name,
            network=network,
            desk=desk,
            token=token,
            key=key,
            journal=journal,
            source=source,
            via=via,
            drill=drill,
            contact=contact,
            ntp=ntp,
            alarm=alarm,
            seat=seat,
            evidence=evidence,
            stamp=stamp,
        )
    )
