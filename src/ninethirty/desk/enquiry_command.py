"""`ninethirty enquiry`: somebody telephoned, or wrote."""

from pathlib import Path

import click

from ninethirty.desk.command import home, ready


@click.command()
@click.argument("release")
@click.option("--mail", "how", flag_value="mail", help="They wrote.")
@click.option("--telephone", "how", flag_value="telephone", default="telephone", help="They rang.")
@click.option("--words", default="", help="What they said; kept apart, and erased in its time.")
@click.option("--by", required=True, metavar="PERSON", help="Id of who notes it.")
@home
def enquiry(home: Path, release: str, how: str, words: str, by: str) -> None:
    """Note that somebody asked about RELEASE; pages whoever is on call if it should be public."""
    ready(home)
    from ninethirty.desk.actions.note_enquiry import note_enquiry

    fact = note_enquiry(release, how, words, by=by)
    click.echo(f"{release}: {fact.kind.says}; noted at {fact.recorded.text()}")
