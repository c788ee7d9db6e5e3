"""ninethirty: the one command, a group of what the rooms offer.

A room is imported when its command is asked for, so that a witness does not load Django, and a gate
starts in a fraction of a second.
"""

import sys
from importlib import import_module

import click

from ninethirty.core.errors import NinethirtyError
from ninethirty.lifeline import follow_parent

ROOMS = {
    "up": "ninethirty.up.command:command",
    "demo": "ninethirty.demo.command:command",
    "gate": "ninethirty.gate.command:command",
    "witness": "ninethirty.witness.command:witness",
    "watch": "ninethirty.witness.watch_command:watch",
    "evidence": "ninethirty.witness.evidence.command:evidence",
    "desk": "ninethirty.desk.command:desk",
    "runner": "ninethirty.desk.command:runner",
    "promise": "ninethirty.desk.promise_command:promise",
    "veto": "ninethirty.desk.veto_command:veto",
    "said": "ninethirty.desk.said_command:said",
    "check": "ninethirty.desk.command:check",
    "person": "ninethirty.desk.person_command:person",
    "access": "ninethirty.desk.access_command:access",
    "erase": "ninethirty.desk.command:erase",
    "subscribers": "ninethirty.desk.subscribers_command:subscribers",
    "notices": "ninethirty.desk.notices_command:notices",
    "enquiry": "ninethirty.desk.enquiry_command:enquiry",
    "site": "ninethirty.desk.site_command:site",
    "key": "ninethirty.desk.shelving.command:key",
    "gates": "ninethirty.desk.shelving.command:gates",
    "seal": "ninethirty.desk.shelving.command:seal",
    "hold": "ninethirty.desk.shelving.command:hold",
    "withdraw": "ninethirty.desk.shelving.command:withdraw",
    "schedule": "ninethirty.desk.shelving.command:schedule",
    "verify": "ninethirty.desk.shelving.command:verify",
    "report": "ninethirty.desk.reports_command:report",
    "register": "ninethirty.desk.register_command:register",
    "period": "ninethirty.desk.register_command:period",
    "problem": "ninethirty.desk.problem_command:problem",
    "standin": "ninethirty.standin.command:standin",
    "demo-faults": "ninethirty.demo.faults:faults",
    "demo-people": "ninethirty.demo.people:people",
    "demo-on-call": "ninethirty.demo.people:on_call",
}


class Rooms(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(ROOMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in ROOMS:
            return None
        module, _, name = ROOMS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ninethirty")
def commands() -> None:
    """Official statistics in front of everyone at the promised instant."""


def main() -> None:
    """Run a command; what we raise on purpose is one sentence and exit status 2."""
    follow_parent()
    try:
        commands.main(prog_name="ninethirty")
    except NinethirtyError as wrong:
        click.echo(f"ninethirty: {wrong}", err=True)
        sys.exit(2)
