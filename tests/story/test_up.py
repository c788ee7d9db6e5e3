"""`ninethirty up` as whoever tries it first sees it: real processes, and a sign-in by HTTP."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from ninethirty.core.errors import CannotStart
from ninethirty.up.command import command
from ninethirty.up.home import Home

PATIENCE_S = 120


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@contextmanager
def up(folder: Path, *options: str) -> Iterator[str]:
    """What it says once all have started; ended as by Ctrl-C."""
    said = folder.parent / "said.txt"
    with said.open("w") as place:
        process = subprocess.Popen(
            [sys.executable, "-m", "ninethirty", "up", str(folder), *options],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=place,
            stderr=subprocess.STDOUT,
        )
        try:
            end = time.monotonic() + PATIENCE_S
            while "All end on Ctrl-C" not in said.read_text():
                assert process.poll() is None, said.read_text()
                assert time.monotonic() < end, said.read_text()
                time.sleep(0.1)
            yield said.read_text()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_S)
    assert said.read_text().endswith("Stopped; nothing is left running.\n")
    assert process.returncode == 0


def running(folder: Path) -> list[str]:
    """Command lines of this machine that name the folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def check(home: Path) -> str:
    """What `ninethirty check` says of the record."""
    command = [sys.executable, "-m", "ninethirty", "check", "--home", str(home)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, check=True
    ).stdout


def signed_in(link: str) -> requests.Session:
    session = requests.Session()
    form = session.get(link, timeout=PATIENCE_S)
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
    assert token, form.text
    sent = {
        "csrfmiddlewaretoken": token[1],
        "password": "four tall herons wade",
        "again": "four tall herons wade",
    }
    answer = session.post(link, sent, headers={"Referer": link}, timeout=PATIENCE_S)
    assert answer.ok, answer.text
    return session


def test_an_empty_folder_becomes_a_desk_and_goes_on_where_it_was(tmp_path: Path) -> None:
    home = tmp_path / "home"
    gate, desk = free_ports()
    with up(home, "--gate-port", str(gate), "--desk-port", str(desk)) as said:
        assert f"http://localhost:{desk}/" in said
        # Whether a time daemon runs here is this machine's affair; hidden it must not be.
        in_doubt = "gate.clock_not_trusted" in (home / "logs" / "gate.out").read_text()
        assert ("start again with --time-from" in said) == in_doubt
        assert requests.get(f"http://127.0.0.1:{gate}/", timeout=PATIENCE_S).status_code < 500
        links = re.findall(r"http://\S+/begin/\S+", said)
        assert len(links) == 2
        session = signed_in(links[0])
        # An operator is known by now, and is asked for a second factor next.
        asked = session.get(f"http://localhost:{desk}/today", timeout=PATIENCE_S)
        assert "The operator, operator" in asked.text
        assert session.get(links[0], timeout=PATIENCE_S).status_code == 403
        assert len(running(home)) >= 4
        with pytest.raises(CannotStart, match="is up already"):
            CliRunner().invoke(command, [str(home)], catch_exceptions=False)
    assert running(home) == []
    record = check(home)
    for subject in ("people: 3", "producer:sample: 1", "series:sample-series: 1"):
        assert f"{subject} facts, the chain holds" in record

    with up(home, "--time-from", "unchecked") as said:
        assert "--time-from" not in said
        assert "operator begins" not in said
        assert "head begins" in said
    assert running(home) == []


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(CannotStart, match=r"holds something else \(thesis\.odt\)"):
        Home(tmp_path).open()
    assert [place.name for place in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_desk_that_was_made_otherwise_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text('site = "https://figures.example"')
    with pytest.raises(CannotStart, match=r"it lacks desk\.key, gate\.key"):
        Home(tmp_path).open()
    assert (tmp_path / "desk.toml").read_text() == 'site = "https://figures.example"'


def test_making_that_was_interrupted_goes_on_with_its_keys(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make(*home.ports())
    key = home.desk_key.read_text()
    home.settings.unlink()
    home.logs.rmdir()
    home.open()
    home.make(*home.ports())
    assert home.desk_key.read_text() == key
    assert home.settings.stat().st_mode & 0o077 == 0


def test_another_port_changes_the_address_and_nothing_else(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make(9330, 9331)
    text = home.settings.read_text() + "# ours: 9331\n"
    home.settings.write_text(text)
    home.make(*home.ports(None, 9441))
    assert home.ports() == (9330, 9441)
    assert home.settings.read_text() == text.replace("localhost:9331", "localhost:9441")


@pytest.mark.parametrize("option", ["--gate-port", "--desk-port"])
def test_a_taken_port_is_named_with_the_option_that_changes_it(tmp_path: Path, option: str) -> None:
    ports = dict(zip(("--gate-port", "--desk-port"), map(str, free_ports()), strict=True))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports[option] = str(taken.getsockname()[1])
        told = [part for pair in ports.items() for part in pair]
        with pytest.raises(CannotStart, match=f"{ports[option]} is taken.*{option} N"):
            CliRunner().invoke(command, [str(tmp_path), *told], catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []


def test_settings_that_lead_to_another_machine_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make(9330, 9331)
    text = home.settings.read_text()
    home.settings.write_text(text.replace("http://localhost:9331", "https://desk.example"))
    with pytest.raises(CannotStart, match=r"console\.address names no port"):
        home.ports()
