"""A very long file, end to end: hashed whole, in memory and evidence that do not grow with it."""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from ninethirty.lifeline import PARENT
from ninethirty.standin.exchange import Endless, Outcome, Reply, Request
from ninethirty.standin.serving import Serving
from tests.witness.setting import HALF_PAST, NEW
from tests.witness.test_watch_command import Day, T

PIECE = bytes(range(256)) * 256
LENGTH = int(os.environ.get("LONG_FILE_BYTES", "300000000"))
MOST_MEMORY_KB = 200_000


@contextmanager
def long_file(day: Day) -> Iterator[str]:
    def answer(request: Request) -> Outcome:
        day.begin()
        if day.clock.now() < HALF_PAST:
            return Reply(404, b"not found")
        if request.path == "/prices":
            return Reply(200, NEW, {"Content-Type": "text/html"})
        return Endless(PIECE, {"Content-Type": "text/csv"}, LENGTH)

    with Serving(answer, day.clock, ["127.0.0.1"], 0) as server:
        yield server.url


def test_a_file_far_longer_than_our_memory_is_hashed_whole(tmp_path: Path) -> None:
    day = Day(tmp_path, speed=5, before=timedelta(seconds=5))
    with long_file(day) as url:
        command = [sys.executable, "-m", "ninethirty", "watch", f"{url}/prices", "--opens", T]
        command += ["--files", f"{url}/long.csv", "--drill", str(day.file)]
        command += ["--evidence", str(tmp_path / "kept")]
        with (tmp_path / "said").open("wb") as said:
            watching = subprocess.Popen(
                command, stdout=said, env=os.environ | {PARENT: str(os.getpid())}
            )
            most_kb = _most_memory_kb(watching)
    text = (tmp_path / "said").read_text()
    assert watching.returncode == 0, text
    assert f'"size_bytes": {LENGTH}' in text
    assert _digest() in text
    assert 0 < most_kb < MOST_MEMORY_KB
    kept = sum(file.stat().st_size for file in (tmp_path / "kept").rglob("*") if file.is_file())
    assert kept < 1_000_000


def _most_memory_kb(process: subprocess.Popen[bytes]) -> int:
    """Until it ends. What wait4 tells would count what we ourselves held when it was begun."""
    most = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s*(\d+) kB", status)
        most = max(most, int(found[1]) if found else 0)
        time.sleep(0.05)
    return most


def _digest() -> str:
    found = hashlib.sha256()
    whole, rest = divmod(LENGTH, len(PIECE))
    for _ in range(whole):
        found.update(PIECE)
    found.update(PIECE[:rest])
    return found.hexdigest()
