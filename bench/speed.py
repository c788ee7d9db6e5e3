"""One page, as often as it can be had: the gate beside nginx, and beside Django, taking turns."""

import gzip
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.figure import Figure
from bench.sealing import Desk, yesterday
from bench.serving import Served, a_gate, free_port, nginx_static, program, running
from ninethirty.core.schedule import Opening

PAGE_BYTES = 20_000
ROUNDS = 7
SECONDS = 3
CONNECTIONS = 64


class Turn(NamedTuple):
    rate: float
    p99_ms: float
    cpu_us: float
    """Of all processes of the server, for one request: what it would take if wrk took nothing."""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        page = a_page()
        desk = Desk(folder)
        desk.add("release/bench", [Opening("/page", yesterday(), desk.content(page))])
        desk.sign()
        root = folder / "www"
        root.mkdir()
        (root / "page").write_bytes(page)
        (root / "page.gz").write_bytes(gzip.compress(page, 6))
        with (
            a_gate(desk) as gate,
            nginx_static(folder, root) as nginx,
            django(root / "page.gz") as slow,
        ):
            for server in (gate, nginx, slow):
                _wrk(server, 1)
            turns = [
                [_wrk(server, SECONDS) for server in (gate, nginx, slow)] for _ in range(ROUNDS)
            ]
    return _figures(turns)


def a_page() -> bytes:
    chance = random.Random(930)  # the same page every time
    rows = (f"<tr><td>{chance.random()}</td><td>{n}</td></tr>\n" for n in range(PAGE_BYTES))
    return "".join(rows).encode()[:PAGE_BYTES]


def _figures(turns: list[list[Turn]]) -> list[Figure]:
    def middle(server: int, what: int) -> float:
        return statistics.median(turn[server][what] for turn in turns)

    def ratio(what: int, server: int = 1) -> float:
        return round(statistics.median(turn[0][what] / turn[server][what] for turn in turns), 2)

    found = []
    for server, name in enumerate(("gate", "nginx gzip_static", "Django under granian")):
        found += [
            Figure(f"requests a second, {name}", round(middle(server, 0))),
            Figure(f"p99 ms, {name}", round(middle(server, 1), 2)),
            Figure(f"CPU us a request, {name}", round(middle(server, 2), 1)),
        ]
    return [
        *found,
        Figure("requests a second, gate to nginx", ratio(0), least=0.9),
        Figure("p99, gate to nginx", ratio(1), most=1.5),
        Figure("CPU a request, gate to nginx", ratio(2)),
        Figure("requests a second, gate to Django", ratio(0, 2)),
    ]


def _wrk(server: Served, seconds: int) -> Turn:
    before = server.cpu_seconds()
    said = subprocess.run(
        [
            *(program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"),
            *("-H", "Accept-Encoding: gzip", f"http://127.0.0.1:{server.port}/page"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    spent = server.cpu_seconds() - before
    rate = re.search(r"Requests/sec: *([0-9.]+)", said)
    p99 = re.search(r"99% *([0-9.]+)(us|ms|s)", said)
    asked = re.search(r"([0-9]+) requests in", said)
    assert rate, said
    assert p99, said
    assert asked, said
    assert "Non-2xx" not in said, said
    p99_ms = float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]]
    return Turn(float(rate[1]), p99_ms, spent / int(asked[1]) * 1e6)


@contextmanager
def django(page: Path) -> Iterator[Served]:
    """One worker, and a view that has the compressed bytes at hand: as fast as Django can be."""
    port = free_port()
    command = [sys.executable, "-m", "bench.django_page", str(port), str(page)]
    with running(command, port) as process:
        yield Served(port, process)
