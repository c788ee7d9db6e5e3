"""What can go wrong in a demo: faults of the platform, and links of ours that break."""

import json
from collections.abc import Iterator

import click

from ninethirty.core.errors import CannotStart
from ninethirty.demo.breaks import Break
from ninethirty.demo.case import KNOWN
from ninethirty.demo.stage_set import EDGES, FRONT
from ninethirty.standin.platform.example import example
from ninethirty.standin.platform.faults import FAULTS, Fault, FaultRefused, chosen, composed
from ninethirty.standin.platform.scene import good_day

COUNTDOWN_LOST = "countdown-lost"
"""Of 8 March 2018."""

BREAK = "break:"
"""What the name of a broken link begins with, where both are in one list."""


def check_fault(name: str) -> Fault:
    """Raises CannotStart: there is none of that name, or none that the demo's platform can have."""
    day = good_day(example(KNOWN.promised.resolve(), 0), (FRONT, *EDGES))
    try:
        fault = chosen(name)
        scene = composed(day, [fault], 0)
    except FaultRefused as wrong:
        raise CannotStart(f"--fault {name}: {wrong}") from wrong
    if scene.wire:
        raise CannotStart(
            f"--fault {name}: is of connections and certificates, and the demo's platform speaks "
            "plain HTTP; play it with `ninethirty standin platform`"
        )
    return fault.fault


def _playable() -> Iterator[Fault]:
    for name in FAULTS:
        try:
            yield check_fault(name)
        except CannotStart:
            continue


@click.command("demo-faults", hidden=True)
def faults() -> None:
    """All that can be played, as JSON, for a desk that offers rehearsals."""
    told = [{"name": one.name, "says": one.says, "sees": one.sees} for one in _playable()]
    told += [{"name": f"{BREAK}{one}", "says": one.says, "sees": ""} for one in Break]
    click.echo(json.dumps(told))
