"""The gate beside nginx on the same page, and how long arming takes."""

import gzip
import random
import re
import statistics
import subprocess
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.serving import a_gate, a_shelf, nginx_static, program
from ninethirty.core.document import SigningKey, digest
from ninethirty.core.guard import ANY_READING
from ninethirty.core.schedule import (
    Content,
    Opening,
    Root,
    list_for,
    write_document,
    write_list,
    write_root,
)
from ninethirty.core.times import Instant, RealClock
from ninethirty.gate.arm import arm
from ninethirty.gate.clock import GuardedClock
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store

CLOCK = RealClock()
PAGE_BYTES = 20_000
TURNS = 3
SECONDS_A_TURN = 5
CONNECTIONS = 64
RELEASES = 1000
FILES_A_RELEASE = 5
FILE_BYTES = 100_000
MANY = 20_000


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        found = _beside_nginx(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        found |= _arming(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        found |= _one_more(Path(folder))
    return found


def _beside_nginx(folder: Path) -> dict[str, float]:
    key = SigningKey.new()
    shelf = a_shelf(folder, key)
    chance = random.Random(930)  # noqa: S311  # the same page every time
    rows = (f"<tr><td>{chance.random()}</td><td>{n}</td></tr>\n" for n in range(PAGE_BYTES))
    page = "".join(rows).encode()[:PAGE_BYTES]
    opened = CLOCK.now() - timedelta(days=1)
    content = Content(shelf.put(page), len(page), "text/html; charset=utf-8")
    shelf.publish("release/bench", [Opening("/page", opened, content)], CLOCK.now())
    root = folder / "www"
    root.mkdir()
    (root / "page").write_bytes(page)
    (root / "page.gz").write_bytes(gzip.compress(page, 6))
    with a_gate(folder, shelf, key) as gate, nginx_static(folder, root) as nginx:
        turns = [(_wrk(gate), _wrk(nginx)) for _ in range(TURNS)]
    rate, p99 = (
        {
            "gate": statistics.median(ours[place] for ours, _ in turns),
            "nginx": statistics.median(theirs[place] for _, theirs in turns),
            "ratio": statistics.median(ours[place] / theirs[place] for ours, theirs in turns),
        }
        for place in (0, 1)
    )
    return {
        "requests a second, gate": round(rate["gate"]),
        "requests a second, nginx gzip_static": round(rate["nginx"]),
        "requests a second, ratio (>= 0.9)": round(rate["ratio"], 2),
        "p99 ms, gate": round(p99["gate"], 2),
        "p99 ms, nginx gzip_static": round(p99["nginx"], 2),
        "p99, ratio (<= 1.5)": round(p99["ratio"], 2),
    }


def _wrk(port: int) -> tuple[float, float]:
    """Requests a second, and p99 in ms."""
    said = subprocess.run(
        [
            *(program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS_A_TURN}s", "--latency"),
            *("-H", "Accept-Encoding: gzip", f"http://127.0.0.1:{port}/page"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = re.search(r"Requests/sec: *([0-9.]+)", said)
    p99 = re.search(r"99% *([0-9.]+)(us|ms|s)", said)
    assert rate, said
    assert p99, said
    assert "Non-2xx" not in said, said
    return float(rate[1]), float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]]


def _arming(folder: Path) -> dict[str, float]:
    """Releases as a desk would hand them over, all at once."""
    key = SigningKey.new()
    desk = Desk(folder / "desk", key)
    chance = random.Random(930)  # noqa: S311  # the same page every time
    for n in range(RELEASES):
        files = [chance.randbytes(FILE_BYTES) for _ in range(FILES_A_RELEASE)]
        desk.add(f"release/{n}", files)
    desk.sign()
    with closing(Store(folder / "gate")) as store:
        took = _armed(store, folder, key)
        desk.add("release/more", [b"one more"])
        desk.sign()
        more = _armed(store, folder, key)
    return {
        f"arming {RELEASES:,} releases of {FILES_A_RELEASE} files of 100 kB, s (<= 10)": took,
        f"one more release into {RELEASES:,}, ms (<= 200)": round(more * 1000),
    }


def _one_more(folder: Path) -> dict[str, float]:
    key = SigningKey.new()
    desk = Desk(folder / "desk", key)
    for n in range(MANY):
        desk.add(f"release/{n}", [b"a small page"])
    desk.sign()
    with closing(Store(folder / "gate")) as store:
        first = _armed(store, folder, key)
        desk.add("release/more", [b"one more"])
        desk.sign()
        more = _armed(store, folder, key)
    return {
        f"arming {MANY:,} small releases, s": first,
        f"one more release into {MANY:,}, ms": round(more * 1000),
    }


def _armed(store: Store, folder: Path, key: SigningKey) -> float:
    """How many seconds it took to take what is offered."""
    begun = time.monotonic()
    armed = arm(
        store,
        Folder(folder / "desk"),
        gate="gate",
        trusted_key=key.public,
        clock=_unchecked(folder),
    )
    assert armed
    return round(time.monotonic() - begun, 3)


def _unchecked(folder: Path) -> GuardedClock:
    file = ClockFile(folder / "gate", workers=1)
    file.ahead[0] = ANY_READING
    return GuardedClock(file)


class Desk:
    """A shelf that signs many releases at once, without waiting for the disk."""

    def __init__(self, folder: Path, key: SigningKey) -> None:
        self._folder = folder
        self._key = key
        self._opens: Instant = CLOCK.now() + timedelta(days=1)
        self._documents: dict[str, dict[str, str]] = {}
        self._version = 0

    def add(self, name: str, files: list[bytes]) -> None:
        openings = [
            Opening(f"/{name}/{n}", self._opens, Content(self._put(file), len(file), "x/bench"))
            for n, file in enumerate(files)
        ]
        document = self._put(write_document(name, openings))
        self._documents.setdefault(list_for(name), {})[name] = document

    def sign(self) -> None:
        self._version += 1
        lists = {name: self._put(write_list(named)) for name, named in self._documents.items()}
        root = Root("bench.example", self._version, False, lists)
        (self._folder / "root").write_bytes(write_root(root, self._key))

    def _put(self, content: bytes) -> str:
        name = digest(content)
        place = self._folder / "objects" / name[:2] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return name
