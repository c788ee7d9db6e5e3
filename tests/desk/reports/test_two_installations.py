"""A producer's installation and a regulator's, each with its own record, over real HTTP."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from ninethirty.core.breach_document import as_document
from ninethirty.core.document import SigningKey
from ninethirty.core.facts import Kind
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, Message
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.reports_command import report as command_line
from ninethirty.desk.setup import setup
from tests.desk.reports.made import body, report, reports_to
from tests.desk.setting import COLLEAGUE, HEAD, STATISTICIAN, Desk, kinds, work_here
from tests.desk.test_command import command, env

REFERENCE = "br-2026-0001"


def act(*arguments: str, home: Path) -> str:
    found = CliRunner().invoke(command_line, [*arguments, "--home", str(home)])
    assert found.exit_code == 0, (found.output, found.exception)
    return found.output


def elsewhere(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*command(*arguments), "--home", str(home)],
        env=env(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@contextmanager
def regulator(home: Path, producer: str) -> Iterator[tuple[str, str]]:
    """Its address and public key."""
    key = SigningKey.new()
    home.mkdir()
    (home / "desk.key").write_text(key.secret())
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    known = f'[[reports.senders]]\nname = "office"\nkey = "{producer}"\ntoken = "known"\n'
    (home / "desk.toml").write_text(
        f'site = "http://regulator.example"\nproducer = "The regulator"\n{known}'
    )
    process = subprocess.Popen(
        [*command("desk"), "--home", str(home), "--listen", listen], env=env()
    )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                requests.get(f"http://{listen}/api/v1/reports", timeout=5)
                break
            except requests.ConnectionError:
                assert time.monotonic() < end
                time.sleep(0.1)
        yield f"http://{listen}", key.public
    finally:
        process.terminate()
        process.wait(30)


def let_in(home: Path, person: str, role: str) -> None:
    """Somebody who works at the regulator."""
    script = (
        "from ninethirty.desk.command import prepare; import pathlib, sys;"
        "prepare(pathlib.Path(sys.argv[1]));"
        "from ninethirty.desk.record.models import Person;"
        "Person.objects.create(id=sys.argv[2], name='x', role=sys.argv[3])"
    )
    subprocess.run(
        [command()[0], "-c", script, str(home), person, role], env=env(), check=True, timeout=60
    )


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_report_goes_there_comes_back_with_questions_and_is_accepted(
    desk: Desk, tmp_path: Path
) -> None:
    work_here()
    home, other = desk.home, tmp_path / "regulator"
    file = tmp_path / "report.json"
    file.write_text(json.dumps(as_document(report())))
    (tmp_path / "said.txt").write_text("It was late.\n")
    with regulator(other, setup().key().public) as (address, key):
        reports_to(desk, body("regulator", "accepts", address, key, "known"))
        let_in(other, "r", "regulator")
        opened = act("open", str(file), "--platform", "p.example", "--by", STATISTICIAN, home=home)
        assert opened.strip() == REFERENCE
        for round in (1, 2):
            act("review", REFERENCE, "--by", STATISTICIAN, home=home)
            act("comment", REFERENCE, "Right.", "--by", COLLEAGUE, home=home)
            act("sign", REFERENCE, "--by", HEAD, home=home)
            act("statement", REFERENCE, str(tmp_path / "said.txt"), "--by", HEAD, home=home)
            act("submit", REFERENCE, "--by", HEAD, home=home)
            if round == 1:
                elsewhere(other, "report", "return", REFERENCE, "Who saw it?", "--by", "r")
                assert "submitted" not in act("ask", REFERENCE, home=home)
                act("revise", REFERENCE, str(file), "--reason", "Asked.", "--by", HEAD, home=home)
        overdue = elsewhere(other, "register", "overdue")
        assert f"{REFERENCE}: waits for an answer, from office" in overdue
        elsewhere(other, "report", "accept", REFERENCE, "--by", "r")
        assert act("ask", REFERENCE, home=home).endswith("accepted\n")
        assert act("ask", REFERENCE, home=home) == f"{REFERENCE}: accepted\n"
        act("publish", REFERENCE, "--by", HEAD, home=home)
        shown = json.loads(elsewhere(other, "report", "show", REFERENCE))
    assert (shown["version"], shown["reason"], shown["reference"]) == (2, "Asked.", REFERENCE)
    told = [fact for fact in facts_of(subject_of(REFERENCE)) if fact.actor == "regulator"]
    assert kinds(told) == [
        Kind.REPORT_RECEIVED,
        Kind.REPORT_RETURNED,
        Kind.REPORT_RECEIVED,
        Kind.REPORT_ACCEPTED,
    ]
    assert Message.objects.get(about=Kind.REPORT_RETURNED).text == "Who saw it?"
    assert Breach.objects.get().stage == "published"
