"""ninethirty subscribers: what is on its way to them, what nobody knows of, and who wants to go."""

from collections import Counter
from pathlib import Path

import click

from ninethirty.desk.command import home, ready


@click.group("subscribers")
def subscribers() -> None:
    """Who is told by mail."""


@subscribers.command("mail")
@home
def mail(home: Path) -> None:
    """How far each message is."""
    ready(home)
    from ninethirty.desk.record.models import Delivery, Message

    for message in Message.objects.filter(delivery__isnull=False).distinct().order_by("id"):
        states = Counter(Delivery.objects.filter(message=message).values_list("state", flat=True))
        told = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
        click.echo(f"{message.id}: {message.subject} {message.about}: {told}")


@subscribers.command("unknown")
@home
def unknown(home: Path) -> None:
    """Addresses of which nobody knows whether they were mailed; by message."""
    ready(home)
    from ninethirty.desk.record.models import Delivery, Subscription

    for one in Delivery.objects.filter(state="unknown").order_by("message", "id"):
        row = Subscription.objects.filter(id=one.subscription).first()
        click.echo(f"{one.message_id}: {row.address if row else 'gone'}")


@subscribers.command("send-unknown")
@home
@click.option("--message", type=int, required=True, metavar="ID")
@click.option("--by", required=True, metavar="PERSON", help="Id of who decides it.")
def send_again(home: Path, message: int, by: str) -> None:
    """Mail them after all: some may then have it twice."""
    ready(home)
    from ninethirty.desk.actions.mail_out import send_unknown

    click.echo(f"{send_unknown(message, by=by)} will be mailed")


@subscribers.command("erase")
@home
@click.option("--address", required=True, metavar="ADDRESS")
@click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")
def erase(home: Path, address: str, by: str) -> None:
    """Erase an address, and all that it asked for."""
    ready(home)
    from ninethirty.desk.actions.people import role_of
    from ninethirty.desk.actions.subscribe import erase_address

    role_of(by)
    click.echo(f"{erase_address(address, by=by)} subscriptions erased")
