"""A gate with a long history: one more release, a start, and what it takes of memory."""

import http.client
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.figure import Figure
from bench.sealing import CLOCK, GATE_KEY, Desk, yesterday
from bench.serving import a_gate_started, armed_by, handed_over
from ninethirty.core.schedule import Opening
from ninethirty.gate.store import Store

FEW = 10_000
MANY = 100_000
STARTS = 3


def measure() -> list[Figure]:
    few, many = (_with(releases) for releases in (FEW, MANY))
    found = []
    for releases, (arming, more, ready, memory) in ((FEW, few), (MANY, many)):
        last = releases == MANY
        found += [
            Figure(f"arming {releases:,} releases of one small page, objects there, s", arming),
            Figure(f"one more release into {releases:,}, ms", more, most=200 if last else None),
            Figure(f"start with {releases:,}, ready after s", ready, most=2 if last else None),
            Figure(f"start with {releases:,}, all memory MB", memory, most=250 if last else None),
        ]
    found += [
        Figure("ten times the releases, times the start", round(many[2] / few[2], 2), most=10),
        Figure("ten times the releases, times the memory", round(many[3] / few[3], 2), most=10),
    ]
    return found


def _with(releases: int) -> tuple[float, int, float, int]:
    """Seconds to arm them, ms for one more, seconds until it answers, MB."""
    with tempfile.TemporaryDirectory() as made:
        desk = Desk(Path(made))
        page = desk.content(b"a small page")
        desk.add_many(releases, "/many", page, yesterday())
        desk.sign()
        with closing(Store(handed_over(desk), GATE_KEY)) as store:
            begun = time.monotonic()
            armed_by(desk, store)
            arming = time.monotonic() - begun
            desk.add("release/more", [Opening("/more", CLOCK.now(), page)])
            desk.sign()
            begun = time.monotonic()
            armed_by(desk, store)
            more = time.monotonic() - begun
        starts = sorted(_start(desk) for _ in range(STARTS))
    ready, memory = starts[STARTS // 2]
    return round(arming, 2), round(more * 1000), round(ready, 2), memory


def _start(desk: Desk) -> tuple[float, int]:
    begun = time.monotonic()
    with a_gate_started(desk) as gate:
        connection = http.client.HTTPConnection("127.0.0.1", gate.port)
        connection.request("GET", "/more")
        assert connection.getresponse().status == 200
        ready = time.monotonic() - begun
        connection.close()
        time.sleep(1)
        return ready, gate.resident_bytes() >> 20
