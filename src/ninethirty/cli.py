"""ninethirty: the one command, a group of what the rooms offer."""

import sys

import click

from ninethirty.core.errors import NinethirtyError
from ninethirty.gate.command import command as gate
from ninethirty.lifeline import follow_parent


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ninethirty")
def commands() -> None:
    """Official statistics in front of everyone at the promised instant."""


commands.add_command(gate)


def main() -> None:
    """Run a command; what we raise on purpose is one sentence and exit status 2."""
    follow_parent()
    try:
        commands.main(standalone_mode=True, prog_name="ninethirty")
    except NinethirtyError as wrong:
        click.echo(f"ninethirty: {wrong}", err=True)
        sys.exit(2)
