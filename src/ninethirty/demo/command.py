"""ninethirty demo"""

import re
import signal
import sys
from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console

from ninethirty.demo.breaks import Break
from ninethirty.demo.case import KNOWN, read_case
from ninethirty.demo.day import Kill
from ninethirty.demo.faults import COUNTDOWN_LOST, check_fault
from ninethirty.demo.run import Wishes, run
from ninethirty.demo.stage_set import StageSet, eight_free

KILLABLE = ("gate", "desk", "runner", "witness-1", "witness-2", "witness-3")


def _kill(_: click.Context, __: click.Parameter, text: str | None) -> Kill | None:
    if text is None:
        return None
    found = re.fullmatch(r"([\w-]+)@T([+-]\d+)s", text)
    if not found or found[1] not in KILLABLE:
        raise click.BadParameter(
            f"{text!r} is not NAME@T+60s with one of {', '.join(KILLABLE)} as the name"
        )
    return Kill(found[1], timedelta(seconds=int(found[2])))


@click.command("demo")
@click.option("--exit", "leave", is_flag=True, help="Leave at the end; 0 only if all held.")
@click.option("--speed", type=click.FloatRange(0.1, 120), help="One pace throughout; 1: real time.")
@click.option("--seed", default=2018, show_default=True, help="Repeats a run.")
@click.option(
    "--files",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Your own release: a folder with index.html and its files.",
)
@click.option(
    "--case",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the promise and what happened then from a filled form.",
)
@click.option(
    "--break", "broken", type=click.Choice([b.value for b in Break]), help="Break a link of ours."
)
@click.option(
    "--fault",
    default=COUNTDOWN_LOST,
    show_default=True,
    help="What the platform does wrong, of `ninethirty standin platform --list`.",
)
@click.option("--alone", is_flag=True, help="Nobody plays the officer on call.")
@click.option("--kill", callback=_kill, metavar="NAME@T+60s", help="kill -9 it then.")
@click.option("--port", default=9330, show_default=True, help="The first of eight; 0: free ones.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Folder for everything the run writes; cleared first.",
)
def command(
    leave: bool,
    speed: float | None,
    seed: int,
    files: Path | None,
    case: Path | None,
    broken: str | None,
    fault: str,
    alone: bool,
    kill: Kill | None,
    port: int,
    into: Path,
) -> None:
    """Replay 8 March 2018 on this machine: the platform fails, ninethirty answers."""
    # Said out loud: a shell that starts us in the background has SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    console = Console(width=None if sys.stdout.isatty() else 110)
    told = read_case(case) if case else KNOWN
    check_fault(fault)
    wishes = Wishes(
        case=told,
        seed=seed,
        speed=speed,
        files=files.resolve() if files else None,
        broken=next((one for one in Break if one == broken), None),
        fault=fault,
        alone=alone,
        kill=kill,
        stay=not leave,
    )
    try:
        stage = StageSet(into.resolve(), port or eight_free(), told.promised)
        sys.exit(run(stage, wishes, console))
    except KeyboardInterrupt:
        console.print("Stopped; nothing is left running.")
        sys.exit(130)
