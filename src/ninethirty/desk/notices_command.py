"""`ninethirty notices`: read before the day what users would be told."""

from itertools import groupby
from pathlib import Path

import click

from ninethirty.desk.command import home, ready


@click.command()
@click.argument("release")
@home
def notices(home: Path, release: str) -> None:
    """Print every text that users could be told of RELEASE, with its length on each channel; exits
    with 1 if one is too long."""
    ready(home)
    from ninethirty.desk.actions.act import release_of
    from ninethirty.desk.actions.preview_notices import previews

    found = previews(release_of(release))
    for (about, language, words), same in groupby(
        found, key=lambda one: (one.about, one.language, one.words)
    ):
        click.echo(f"{about} ({language})\n  {words.title}\n  {words.short}")
        for one in same:
            room = (
                f"{one.letters} of {one.limit} letters" if one.limit else f"{one.letters} letters"
            )
            click.echo(f"    {one.channel}: {room}{', TOO LONG' if one.too_long else ''}")
    if any(one.too_long for one in found):
        raise SystemExit(1)
