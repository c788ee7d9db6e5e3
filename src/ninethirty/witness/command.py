"""`ninethirty witness`: one witness as a process."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click
import structlog

from ninethirty.core.errors import CannotStart
from ninethirty.core.times import clock
from ninethirty.witness.budget import Budget, drill_budget
from ninethirty.witness.courier import Courier
from ninethirty.witness.desk import Desk
from ninethirty.witness.journal import Journal
from ninethirty.witness.orders import Orders
from ninethirty.witness.own_address import check_own_address
from ninethirty.witness.probe import Probe
from ninethirty.witness.transfer import Vantage
from ninethirty.witness.watch import Outfit, Watches

STOPPED_BY = (signal.SIGTERM, signal.SIGINT)

GLANCE_SECONDS = 0.1


@dataclass(frozen=True)
class Config:
    """name, network: as they stand in every sighting. key: the desk's public key, in hex.
    contact: for those who wonder about our requests. The rest as in `Vantage`, `Desk`, `Journal`.
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
    probe = Probe(
        witness=config.name,
        network=config.network,
        vantage=Vantage(agent, config.source, config.via),
        clock=told,
    )
    budget = drill_budget() if told.drill else Budget()
    desk = Desk(config.desk, config.token)
    orders = Orders(config.journal / "orders", config.key)
    with (
        closing(Journal(config.journal)) as journal,
        closing(Watches(Outfit([probe], told, budget, journal.write))) as watches,
    ):
        for order in orders.kept():
            watches.follow(order)
        with closing(Courier(desk, journal, orders, watches.follow)):
            yield


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
) -> None:
    """Look from outside whether releases are there, and tell the desk."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    run(Config(name, network, desk, token, key, journal, source, via, drill, contact))
