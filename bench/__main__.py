"""python -m bench [NAME ...]: run the benches, print a table, write bench/out/NAME.json."""

import json
import os
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import flip, gate, record, runner

BENCHES = {
    "flip": flip.measure,
    "gate": gate.measure,
    "record": record.measure,
    "runner": runner.measure,
}
OUT = Path(__file__).parent / "out"


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no bench called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return 2
    OUT.mkdir(exist_ok=True)
    for name in names or BENCHES:
        found = BENCHES[name]()
        machine = {"cores": os.cpu_count(), "python": platform.python_version()}
        (OUT / f"{name}.json").write_text(
            json.dumps({"machine": machine, "found": found}, indent=2)
        )
        table = Table(title=name, title_justify="left")
        table.add_column("what")
        table.add_column("figure", justify="right")
        for what, figure in found.items():
            table.add_row(what, f"{figure:,}")
        Console(width=100).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
