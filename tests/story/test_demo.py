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
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

PORT = 9630
"""The first of eight; each day has ten. Not those a person's own demo would be using."""

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


def the_demo(home: Path, *arguments: str, port: int = PORT) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "ninethirty", "demo", "--port", str(port)),
            *("--into", str(home), *arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def played(home: Path, *arguments: str, port: int = PORT) -> Outcome:
    process = the_demo(home, "--exit", *arguments, port=port)
    said, _ = process.communicate(timeout=LONGEST)
    return Outcome(process.returncode, said, home)


FOUND_IN = {
    "early-byte": "not one early byte",
    "doubled-post": "one post per channel",
    "silent-help-desk": "one ticket",
    "no-recovery": "recovery seen",
    "report-gap": "report complete",
    "alternate-wrong": "the alternate right at T",
}


FORM = """REPORTING A BREACH OF THE CODE OF PRACTICE FOR STATISTICS
1. Core Information
Title and link to statistical output\tHedgehogs https://www.example.org/statistics/hedgehogs
Name of statistical producer\tThe example office
Name and contact details of person dealing with report\tHead of statistics
Date of report\t19 June 2018
2. Circumstances of breach
Relevant principle and practice\tTrustworthiness (T3.6)
Date of occurrence of breach\t14 June 2018
The release could not be published at the scheduled time of 9:30am. We raised this with the
platform's support team at 9:50am. The actual link started working before 11am.
3. Impact of the breach
Users had to wait.
4. Corrective actions (taken or planned) to prevent re-occurrence
We uploaded the report to another page at 10:05am.
"""


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    """Every day that is played to its end, two at a time: a day waits for most of its minute and
    a half, and three get into each other's way."""
    given = tmp_path_factory.mktemp("own")
    (given / "own").mkdir()
    (given / "own" / "index.html").write_text(
        "<title>Hedgehogs, 2018</title><main><h1>Few</h1></main>"
    )
    (given / "own" / "hedgehogs.csv").write_text("year,hedgehogs\n2018,7\n")
    (given / "form.txt").write_text(FORM)
    wishes: dict[str, tuple[str, ...]] = {
        "as it was": (),
        "runner killed": ("--kill", "runner@T+60s"),
        "own": ("--files", str(given / "own"), "--case", str(given / "form.txt")),
        **{link: ("--break", link) for link in FOUND_IN},
    }
    with ThreadPoolExecutor(2) as pool:
        yield {
            name: pool.submit(
                played,
                tmp_path_factory.mktemp(name.replace(" ", "-")) / "demo",
                *wish,
                port=PORT + 10 * place,
            )
            for place, (name, wish) in enumerate(wishes.items())
        }


def test_8_march_2018_is_answered_in_seconds(days: dict[str, Future[Outcome]]) -> None:
    outcome = days["as it was"].result()
    assert outcome.broken() == set(), outcome.said
    assert outcome.status == 0, outcome.said
    assert left_running(outcome.home) == []


def test_a_runner_killed_a_minute_after_t_neither_loses_nor_doubles(
    days: dict[str, Future[Outcome]],
) -> None:
    outcome = days["runner killed"].result()
    assert "runner started again" in outcome.said
    assert outcome.broken() == set(), outcome.said
    assert outcome.status == 0
    assert [line["what"] for line in outcome.log("helpdesk")].count("ticket") == 1
    for network in ("x", "linkedin", "news"):
        # It is late; it is late still, an hour on; it is there.
        assert [line["what"] for line in outcome.log(network)].count("post") == 3


@pytest.mark.parametrize("link", FOUND_IN)
def test_a_broken_link_is_found_where_it_broke(days: dict[str, Future[Outcome]], link: str) -> None:
    outcome = days[link].result()
    assert outcome.status == 1, outcome.said
    assert FOUND_IN[link] in outcome.broken(), outcome.said


def test_nobody_is_sent_to_an_alternate_that_is_wrong(days: dict[str, Future[Outcome]]) -> None:
    outcome = days["alternate-wrong"].result()
    assert [line for line in outcome.log("x") if line["what"] == "post"] == []
    assert "a person was paged: check alternate" in outcome.said


def test_own_files_and_ones_own_case_go_through_it_in_summer_time_too(
    days: dict[str, Future[Outcome]],
) -> None:
    outcome = days["own"].result()
    assert outcome.status == 0, outcome.said
    assert outcome.report()["title"] == {"value": "Hedgehogs, 2018"}
    rows = [[cell.strip() for cell in line.split("│")] for line in outcome.said.splitlines()]
    then = {row[1]: row[2] for row in rows if len(row) == 5}
    assert then["alternate public"] == "10:05"
    assert then["platform's support asked"] == "09:50"
    assert then["announced address worked"] == "before 11:00"
    assert then["cause stated"] == "not said"
    assert then["breach report"] == "19 June"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_running_however_it_ends(tmp_path: Path, how: signal.Signals) -> None:
    with the_demo(tmp_path / "demo", "--speed", "1") as process:
        try:
            until(lambda: (tmp_path / "demo" / "reader.json").exists(), LONGEST)
            time.sleep(2)
            assert len(left_running(tmp_path)) > 10
            process.send_signal(how)
            process.wait(20)
        finally:
            process.kill()  # what it started must not be in the way of the next test
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
        "choose another: --port N (the first of eight)\n"
    )
    assert not (tmp_path / "demo").exists()


def test_a_folder_that_holds_something_else_is_not_cleared(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    outcome = played(tmp_path)
    assert outcome.status == 2
    assert "holds something else; name a folder of its own: --into" in outcome.said
    assert (tmp_path / "thesis.odt").exists()


def test_own_files_are_not_cleared_away_with_an_earlier_run(tmp_path: Path) -> None:
    own = tmp_path / "demo" / "own"
    own.mkdir(parents=True)
    (own / "index.html").write_text("<main>Few</main>")
    outcome = played(tmp_path / "demo", "--files", str(own))
    assert outcome.status == 2
    assert (own / "index.html").exists()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (["--kill", "runner"], "'runner' is not NAME@T+60s with one of gate, desk, runner"),
        (["--break", "everything"], "'everything' is not one of 'early-byte'"),
        (["--speed", "1000"], "1000.0 is not in the range"),
        (["--files", "no-such-folder"], "Directory 'no-such-folder' does not exist"),
        (["--case", "no-such-form"], "File 'no-such-form' does not exist"),
    ],
)
def test_a_wish_that_cannot_be_is_said_at_once(tmp_path: Path, wish: list[str], said: str) -> None:
    outcome = played(tmp_path / "demo", *wish)
    assert outcome.status == 2
    assert said in outcome.said


def test_a_form_that_is_none_cannot_be_replayed(tmp_path: Path) -> None:
    form = tmp_path / "letter.txt"
    form.write_text("Dear sir,\nit rained.\n")
    outcome = played(tmp_path / "demo", "--case", str(form))
    assert outcome.status == 2
    assert outcome.said.startswith("ninethirty: ")


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
