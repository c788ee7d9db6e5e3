"""The demo as a newcomer runs it: the whole of it, each broken link, and a runner killed half-way.

A run takes about a minute and a half; what it found is read from its own last table.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PORT = 9630
"""The first of seven; not the one a person's own demo would be using."""

LONGEST = 300.0


@dataclass(frozen=True)
class Outcome:
    status: int
    said: str
    home: Path

    def broken(self) -> set[str]:
        return {
            re.split(r"\s{2,}|│", line.split("│")[2].strip())[0]
            for line in self.said.splitlines()
            if "BROKEN" in line
        }

    def log(self, name: str) -> list[dict[str, object]]:
        lines = (self.home / "logs" / f"{name}.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def report(self) -> dict[str, object]:
        (written,) = (self.home / "desk" / "papers").glob("*.json")
        report: dict[str, object] = json.loads(written.read_text())
        return report


def the_demo(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "ninethirty", "demo", "--port", str(PORT)),
            *("--into", str(home), *arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def played(home: Path, *arguments: str) -> Outcome:
    process = the_demo(home, "--exit", *arguments)
    said, _ = process.communicate(timeout=LONGEST)
    return Outcome(process.returncode, said, home)


def test_8_march_2018_is_answered_in_seconds(tmp_path: Path) -> None:
    outcome = played(tmp_path / "demo")
    assert outcome.broken() == set(), outcome.said
    assert outcome.status == 0, outcome.said
    assert left_running(tmp_path) == []


def test_a_runner_killed_a_minute_after_t_neither_loses_nor_doubles(tmp_path: Path) -> None:
    outcome = played(tmp_path / "demo", "--kill", "runner@T+60s")
    assert "runner started again" in outcome.said
    assert outcome.broken() == set(), outcome.said
    assert outcome.status == 0
    assert [line["what"] for line in outcome.log("helpdesk")].count("ticket") == 1
    for network in ("x", "linkedin", "news"):
        assert [line["what"] for line in outcome.log(network)].count("post") == 2


@pytest.mark.parametrize(
    ("link", "found_in"),
    [
        ("early-byte", "not one early byte"),
        ("alternate-wrong", "the alternate right at T"),
        ("doubled-post", "one post per channel"),
        ("silent-help-desk", "one ticket"),
        ("no-recovery", "recovery seen"),
        ("report-gap", "report complete"),
    ],
)
def test_a_broken_link_is_found_where_it_broke(tmp_path: Path, link: str, found_in: str) -> None:
    outcome = played(tmp_path / "demo", "--break", link)
    assert outcome.status == 1, outcome.said
    assert found_in in outcome.broken(), outcome.said


def test_nobody_is_sent_to_an_alternate_that_is_wrong(tmp_path: Path) -> None:
    outcome = played(tmp_path / "demo", "--break", "alternate-wrong", "--seed", "7")
    assert [line for line in outcome.log("x") if line["what"] == "post"] == []
    assert "a person was paged: check alternate" in outcome.said


def test_own_files_go_through_it(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "index.html").write_text("<title>Hedgehogs, 2018</title><main><h1>Few</h1></main>")
    (own / "hedgehogs.csv").write_text("year,hedgehogs\n2018,7\n")
    outcome = played(tmp_path / "demo", "--files", str(own))
    assert outcome.status == 0, outcome.said
    assert outcome.report()["title"] == {"value": "Hedgehogs, 2018"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running_however_it_ends(tmp_path: Path, how: signal.Signals) -> None:
    process = the_demo(tmp_path / "demo", "--speed", "1")
    until(lambda: (tmp_path / "demo" / "reader.json").exists(), LONGEST)
    time.sleep(2)
    assert len(left_running(tmp_path)) > 10
    process.send_signal(how)
    process.wait(20)
    assert process.stdout is not None
    process.stdout.close()
    until(lambda: left_running(tmp_path) == [], 10)


def test_a_taken_port_is_named_with_the_option_that_changes_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", PORT + 1))
        taken.listen()
        outcome = played(tmp_path / "demo")
    assert outcome.status == 2
    assert outcome.said == (
        f"ninethirty: 127.0.0.1:{PORT + 1} is taken by another program; "
        "choose another: --port N (the first of seven)\n"
    )
    assert not (tmp_path / "demo").exists()


def left_running(home: Path) -> list[int]:
    """Processes, other than this one, whose command line or environment names the folder."""
    return [pid for pid in pids() if pid != os.getpid() and str(home).encode() in told(pid)]


def pids() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            yield int(entry.name)


def told(pid: int) -> bytes:
    found = b""
    for name in ("cmdline", "environ"):
        try:
            found += Path(f"/proc/{pid}/{name}").read_bytes()
        except OSError:
            continue
    return found


def until(so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)
