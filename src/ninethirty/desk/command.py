"""ninethirty desk, runner, check: the processes and chores of a desk."""

import os
import signal
import threading
from collections.abc import Iterable
from pathlib import Path

import click
import django
from granian.constants import Interfaces

from ninethirty.core.errors import DocumentError, RecordError
from ninethirty.core.heads import read_signed
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


def ready(home: Path) -> None:
    """As `prepare`, on a database that is as this version needs it. Raises CannotStart."""
    prepare(home)
    from ninethirty.desk.record.fit import check_fit

    check_fit(setup())


def _say(warnings: Iterable[str]) -> None:
    for warning in warnings:
        click.echo(warning, err=True)


@click.command("desk")
@home
@click.option("--listen", default="127.0.0.1:9331", show_default=True, metavar="HOST:PORT")
def desk(home: Path, listen: str) -> None:
    """Answer witnesses and people."""
    address = check_listen(listen)
    prepare(home)
    from ninethirty.desk.record.fit import make_fit

    _say(make_fit(setup()))
    serve("ninethirty.desk.wsgi:make", Interfaces.WSGI, address)


@click.command("runner")
@home
def runner(home: Path) -> None:
    """Perform what is due, until told to stop."""
    prepare(home)
    from ninethirty.desk.outside.copies.places import check_copies
    from ninethirty.desk.outside.mailing.account import check_mailing
    from ninethirty.desk.outside.notices.channels import check_channels
    from ninethirty.desk.outside.pagers.routes import check_pagers
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.runner.loop import run

    check_channels(setup())
    check_copies(setup())
    check_mailing(setup())
    check_pagers(setup())
    _say(make_fit(setup()))

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo("ready")
    run(stop)


@click.command("check")
@home
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A copy of /record/heads.json that somebody kept; may be given often.",
)
@click.option("--repair", is_flag=True, help="Rebuild derived columns; facts are never touched.")
def check(home: Path, against: tuple[Path, ...], repair: bool) -> None:
    """Recompute every chain of facts and all that is derived from facts; says what differs, and
    exits with 1 if anything does."""
    prepare(home)
    from ninethirty.desk.actions.sign_heads import published
    from ninethirty.desk.record.check import differences
    from ninethirty.desk.record.facts import check_chain, subjects
    from ninethirty.desk.record.fit import check_fit

    check_fit(setup())
    wrong = False
    for subject in subjects():
        try:
            click.echo(f"{subject}: {check_chain(subject)} facts, the chain holds")
        except RecordError as broken:
            wrong = True
            click.echo(str(broken), err=True)
    signed, kept = {}, published()
    copies = {"what is published": kept} if kept else {}
    for place, copy in {**copies, **{str(file): file.read_bytes() for file in against}}.items():
        try:
            signed[place] = read_signed(copy, setup().key().public)
        except DocumentError as broken:
            wrong = True
            click.echo(f"{place}: {broken}", err=True)
    for difference in differences(signed):
        if repair and difference.repair:
            difference.repair()
            click.echo(f"repaired: {difference}")
        else:
            wrong = True
            click.echo(str(difference), err=True)
    if wrong:
        raise SystemExit(1)


@click.command("erase")
@home
@click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")
@click.option("--person", metavar="ID", help="Erase the name of somebody who has left.")
@click.option("--message", type=int, metavar="ID", help="Erase the words of a message.")
@click.option("--past", is_flag=True, help="Erase everything whose time is over.")
def erase(home: Path, by: str, person: str | None, message: int | None, past: bool) -> None:
    """Erase names and words that facts point to; the facts stay, and their chains hold."""
    if [person is not None, message is not None, past].count(True) != 1:
        raise click.UsageError("give one of --person, --message, --past")
    prepare(home)
    from ninethirty.desk.actions.erase import erase_message, erase_past, erase_person
    from ninethirty.desk.record.fit import check_fit

    check_fit(setup())
    if person is not None:
        facts = [erase_person(person, by=by)]
    elif message is not None:
        facts = [erase_message(message, by=by)]
    else:
        facts = erase_past(by=by)
    for fact in facts:
        told = fact.details
        click.echo(f"{fact.subject}: {told['row']} {told.get('id', '')} erased, {told['why']}")
    if not facts:
        click.echo("nothing is past its time")
