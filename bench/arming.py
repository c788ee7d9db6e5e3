"""How long a gate takes to arm a thousand releases of some size."""

import random
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.figure import Figure
from bench.sealing import CLOCK, GATE_KEY, Desk
from bench.serving import armed_by
from ninethirty.core.schedule import Opening
from ninethirty.gate.store import Store

RELEASES = 1000
FILES_A_RELEASE = 5
FILE_BYTES = 100_000


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        desk = Desk(Path(made))
        opens = CLOCK.now() + timedelta(days=1)
        chance = random.Random(930)  # the same files every time
        for n in range(RELEASES):
            files = [desk.content(chance.randbytes(FILE_BYTES)) for _ in range(FILES_A_RELEASE)]
            desk.add(
                f"release/{n}",
                [Opening(f"/{n}/{place}", opens, file) for place, file in enumerate(files)],
            )
        desk.sign()
        with closing(Store(Path(made) / "gate", GATE_KEY)) as store:
            begun = time.monotonic()
            armed_by(desk, store)
            took = time.monotonic() - begun
    what = f"arming {RELEASES:,} releases of {FILES_A_RELEASE} files of 100 kB, s"
    return [Figure(what, round(took, 2), most=10)]
