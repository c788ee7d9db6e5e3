"""The gate across many openings: is anything early, is anything old, how soon is the new there?

Readers keep their connections and ask without pause. The gate runs on this machine beside them.
"""

import http.client
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from ninethirty.core.document import SigningKey
from ninethirty.core.schedule import Content, Opening
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.shelf import Shelf

FLIPS = 40
APART = timedelta(seconds=0.25)
READERS = 8
PAGE = "/statistics/page"
CLOCK = RealClock()

Look = tuple[Instant, Instant, bytes]


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> dict[str, float]:
    key = SigningKey.new()
    shelf = Shelf(folder / "desk", key, site="bench.example", drill=False)
    first = CLOCK.now() + timedelta(seconds=4)
    openings = []
    for flip in range(FLIPS + 1):
        body = b"%06d" % flip + b"x" * 20_000
        opens = first + APART * flip if flip else first - timedelta(days=1)
        openings.append(Opening(PAGE, opens, Content(shelf.put(body), len(body), "text/html")))
    shelf.publish("release/bench", openings, CLOCK.now())
    port = _free_port()
    gate = subprocess.Popen(
        [
            *(sys.executable, "-m", "ninethirty", "gate", str(folder / "gate")),
            *("--from", str(folder / "desk"), "--key", key.public),
            *("--listen", f"127.0.0.1:{port}"),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        while not shelf.acknowledged():
            time.sleep(0.05)
        time.sleep(1)
        looks: list[list[Look]] = [[] for _ in range(READERS)]
        until = first + APART * (FLIPS + 1)
        readers = [
            threading.Thread(target=_read, args=(port, until, mine), daemon=True) for mine in looks
        ]
        begun = CLOCK.now()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        took = (CLOCK.now() - begun).total_seconds()
    finally:
        gate.terminate()
        gate.wait(10)
    return _judged([look for mine in looks for look in mine], openings, took)


def _read(port: int, until: Instant, looks: list[Look]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    while CLOCK.now() < until:
        begun = CLOCK.now()
        connection.request("GET", PAGE)
        body = connection.getresponse().read()
        looks.append((begun, CLOCK.now(), body[:6]))
    connection.close()


def _judged(looks: list[Look], openings: list[Opening], took: float) -> dict[str, float]:
    early = old = 0
    firsts = []
    for number, opening in list(enumerate(openings))[1:]:
        new = [look for look in looks if int(look[2] or b"0") >= number]
        early += sum(1 for _, ended, _ in new if ended < opening.opens)
        old += sum(1 for begun, _, body in looks if begun >= opening.opens and int(body) < number)
        firsts.append((min(ended for _, ended, _ in new) - opening.opens).total_seconds() * 1000)
    firsts.sort()
    return {
        "flips": len(firsts),
        "requests": len(looks),
        "requests a second": round(len(looks) / took),
        "early": early,
        "old though begun after T": old,
        "first new answer, median ms after T": round(statistics.median(firsts), 2),
        "first new answer, slowest ms after T": round(firsts[-1], 2),
    }


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port
