"""ninethirty veto: stop the public steps of an incident, or let them go on, without a browser."""

from pathlib import Path

import click

from ninethirty.desk.command import home, ready


@click.command("veto")
@home
@click.argument("release")
@click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")
@click.option("--reason", required=True, help="Is kept with the release, for those who work on it.")
@click.option("--lift", is_flag=True, help="Let the public steps go on.")
def veto(home: Path, release: str, by: str, reason: str, lift: bool) -> None:
    """Stop what would be told to the public about RELEASE. What was told already stays."""
    ready(home)
    from ninethirty.desk.actions import veto as deciding

    if lift:
        deciding.lift_veto(release, by=by, reason=reason)
        click.echo(f"{release}: the public steps go on")
        return
    told = deciding.veto(release, by=by, reason=reason).details["told"]
    click.echo(f"{release}: the public steps are stopped")
    if told:
        click.echo(f"told already: {', '.join(told)}")
