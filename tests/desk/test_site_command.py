"""The public site at the command line, as a process of its own."""

import subprocess
from pathlib import Path

import pytest
import requests

from ninethirty.desk.setup import setup
from tests.desk.setting import Desk
from tests.desk.test_command import command, env, ninethirty
from tests.desk.way import FILES, armed
from tests.gate.made import a_port, answers, until

SQLITE_ALONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@SQLITE_ALONE
def test_a_site_is_written_to_a_folder_as_it_will_be_then(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path / "bundle")
    for name, when in (("before", "09:29:59"), ("after", "09:30:00")):
        done = ninethirty(
            *("site", "build", str(tmp_path / name), "--home", str(desk.home)),
            *("--at", f"2026-12-01 {when} Europe/London"),
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert "SHA-256" not in (tmp_path / "before/gdp/index.html").read_text()
    assert "SHA-256" in (tmp_path / "after/gdp/index.html").read_text()
    [file] = FILES
    assert not (tmp_path / "before/gdp" / file).exists()
    assert (tmp_path / "after/gdp" / file).read_bytes()
    again = ninethirty("site", "build", str(tmp_path / "after"), "--home", str(desk.home))
    assert again.returncode == 2
    assert "is not empty; name a new folder" in again.stderr


@SQLITE_ALONE
def test_a_site_is_put_in_force_and_it_is_told_what_was_rendered(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path / "bundle")
    refused = ninethirty("site", "arm", "--home", str(desk.home))
    assert refused.returncode == 2
    assert "say `public_site = true`" in refused.stderr
    told = desk.home / "desk.toml"
    told.write_text(f"public_site = true\n{told.read_text()}")
    done = ninethirty("site", "arm", "--home", str(desk.home))
    assert (done.returncode, done.stderr) == (0, "")
    assert "documents of the schedule" in done.stdout
    assert setup().shelf().says("site/today")
    again = ninethirty("site", "arm", "--home", str(desk.home))
    assert "0 of them are new, in 0 documents" in again.stdout


@SQLITE_ALONE
def test_a_site_is_looked_at_in_a_browser_before_its_time(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path / "bundle")
    port = a_port()
    serving = subprocess.Popen(
        command(
            *("site", "serve", "--home", str(desk.home), "--listen", f"127.0.0.1:{port}"),
            *("--at", "2026-12-01 09:30 Europe/London"),
        ),
        env=env(),
    )
    try:
        until(lambda: answers(port), 60)
        page = requests.get(f"http://127.0.0.1:{port}/gdp", timeout=10)
        assert page.ok
        assert "SHA-256" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert requests.get(f"http://127.0.0.1:{port}/nothing", timeout=10).status_code == 404
    finally:
        serving.terminate()
        serving.wait(10)


@SQLITE_ALONE
def test_a_time_that_cannot_be_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    done = ninethirty(
        *("site", "build", str(tmp_path / "x"), "--home", str(desk.home)),
        *("--at", "2026-03-29 01:30 Europe/London"),
    )
    assert done.returncode == 2
    assert "--at" in done.stderr
    assert "the clocks go forward" in done.stderr
