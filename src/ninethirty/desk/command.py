"""ninethirty desk, runner, check: the processes and chores of a desk."""

import os
import signal
import threading
from pathlib import Path

import click
import django
from granian.constants import Interfaces

from ninethirty.core.errors import RecordError
from ninethirty.desk.setup import HOME, setup
from ninethirty.server import check_listen, serve

home = click.option(
    "--home",
    required=True,
    envvar=HOME,
    type=click.Path(path_type=Path, file_okay=False),
    help="The desk's folder, with desk.toml and desk.key.",
)


def prepare(home: Path) -> None:
    """Make Django ready for the desk in this folder.

    What imports its models can be imported only after this, so the commands below do so inside.
    """
    os.environ[HOME] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ninethirty.desk.settings"
    setup()
    django.setup()


@click.command("desk")
@home
@click.option("--listen", default="127.0.0.1:9331", show_default=True, metavar="HOST:PORT")
def desk(home: Path, listen: str) -> None:
    """Answer witnesses and people."""
    address = check_listen(listen)
    prepare(home)
    from ninethirty.desk.record.fit import make_fit

    make_fit(setup())
    serve("ninethirty.desk.wsgi:make", Interfaces.WSGI, address)


@click.command("runner")
@home
def runner(home: Path) -> None:
    """Perform what is due, until told to stop."""
    prepare(home)
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.runner.loop import run

    make_fit(setup())

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo("ready")
    run(stop)


@click.command("check")
@home
def check(home: Path) -> None:
    """Recompute every chain of facts; says what differs, and exits with 1 if anything does."""
    prepare(home)
    from ninethirty.desk.record.facts import check_chain, subjects
    from ninethirty.desk.record.fit import check_fit

    check_fit(setup())
    broken = 0
    for subject in subjects():
        try:
            click.echo(f"{subject}: {check_chain(subject)} facts, the chain holds")
        except RecordError as wrong:
            broken += 1
            click.echo(str(wrong), err=True)
    if broken:
        raise SystemExit(1)
