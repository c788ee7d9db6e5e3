"""Two runners in processes of their own: one is killed, stopped or cut off in the middle of a post,
the other acts, and the first comes back. Nothing is doubled and nothing lost."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ninethirty.core.facts import Kind
from ninethirty.desk.record.facts import check_chain, facts_of
from tests.core.made import at
from tests.desk.postgres import Postgres
from tests.desk.relay import relay
from tests.desk.setting import RELEASE, Desk
from tests.desk.test_runner import TOLD, a_late_day, late_already, services, told_on

Process = subprocess.Popen[bytes]


@contextmanager
def machine(home: Path) -> Iterator[Process]:
    """A runner, ready to work."""
    with subprocess.Popen(
        [sys.executable, "-m", "ninethirty", "runner", "--home", str(home)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield process
        finally:
            for number in (signal.SIGCONT, signal.SIGKILL):
                process.send_signal(number)
            process.wait(10)


def second_home(desk: Desk, database: str) -> Path:
    """Another machine's folder: the same key and settings, its own way to the database."""
    home = desk.home.parent / "second"
    home.mkdir()
    shutil.copy(desk.home / "desk.key", home / "desk.key")
    told = (desk.home / "desk.toml").read_text()
    lines = [line for line in told.splitlines() if not line.startswith("database")]
    (home / "desk.toml").touch(mode=0o600)
    (home / "desk.toml").write_text("\n".join([f'database = "{database}"', *lines]) + "\n")
    return home


def wait(so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, [(f.kind, f.details) for f in facts_of(RELEASE)]
        time.sleep(0.05)


def everybody_told() -> bool:
    return sorted(told_on("late")) == sorted(TOLD)


def claimed_by() -> set[str]:
    """Who has claimed a step."""
    return {f.details["runner"] for f in facts_of(RELEASE) if f.kind is Kind.STEP_CLAIMED}


def failures() -> list[str]:
    return [f.details["step"] for f in facts_of(RELEASE) if f.kind is Kind.STEP_FAILED]


def check_nothing_doubled() -> None:
    facts = facts_of(RELEASE)
    done = [fact.details["step"] for fact in facts if fact.kind is Kind.STEP_DONE]
    assert len(done) == len(set(done))
    assert sorted(told_on("late")) == sorted(TOLD)
    assert check_chain(RELEASE) == len(facts)


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("fate", ["killed", "stopped", "cut off", "stopped and cut off"])
def test_whatever_becomes_of_one_machine_in_mid_post_each_channel_is_told_once(
    desk: Desk, server: Postgres, tmp_path: Path, fate: str
) -> None:
    a_late_day()
    late_already()
    desk.show(at(100))
    with (
        services(desk, tmp_path, "x", "news") as outside,
        relay(server.socket / ".s.PGSQL.5432") as between,
    ):
        name = desk.database.split("/")[3].split("?")[0]
        through = f"postgresql://postgres@127.0.0.1:{between.port}/{name}"
        for channel in ("x", "news"):
            outside[channel].moods = ["acts, then says nothing"]
        with machine(second_home(desk, f"{through}?sslmode=disable&gssencmode=disable")) as first:
            # It waits for answers that will not come.
            wait(lambda: bool(outside["x"].truth() and outside["news"].truth()))
            [its_name] = claimed_by()
            match fate:
                case "killed":
                    first.send_signal(signal.SIGKILL)
                case "stopped":
                    first.send_signal(signal.SIGSTOP)
                case "cut off":
                    between.cut()
                case _:
                    first.send_signal(signal.SIGSTOP)
                    between.cut()
            with machine(desk.home):
                if fate == "stopped":
                    # Its lock is held, so it is not dead: nobody takes the post from it.
                    time.sleep(3)
                    assert not {"x", "news"} & set(told_on("late"))
                    first.send_signal(signal.SIGCONT)
                    wait(lambda: len(failures()) == 2)
                    desk.show(at(110))
                elif fate == "stopped and cut off":
                    # It wakes when the other has done everything, and believes it is at it still.
                    wait(everybody_told)
                    between.mend()
                    first.send_signal(signal.SIGCONT)
                else:
                    wait(lambda: claimed_by() != {its_name})
                    time.sleep(2)
                    between.mend()
                wait(everybody_told)
                # Whoever came back has had time to do what it was at.
                time.sleep(3)
        assert [len(outside[name].truth()) for name in ("x", "news")] == [1, 1]
    check_nothing_doubled()


def test_runners_killed_one_after_the_other_finish_the_day_between_them(
    desk: Desk, tmp_path: Path
) -> None:
    a_late_day()
    late_already()
    desk.show(at(100))
    with services(desk, tmp_path, "x", "linkedin", "news") as outside:
        for turn in range(3):
            with machine(desk.home) as doomed:
                time.sleep(0.1 * turn)
                doomed.send_signal(signal.SIGKILL)
                doomed.wait(10)
        with machine(desk.home):
            wait(everybody_told)
        assert [len(outside[name].truth()) for name in ("x", "linkedin", "news")] == [1, 1, 1]
    check_nothing_doubled()
