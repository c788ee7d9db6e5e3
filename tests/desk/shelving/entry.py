"""The commands as `ninethirty` offers them: python -m tests.desk.shelving.entry seal ..."""

import sys

import click

from ninethirty.core.errors import NinethirtyError
from ninethirty.desk.shelving import command


@click.group()
def commands() -> None: ...


for one in (
    command.key,
    command.gates,
    command.seal,
    command.hold,
    command.withdraw,
    command.schedule,
    command.verify,
):
    commands.add_command(one)


def main() -> None:
    try:
        commands.main(prog_name="ninethirty")
    except NinethirtyError as wrong:
        click.echo(f"ninethirty: {wrong}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
