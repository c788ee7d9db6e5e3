"""The desk's commands, each as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from django.db import connection

from ninethirty.core.facts import Kind
from tests.desk.setting import RELEASE, Desk, happens, watched


def ninethirty(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=env(), capture_output=True, text=True, timeout=30
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "ninethirty", *arguments]


def env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def tampered(statement: str) -> None:
    with connection.cursor() as cursor:
        table = " ON facts" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER facts_are_never_updated{table}")
        cursor.execute(statement)


def test_check_counts_the_facts_of_chains_that_hold(desk: Desk) -> None:
    happens(Kind.ANNOUNCED)
    happens(Kind.STAGED)
    checked = ninethirty("check", "--home", str(desk.home))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"{RELEASE}: 2 facts, the chain holds" in checked.stdout


def test_check_names_every_chain_that_is_broken_and_exits_with_1(desk: Desk) -> None:
    for subject in ("release/a", "release/b", "release/c"):
        happens(Kind.ANNOUNCED, subject=subject)
    tampered("UPDATE facts SET actor = 'x' WHERE subject = 'release/a'")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facts SET kind = 'newer' WHERE subject = 'release/b'")
    checked = ninethirty("check", "--home", str(desk.home))
    assert checked.returncode == 1
    assert "release/a: fact 1 is not what was recorded" in checked.stderr
    assert "'newer'" in checked.stderr
    assert "release/b" in checked.stderr
    assert "release/c: 1 facts, the chain holds" in checked.stdout


@pytest.mark.parametrize("database", ["sqlite"])
def test_check_without_a_database_says_so(desk: Desk) -> None:
    (desk.home / "desk.sqlite3").unlink()
    checked = ninethirty("check", "--home", str(desk.home))
    assert checked.returncode == 2
    assert "desk.sqlite3 is not there" in checked.stderr
    assert not (desk.home / "desk.sqlite3").exists()


def test_check_on_a_database_behind_this_version_says_what_to_do(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name LIKE '0003%'")
    checked = ninethirty("check", "--home", str(desk.home))
    assert checked.returncode == 2
    assert "is behind this version; start the desk once, then check" in checked.stderr


def test_a_desk_on_a_taken_port_names_the_option_that_changes_it(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = ninethirty("desk", "--home", str(desk.home), "--listen", address)
    assert said.returncode == 2
    assert f"{address} is taken" in said.stderr
    assert "--listen" in said.stderr


def test_a_bad_setting_is_one_sentence_and_no_traceback(desk: Desk) -> None:
    (desk.home / "desk.toml").write_text("sight = 1\n")
    said = ninethirty("runner", "--home", str(desk.home))
    assert said.returncode == 2
    assert "sight is not a setting" in said.stderr
    assert "Traceback" not in said.stderr


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def test_a_desk_answers_a_witness_and_ends_when_told(desk: Desk) -> None:
    watched()
    address = f"127.0.0.1:{free_port()}"
    with subprocess.Popen(
        command("desk", "--home", str(desk.home), "--listen", address),
        env=env(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("ready")
            answer = requests.get(
                f"http://{address}/api/v1/orders",
                headers={"Authorization": "Bearer token-of-a"},
                timeout=10,
            )
            assert len(answer.json()["orders"]) == 1
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()


def test_a_runner_ends_when_told_and_its_lock_is_free(desk: Desk) -> None:
    with subprocess.Popen(
        command("runner", "--home", str(desk.home)), env=env(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("ready")
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
