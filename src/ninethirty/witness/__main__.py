"""`python -m ninethirty.witness`: the command by itself, without the other rooms."""

import sys

import click

from ninethirty.core.errors import NinethirtyError
from ninethirty.lifeline import follow_parent
from ninethirty.witness.command import witness

follow_parent()
try:
    witness(prog_name="ninethirty witness")
except NinethirtyError as wrong:
    click.echo(f"ninethirty witness: {wrong}", err=True)
    sys.exit(2)
