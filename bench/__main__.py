"""python -m bench [NAME ...]: run benches, print one table, write bench/out/*.json.

`gate` stands for all parts of the gate's numbers. Ends with 1 if a bar is not reached.
"""

import json
import os
import platform
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import (
    access,
    arming,
    console,
    faults,
    flip,
    guess,
    herd,
    imports,
    machines,
    mailing,
    once,
    papers,
    punctuality,
    record,
    register,
    runner,
    scenarios,
    site,
    speed,
    start,
    told,
    verdict,
    witness,
)
from bench.figure import Figure

GATE: dict[str, Callable[[], list[Figure]]] = {
    "speed": speed.measure,
    "flip": flip.measure,
    "once": once.measure,
    "herd": herd.measure,
    "arming": arming.measure,
    "start": start.measure,
    "guess": guess.measure,
}
BENCHES: dict[str, Callable[[], list[Figure] | dict[str, float]]] = {
    **GATE,
    "console": console.measure,
    "access": access.measure,
    "faults": faults.measure,
    "imports": imports.measure,
    "machines": machines.measure,
    "mailing": mailing.measure,
    "papers": papers.measure,
    "punctuality": punctuality.measure,
    "record": record.measure,
    "register": register.measure,
    "runner": runner.measure,
    "scenarios": scenarios.measure,
    "site": site.measure,
    "told": told.measure,
    "verdict": verdict.measure,
    "witness": witness.measure,
}
ALONE: dict[str, Callable[[], list[Figure] | dict[str, float]]] = {
    f"runner-{part}": partial(runner.measure, part) for part in (runner.DAYS_ALONE, *runner.PARTS)
}
"""Parts of one that takes an hour; not among those that are run if none is named."""

OUT = Path(__file__).parent / "out"


def main(asked: list[str]) -> int:
    names = [name for one in asked or BENCHES for name in (GATE if one == "gate" else [one])]
    known = BENCHES | ALONE
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no bench called {', '.join(unknown)}; there are gate, {', '.join(known)}")
        return 2
    OUT.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    table = Table(title=f"{machine['cores']} cores, shared by server and readers")
    for column in ("bench", "what"):
        table.add_column(column)
    for column in ("figure", "bar", ""):
        table.add_column(column, justify="right")
    missed = 0
    for name in names:
        found = _figures(known[name]())
        rows = [
            {"what": one.what, "figure": one.value, "bar": one.bar, "reached": one.reached}
            for one in found
        ]
        written = json.dumps({"machine": machine, "found": rows}, indent=2)
        (OUT / f"{name}.json").write_text(written + "\n")
        for one in found:
            said = "" if not one.bar else "yes" if one.reached else "NO"
            table.add_row(name, one.what, f"{one.value:,}", one.bar, said)
            missed += not one.reached
        table.add_section()
        print(f"{name}: measured", file=sys.stderr, flush=True)
    Console(width=120).print(table)
    return 1 if missed else 0


def _figures(found: list[Figure] | dict[str, float]) -> list[Figure]:
    """A bench that has no bars of its own tells figures by name."""
    if isinstance(found, dict):
        return [Figure(what, value) for what, value in found.items()]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
