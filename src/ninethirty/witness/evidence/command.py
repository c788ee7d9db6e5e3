"""`ninethirty evidence`: what a watch kept."""

import sys
from pathlib import Path

import click

from ninethirty.witness.evidence.check import STAMPS, check
from ninethirty.witness.evidence.stamp import not_vouched_for


@click.group("evidence")
def evidence() -> None:
    """Stored evidence of a watch."""


@evidence.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--authority",
    type=click.Path(path_type=Path),
    metavar="PEM",
    help="Certificates of the time-stamp authority: have its stamps checked too.",
)
@click.option("--root", metavar="HEX", help="A root that somebody else was told at the time.")
def verify(folder: Path, authority: Path | None, root: str | None) -> None:
    """Find any byte of FOLDER that is not as it was written; exit status 1 if there is one."""
    found = check(folder)
    wrong = list(found.wrong)
    if authority:
        wrong += not_vouched_for(folder / STAMPS, found.stamped, authority)
    if root and root not in found.roots:
        wrong.append(f"--root {root}: expected one of {len(found.roots)} roots, found none like it")
    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        sys.exit(1)
    click.echo(
        f"{folder}: {found.lines} lines, {found.sightings} sightings, all as written; "
        f"{len(found.roots)} roots, {len(found.stamped)} of them stamped"
    )
