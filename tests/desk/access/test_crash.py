"""The log is complete whatever happens to the desk: a fact first, and then a byte."""

import re
import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.parse import SplitResult, urlencode, urlsplit

import pytest
from django.db import connections

from ninethirty.core.facts import Kind
from ninethirty.desk.actions.access.confirm import confirm_list, last_change
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.record.facts import check_chain
from ninethirty.desk.setup import setup
from tests.desk.access.setting import (
    OFFICER_OF_PRESS,
    SECRETARY,
    Visitor,
    listed,
    log,
    mailed,
    visitor,
)
from tests.desk.setting import HEAD, RELEASE, STATISTICIAN, Desk, bundle
from tests.desk.way import promised

BIG = b"quarter,growth\n" + b"Q3,0.3\n" * 1_500_000
"""More than the buffers between server and reader hold: it is cut off in its midst."""

_FORM = "application/x-www-form-urlencoded"
_COPY = re.compile(r"UTF-8''([0-9a-f]{8})-")


@pytest.mark.parametrize("database", ["sqlite"])
def test_killed_in_the_midst_of_openings_the_log_has_every_one_that_a_byte_went_out_of(
    desk: Desk, tmp_path: Path
) -> None:
    promised()
    stage(RELEASE, bundle(tmp_path / "gdp", {"big.csv": BIG}), by=STATISTICIAN)
    seal(RELEASE, by=STATISTICIAN)
    entries = listed(SECRETARY, OFFICER_OF_PRESS)
    confirm_list(RELEASE, read=last_change(RELEASE), by=HEAD)
    with mailed(desk) as box:
        readers = [visitor(entry, box) for entry in entries]
        for reader in readers:
            reader.signs_in()
    connections.close_all()
    seen, cut = _killed_while(desk.home, readers)
    opened = {fact.details["copy"] for fact in log() if fact.kind is Kind.ACCESS_OPENED}
    assert seen, "no reader got as much as the head of an answer"
    assert cut, "it was not killed in the midst of an answer"
    assert seen <= opened
    assert check_chain(f"access:{RELEASE}") == len(log())


def _killed_while(home: Path, readers: list[Visitor]) -> tuple[set[str], set[str]]:
    """Copies of which anything arrived, and those that arrived in part."""
    command = [sys.executable, "-m", "tests.desk.access.serving", str(home)]
    desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    seen, cut, begun, dead = set[str](), set[str](), Event(), Event()
    now = setup().clock().now()

    def ask(at: SplitResult, reader: Visitor, name: str) -> None:
        when, signed = reader.browser.asks(reader.token, name, now)
        sent = urlencode({"act": "open", "what": name, "at": when, "signed": signed})
        asking = HTTPConnection(at.hostname or "", at.port, timeout=60)
        copy = ""
        try:
            asking.request("POST", reader.path, sent, {"Content-Type": _FORM, "Host": at.netloc})
            answer = asking.getresponse()
            if not answer.headers:
                # Killed when nothing but the status was out: of the file no byte came.
                assert answer.read() == b""
                return
            found = _COPY.search(answer.headers["Content-Disposition"])
            assert found
            copy = found[1]
            seen.add(copy)
            if name == "big.csv":
                answer.read(1000)
                begun.set()
                assert dead.wait(60)
            answer.read()
        except (OSError, HTTPException):
            if copy:
                cut.add(copy)
        finally:
            asking.close()

    try:
        assert desk.stdout
        at = urlsplit(desk.stdout.readline().strip())
        asked = [(at, reader, name) for reader in readers for name in ("big.csv", "data.csv")]
        threads = [Thread(target=ask, args=one) for one in asked]
        for thread in threads:
            thread.start()
        assert begun.wait(60)
    finally:
        desk.kill()
        desk.wait()
        dead.set()
    for thread in threads:
        thread.join()
    desk.stdout.close()
    return seen, cut
