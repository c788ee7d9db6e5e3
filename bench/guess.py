"""Can the time of a 404 tell that something waits at the address?"""

import random
import secrets
import socket
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from math import sqrt
from pathlib import Path

from bench.figure import Figure
from bench.sealing import CLOCK, Desk
from bench.serving import a_gate
from ninethirty.core.schedule import Opening

REQUESTS = 100_000
PATHS = 400
TRIMMED = 0.1


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        desk = Desk(Path(made))
        page, opens = desk.content(b"a page that waits"), CLOCK.now() + timedelta(days=1)
        # Names that differ in nothing but that one half is promised.
        names = [f"/statistics/{secrets.token_hex(8)}" for _ in range(2 * PATHS)]
        for path in names[:PATHS]:
            desk.add(f"release{path}", [Opening(path, opens, page)])
        desk.sign()
        with a_gate(desk) as gate:
            promised, nothing = _times(gate.port, names)
    return [
        Figure("requests", len(promised) + len(nothing), least=REQUESTS),
        Figure("median us, promised", statistics.median(promised) / 1000),
        Figure("median us, not promised", statistics.median(nothing) / 1000),
        Figure("|t| of Welch", round(abs(welch(promised, nothing)), 2), most=4.5),
        Figure(
            "|t| of Yuen, a tenth trimmed off each end",
            round(abs(yuen(promised, nothing, TRIMMED)), 2),
            most=4.5,
        ),
    ]


def _times(port: int, names: list[str]) -> tuple[list[int], list[int]]:
    """Nanoseconds of each, in random order, over one connection."""
    chance = random.Random()
    asking = [
        (place // PATHS, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for place, path in enumerate(names)
    ]
    times: tuple[list[int], list[int]] = ([], [])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for warming in (True, False):
            for _ in range(5_000 if warming else REQUESTS):
                kind, request = chance.choice(asking)
                begun = time.perf_counter_ns()
                connection.send(request)
                said = connection.recv(65_536)
                took = time.perf_counter_ns() - begun
                assert said.startswith(b"HTTP/1.1 404 ")
                if not warming:
                    times[kind].append(took)
    return times


def welch(one: Sequence[float], other: Sequence[float]) -> float:
    spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return (statistics.fmean(one) - statistics.fmean(other)) / sqrt(spread)


def yuen(one: Sequence[float], other: Sequence[float], part: float) -> float:
    """Welch's t of trimmed means: what is left when a noisy machine's worst is not counted."""
    (mean, error), (other_mean, other_error) = (_trimmed(each, part) for each in (one, other))
    return (mean - other_mean) / sqrt(error + other_error)


def _trimmed(values: Sequence[float], part: float) -> tuple[float, float]:
    """The trimmed mean, and its squared standard error (from winsorized values)."""
    ordered = sorted(values)
    cut = int(len(ordered) * part)
    kept = ordered[cut : len(ordered) - cut]
    drawn_in = [kept[0]] * cut + kept + [kept[-1]] * cut
    squares = (len(ordered) - 1) * statistics.variance(drawn_in)
    return statistics.fmean(kept), squares / (len(kept) * (len(kept) - 1))
