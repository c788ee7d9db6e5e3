import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.standin.drill import BEARER, TOKEN, ask, at, drill_file

SERVICES = ("platform", "x", "linkedin", "news", "helpdesk")


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "ninethirty.standin", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def options(folder: Path, listen: str = "127.0.0.1:0") -> list[str]:
    drill = drill_file(folder, at(minutes=-60), speed=60)
    log = folder / "log"
    return ["--listen", listen, "--drill", str(drill), "--log", str(log), "--token", TOKEN]


def said(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_when_it_is_ready_and_ends_well_when_told(
    tmp_path: Path, service: str
) -> None:
    with process(service, *options(tmp_path)) as running:
        ready, _, url = said(running).partition(" ")
        assert ready == "ready"
        heard = ask(url, "/nothing", headers=BEARER)
        assert heard.headers["date"].startswith("Thu, 08 Mar 2018 08:3")
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == 0
        assert running.communicate()[1] == ""


def test_a_taken_port_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    with process("x", *options(tmp_path)) as first:
        address = said(first).removeprefix("ready http://")
        with process("x", *options(tmp_path, address)) as second:
            _, complaint = second.communicate(timeout=5)
            assert second.returncode == 2
    assert complaint.count("\n") == 1
    assert "--listen" in complaint


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "localhost:0", "127.0.0.1"])
def test_only_loopback_addresses_are_listened_on(tmp_path: Path, listen: str) -> None:
    with process("x", *options(tmp_path, listen)) as running:
        assert running.wait(5) == 2


def test_the_platform_listens_on_every_edge(tmp_path: Path) -> None:
    edges = ["--edge", "127.0.0.32", "--edge", "127.0.0.33", "--fault", "countdown-lost"]
    with process("platform", *options(tmp_path, "127.0.0.31:0"), *edges) as running:
        url = said(running).removeprefix("ready ")
        served_by = [
            ask(url, "/nothing", host=f"127.0.0.3{n}").headers["x-served-by"] for n in (1, 2, 3)
        ]
    assert served_by == ["edge-1", "edge-2", "edge-3"]


def test_a_reader_ends_well_at_its_plans_end(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<main>12</main>")
    nowhere = "http://127.0.0.1:1/"
    plan = {
        "opens": at(minutes=-59).text(),
        "until": at(minutes=-58).text(),
        "alternate": {"page": nowhere, "files": {}, "feed": nowhere},
        "announced": {"page": nowhere, "edges": ["127.0.0.1"]},
        "files_dir": str(tmp_path),
        "seed": 3,
    }
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan))
    drill = drill_file(tmp_path, at(minutes=-60), speed=60)
    log = tmp_path / "log"
    arguments = ["--plan", str(file), "--drill", str(drill), "--log", str(log)]
    with process("reader", *arguments) as running:
        assert running.wait(10) == 0
        assert said(running) == f"ready {nowhere}"
    assert log.stat().st_size > 0


def test_a_plan_that_cannot_be_read_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("{}")
    with process("reader", "--plan", str(file), "--log", str(tmp_path / "log")) as running:
        _, complaint = running.communicate(timeout=5)
        assert running.returncode == 2
    assert complaint.count("\n") == 1
