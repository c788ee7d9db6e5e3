"""`ninethirty access`, as somebody types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ninethirty.core.errors import NotAllowed
from ninethirty.desk.access_command import access
from tests.desk.setting import HEAD, OFFICER, RELEASE, STATISTICIAN, Desk
from tests.desk.way import sealed


@pytest.fixture
def database() -> str:
    """Actions are tested on both."""
    return "sqlite"


def run(desk: Desk, *told: str) -> Result:
    return CliRunner().invoke(access, [*told, "--home", str(desk.home)])


def said(desk: Desk, *told: str) -> str:
    result = run(desk, *told)
    assert result.exit_code == 0, result.output or result.exception
    return result.output


def test_a_list_is_kept_by_commands(desk: Desk, tmp_path: Path) -> None:
    sealed(tmp_path / "gdp")
    by = ("--by", STATISTICIAN)
    assert "law of United Kingdom" in said(desk, "begin", RELEASE, "--law", "uk", *by)
    who = (
        *("--name", "Name of a reader", "--address", "reader@ministry.example"),
        *("--job", "private secretary", "--organisation", "A ministry", "--purpose", "to brief"),
    )
    assert "entry 1 is written" in said(desk, "add", RELEASE, *who, "--hours", "12", *by)
    told = said(desk, "list", RELEASE)
    assert "2026-11-30T21:30:00.000000Z to 2026-12-01T09:30:00.000000Z; to be confirmed" in told
    read = told.split()[-1]
    assert "1 entries confirmed" in said(desk, "confirm", RELEASE, "--read", read, "--by", HEAD)
    assert "/before-release/" in said(desk, "link", RELEASE, "1", *by)
    assert "shows nothing any more" in said(desk, "revoke", RELEASE, "1", "--by", OFFICER)
    log = said(desk, "log", RELEASE)
    assert f"{OFFICER}: early access was taken back (entry 1, reader 1)" in log
    assert "Name of a reader" not in log


def test_what_is_refused_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    sealed(tmp_path / "gdp")
    result = run(desk, "confirm", RELEASE, "--read", "7", "--by", HEAD)
    assert isinstance(result.exception, NotAllowed)
    assert "changed while you read it" in str(result.exception)
