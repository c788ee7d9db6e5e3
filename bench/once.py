"""The old answer fetched once, over a slow hop, and not asked for again until just after T.

This is how 8 March 2018 went: somebody looked early, and a cache held what they saw. Many paths at
once, each looked at in a random moment of the last 70 s; between gate and cache every answer takes
0 to 300 ms.
"""

import asyncio
import random
import sys
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from bench.figure import Figure
from bench.relay import a_slow_hop
from bench.sealing import CLOCK, Desk, yesterday
from bench.serving import a_gate, nginx_before, varnish_before
from ninethirty.core.schedule import Opening
from ninethirty.core.times import Instant

PATHS = 80
BEFORE = 70.0
AFTER = 0.2
HOP = 0.3


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        desk = Desk(folder)
        opens = CLOCK.now() + timedelta(seconds=BEFORE + 6)
        old, new = desk.content(b"the old page"), desk.content(b"the new page")
        for n in range(PATHS):
            before = [Opening(f"/{n}", yesterday(), old)] if n % 2 else []
            desk.add(f"release/{n}", [*before, Opening(f"/{n}", opens, new)])
        desk.sign()
        gate = stack.enter_context(a_gate(desk)).port
        hop = stack.enter_context(a_slow_hop(gate, HOP))
        ports = {
            "directly": hop,
            "through nginx": stack.enter_context(nginx_before(folder, hop)),
            "through Varnish": stack.enter_context(varnish_before(folder, hop)),
        }
        assert CLOCK.seconds_until(opens) > BEFORE, "the gate started too slowly"
        found = asyncio.run(_look(ports, opens))
    return found


async def _look(ports: dict[str, int], opens: Instant) -> list[Figure]:
    chance = random.Random(int(opens.timestamp()))  # other moments every time
    found = []
    for way, port in ports.items():
        moments = [-chance.uniform(0, BEFORE) for _ in range(PATHS)]
        looks = [_path(port, f"/{n}", opens, moment) for n, moment in enumerate(moments)]
        found.append((way, asyncio.gather(*looks)))
    figures = []
    for way, looking in found:
        seen = await looking
        figures += [
            Figure(f"{way}: paths looked at once", len(seen)),
            Figure(f"{way}: early", sum(early for early, _ in seen), most=0),
            Figure(f"{way}: old at T + {AFTER} s", sum(is_old(said) for _, said in seen), most=0),
            Figure(
                f"{way}: neither old nor new at T + {AFTER} s",
                sum(not is_old(said) and not is_new(said) for _, said in seen),
                most=0,
            ),
        ]
    return figures


async def _path(port: int, path: str, opens: Instant, moment: float) -> tuple[bool, bytes]:
    """Was the new there too early; what was there after T?"""
    await asyncio.sleep(CLOCK.seconds_until(opens + timedelta(seconds=moment)))
    early = is_new(await _ask(port, path)) and CLOCK.now() < opens
    await asyncio.sleep(CLOCK.seconds_until(opens + timedelta(seconds=AFTER)))
    said = await _ask(port, path)
    if not is_new(said):
        print(f"{path}, first asked {-moment:.2f} s before T: {said!r}", file=sys.stderr)
    return early, said


def is_new(said: bytes) -> bool:
    return said.endswith(b"\r\n\r\nthe new page")


def is_old(said: bytes) -> bool:
    """The page of before, or word that there is none."""
    return said.endswith(b"\r\n\r\nthe old page") or said.startswith(b"HTTP/1.1 404 ")


async def _ask(port: int, path: str) -> bytes:
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    writing.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    said = await reading.read()
    writing.close()
    return said
