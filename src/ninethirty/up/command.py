"""ninethirty up"""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart
from ninethirty.demo.supervise import Company
from ninethirty.desk.command import prepare
from ninethirty.lifeline import check_free
from ninethirty.up.home import GATE, NETWORK, WITNESS, Home

GLANCE = 0.2
_HOST = "127.0.0.1"
_port = click.IntRange(1, 65535)


@click.command("up")
@click.argument(
    "folder", default="ninethirty-home", type=click.Path(path_type=Path), metavar="[FOLDER]"
)
@click.option("--gate-port", type=_port, help="Of the gate, kept in desk.toml.  [default: 9330]")
@click.option("--desk-port", type=_port, help="Of the console, likewise.  [default: 9331]")
@click.option("--time-from", default="kernel", show_default=True, help="As of `ninethirty gate`.")
def command(folder: Path, gate_port: int | None, desk_port: int | None, time_from: str) -> None:
    """Start gate, witness, desk and runner of FOLDER; make what they need if it is empty.

    On one machine, to see how it works: a real installation has its parts apart.
    """
    # Said out loud: a shell that starts us in the background has SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    home = Home(folder.resolve())
    try:
        home.open()
        with _alone(home.folder), Company(home.logs) as company:
            gate, desk = home.ports(gate_port, desk_port)
            check_free(_HOST, gate, "--gate-port N")
            check_free(_HOST, desk, "--desk-port N")
            home.make(gate, desk)
            waiting = _record(home)
            _start(home, company, time_from)
            _warn(home, company)
            _say(home, waiting)
            while True:
                company.tend()
                time.sleep(GLANCE)
    except KeyboardInterrupt:
        click.echo("Stopped; nothing is left running.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises CannotStart: the folder is up already, on whatever ports."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        raise CannotStart(f"{folder} is up already; end that one by Ctrl-C first") from taken
    else:
        yield
    finally:
        os.close(held)


def _record(home: Home) -> dict[str, str]:
    """The database and who is in it first; the links of those who have not begun."""
    prepare(home.folder)
    from django.db import connections

    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.setup import setup
    from ninethirty.up.first import links, make_first

    for warning in make_fit(setup()):
        click.echo(warning, err=True)
    make_first()
    waiting = links()
    connections.close_all()
    return waiting


def _start(home: Home, company: Company, time_from: str) -> None:
    """Raises CannotStart, with what the one said that did not."""
    for said in home.logs.glob("*.out"):
        said.unlink()
    at = str(home.folder)
    key = SigningKey.read(home.desk_key.read_text()).public
    gate, desk = (f"{_HOST}:{port}" for port in home.ports())
    company.start("desk", "desk", "--home", at, "--listen", desk)
    company.wait_for("desk", "ready")
    company.start(
        "gate",
        *("gate", f"{at}/gate", "--from", f"{at}/shelf", "--name", GATE, "--key", key),
        *("--gate-key", str(home.gate_key), "--listen", gate),
        *("--time-from", time_from),
    )
    company.start("runner", "runner", "--home", at)
    company.start(
        "witness",
        *("witness", "--name", WITNESS, "--network", NETWORK, "--desk", f"http://{desk}"),
        *("--token", home.token, "--key", key, "--journal", f"{at}/witness"),
    )
    for name in ("gate", "runner", "witness"):
        company.wait_for(name, "ready")


def _warn(home: Home, company: Company) -> None:
    """Of what stays hidden in a log otherwise: the gate starts all the same, and arms nothing."""
    if "gate.clock_not_trusted" in company.said("gate").read_text():
        click.echo(
            "\nThe gate does not trust the clock of this machine, so it arms nothing new. Let a "
            "time\ndaemon such as chrony set it, or end this and start again with --time-from "
            "HOST:PORT, a time\nserver; to try things out: --time-from unchecked\n",
            err=True,
        )


def _say(home: Home, waiting: dict[str, str]) -> None:
    gate, desk = home.ports()
    click.echo(f"Console:  http://localhost:{desk}/")
    click.echo(f"Gate:     http://{_HOST}:{gate}/")
    click.echo(f"Settings: {home.settings}; start again after you change them")
    click.echo(f"Logs:     {home.logs}")
    for person, link in waiting.items():
        click.echo(f"\n{person} begins here; the link is good once, for a day:\n{link}")
    click.echo("\nAll end on Ctrl-C.")
