"""`ninethirty evidence`: what a watch kept."""

import sys
from pathlib import Path

import click

from ninethirty.witness.evidence.check import check


@click.group("evidence")
def evidence() -> None:
    """Stored evidence of a watch."""


@evidence.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
def verify(folder: Path) -> None:
    """Find any byte of FOLDER that is not as it was written; exit status 1 if there is one."""
    found = check(folder)
    for sentence in found.wrong:
        click.echo(sentence, err=True)
    if found.wrong:
        sys.exit(1)
    click.echo(
        f"{folder}: {found.lines} lines, {found.sightings} sightings, all as written; "
        f"{len(found.roots)} roots, {len(found.stamped)} of them stamped"
    )
