"""ninethirty person: who may sign in at the console."""

from pathlib import Path

import click

from ninethirty.core.release import OF_PEOPLE, Role
from ninethirty.desk.command import home, ready

by = click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")


@click.group()
def person() -> None:
    """Let people in at the console, and out."""


@person.command()
@home
@click.argument("id")
@click.option("--name", required=True, help="As colleagues know them; never in a fact.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in OF_PEOPLE]))
@click.option("--producer", "producers", multiple=True, metavar="ID", help="May be given often.")
@by
def add(home: Path, id: str, name: str, role: str, producers: tuple[str, ...], by: str) -> None:
    """Somebody works here. The first one is an operator, and adds themselves."""
    ready(home)
    from ninethirty.desk.actions.accounts import add_person, link_of

    _give(link_of(add_person(id, name, Role(role), by=by, producers=producers)))


@person.command()
@home
@click.argument("id")
@by
def leave(home: Path, id: str, by: str) -> None:
    """Somebody works here no more, and is signed out at once."""
    ready(home)
    from ninethirty.desk.actions.accounts import leave

    leave(id, by=by)
    click.echo(f"{id} cannot sign in any more")


@person.command()
@home
@click.argument("id")
@by
def reset(home: Path, id: str, by: str) -> None:
    """Take away password and second factor; print a new link."""
    ready(home)
    from ninethirty.desk.actions.accounts import link_of, reset

    _give(link_of(reset(id, by=by)))


@person.command("break-glass")
@home
@by
def break_glass(home: Path, by: str) -> None:
    """Print a secret for a sealed envelope, by which an operator comes in when none can sign in.

    Good once; whoever uses it wakes everybody on call. The one before it is good no more.
    """
    ready(home)
    from ninethirty.desk.actions.paper import ENVELOPE, make_paper

    secret = make_paper(by=by)
    click.echo(
        "Write both on paper, close it in an envelope, and lock it away."
        f"\nUsername: {ENVELOPE}\nPassword: {secret}\n"
        "It is shown once, and is good once. After it was used, or seen, make a new one."
    )


@person.command("list")
@home
def list_people(home: Path) -> None:
    """Everybody who works here."""
    ready(home)
    from ninethirty.desk.record.models import Account, Person, WorksFor

    accounts = {one.person_id: one for one in Account.objects.all()}
    for row in Person.objects.filter(left=None).order_by("id"):
        named = WorksFor.objects.filter(person=row).values_list("producer", flat=True)
        account = accounts.get(row.id)
        if account is None:
            signs_in = "has no account"
        else:
            signs_in = "signs in" if account.has_usable_password() else "has not begun yet"
        click.echo(f"{row.id}: {row.name}, {row.role}, {', '.join(named) or 'office'}; {signs_in}")


def _give(link: str) -> None:
    click.echo(f"Good once, until tomorrow; give it to nobody else:\n{link}")
