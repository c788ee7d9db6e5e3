"""No such name, a name server that fails, one that is silent: told apart."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ninethirty.core.sighting import Trouble
from ninethirty.lifeline import PARENT
from ninethirty.witness.names import Names
from tests.witness.setting import eventually

APART = ["unshare", "--map-root-user", "--mount", "--net"]


def test_what_is_wrong_with_a_name_is_told_by_the_looks_after_the_first(tmp_path: Path) -> None:
    if subprocess.run([*APART, "true"], capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED against a real name server: this system gives us no network of own")
    ended = subprocess.run(
        [*APART, sys.executable, "-m", "tests.witness.resolver", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {PARENT: ""},
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert (found["nobody"][0], found["nobody"][-1]) == ("dns", "dns-nxdomain")
    assert (found["broken"][0], found["broken"][-1]) == ("dns", "dns-servfail")
    assert found["silent"] == ["dns-timeout"]


def test_a_name_is_asked_about_once_and_nobody_waits_for_it() -> None:
    names = Names()
    assert names.why("no such name.test") is Trouble.DNS
    eventually(lambda: names.why("no such name.test") is Trouble.NO_SUCH_NAME, within=30)


def test_a_name_that_is_resolved_after_all_is_not_called_missing() -> None:
    names = Names()
    names.why("localhost")
    eventually(lambda: not names._asked, within=30)
    assert names.why("localhost") is Trouble.DNS


def test_a_platform_that_leads_to_ever_new_names_makes_no_more_threads_than_a_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("threading.Thread.start", lambda thread: asked.append(thread.name))
    names = Names()
    for n in range(100):
        assert names.why(f"{n}.test") is Trouble.DNS
    assert asked == ["names"] * 8
