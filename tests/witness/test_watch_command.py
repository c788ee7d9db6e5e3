"""`ninethirty watch`: an address, an instant, and a verdict."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.times import Instant, Pace, RealClock, clock, write_paces
from ninethirty.lifeline import PARENT
from tests.witness.setting import (
    HALF_PAST,
    NEW,
    SOON,
    TABLE,
    Asked,
    Told,
    served,
)

T = "2026-12-01 09:30 Europe/London"


def watch(*arguments: str | Path, terminal: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ninethirty", "watch", *map(str, arguments)]
    environment = os.environ | {PARENT: str(os.getpid()), "COLUMNS": "110", "TERM": "xterm"}
    if terminal:
        words = " ".join(map(shlex.quote, command))
        command = ["script", "--quiet", "--return", "--command", words, "/dev/null"]
        # Its parent is then `script`, not us.
        del environment[PARENT]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )


def said(ended: subprocess.CompletedProcess[str], name: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    return [line[name] for line in lines if name in line]


def expected(folder: Path) -> Path:
    there = folder / "expected"
    there.mkdir()
    (there / "index.html").write_bytes(NEW)
    (there / "t.csv").write_bytes(TABLE)
    return there


class Day:
    """A drill's clock that stands still before T until somebody comes."""

    def __init__(
        self,
        folder: Path,
        speed: float = 10,
        before: timedelta = timedelta(seconds=30),
    ) -> None:
        self._before = before
        self.file = folder / "clock.json"
        self._speed = speed
        self._begun = False
        self._write(RealClock().now() + timedelta(hours=1))
        self.clock = clock(self.file)

    def begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._write(RealClock().now() + timedelta(seconds=0.3))

    def _write(self, at: Instant) -> None:
        write_paces(self.file, [Pace(at, HALF_PAST - self._before, self._speed)])


def site(day: Day, **late: timedelta) -> Callable[[Asked], Told]:
    """Everything out at T, but for what is late. The day begins when somebody asks: how long the
    command takes to start does not matter."""
    bodies = {
        "/prices": ("page", NEW, Told(body=SOON)),
        "/prices/t.csv": ("file", TABLE, Told(404)),
        "/list": ("listing", b'<a href="/prices">Prices</a>', Told(body=b"<a href='/'>home</a>")),
    }

    def tell(asked: Asked) -> Told:
        if asked.path not in bodies:
            return Told(404, b"<h1>Not found</h1>")
        name, body, before = bodies[asked.path]
        day.begin()
        since = day.clock.now() - HALF_PAST
        return Told(body=body) if since >= late.get(name, timedelta(0)) else before

    return tell


def drilled(folder: Path) -> tuple[Day, tuple[str, str]]:
    day = Day(folder)
    return day, ("--drill", str(day.file))


def test_a_release_that_is_there_at_its_instant_is_on_time(tmp_path: Path) -> None:
    day, as_drill = drilled(tmp_path)
    with served(site(day)) as server:
        ended = watch(
            f"{server.url}/prices",
            *("--opens", T, "--expect", expected(tmp_path), "--also", f"{server.url}/list"),
            *("--evidence", tmp_path / "kept", *as_drill),
        )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    last = said(ended, "verdict")[-1]
    assert last["call"] == "on_time"
    assert last["single"]
    assert "single witness" in last["reason"]
    assert last["resolution"] > 0
    assert {look["part"] for look in said(ended, "sighting")} == {"page", "t.csv", "listing:1"}

    again = watch("--replay", tmp_path / "kept")
    assert again.returncode == 0
    assert said(again, "verdict")[-1] == last
    verify = [sys.executable, "-m", "ninethirty", "evidence", "verify", str(tmp_path / "kept")]
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    (tmp_path / "kept" / "head").write_text("1 0\n")
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(
    ("late", "status", "call"),
    [
        ({"page": timedelta(hours=1)}, 10, "late"),
        ({"page": timedelta(minutes=-5)}, 11, "early"),
        ({"file": timedelta(hours=1)}, 12, "partial"),
        ({"listing": timedelta(hours=1)}, 12, "partial"),
    ],
    ids=["late", "early", "file missing", "listing stale"],
)
def test_each_failure_has_its_exit_status(
    tmp_path: Path, late: dict[str, timedelta], status: int, call: str
) -> None:
    day, as_drill = drilled(tmp_path)
    with served(site(day, **late)) as server:
        ended = watch(
            f"{server.url}/prices",
            *("--opens", T, "--expect", expected(tmp_path), "--also", f"{server.url}/list"),
            *as_drill,
        )
    assert (ended.returncode, said(ended, "verdict")[-1]["call"]) == (status, call), ended.stdout


def test_the_last_edition_at_a_fixed_address_is_not_early_if_it_is_named(tmp_path: Path) -> None:
    # Long enough before T for two looks at the file, past the caches.
    day = Day(tmp_path, speed=20, before=timedelta(minutes=3))
    last = tmp_path / "last"
    last.mkdir()
    (last / "index.html").write_bytes(b"<main>Prices rose by 1%</main>")
    (last / "t.csv").write_bytes(b"month,index\n2026-10,99.1\n")
    whole = site(day)

    def tell(asked: Asked) -> Told:
        told = whole(asked)
        before = {"/prices": "index.html", "/prices/t.csv": "t.csv"}.get(asked.path)
        if before and (told.status == 404 or told.body == SOON):
            return Told(body=(last / before).read_bytes())
        return told

    with served(tell) as server:
        there = (f"{server.url}/prices", "--opens", T, "--expect", expected(tmp_path))
        ended = watch(*there, "--previous", last, "--drill", day.file)
    assert ended.returncode == 0, ended.stdout
    files = [look for look in said(ended, "sighting") if look["part"] == "t.csv"]
    assert sum(look["started"] < HALF_PAST.text() for look in files) >= 2


def test_a_wrong_file_is_wrong(tmp_path: Path) -> None:
    day, as_drill = drilled(tmp_path)
    here = expected(tmp_path)
    (here / "t.csv").write_bytes(TABLE.upper())
    with served(site(day)) as server:
        ended = watch(f"{server.url}/prices", "--opens", T, "--expect", here, *as_drill)
    assert ended.returncode == 13
    assert "t.csv" in said(ended, "verdict")[-1]["reason"]


def test_nobody_there_at_all_is_not_on_time(tmp_path: Path) -> None:
    day, as_drill = drilled(tmp_path)
    day.begin()
    ended = watch("http://127.0.0.1:1/prices", "--opens", T, *as_drill)
    assert ended.returncode in (10, 14)


def test_without_what_to_expect_the_verdict_says_that_content_was_not_compared(
    tmp_path: Path,
) -> None:
    day, as_drill = drilled(tmp_path)
    with served(site(day)) as server:
        ended = watch(f"{server.url}/prices", "--opens", T, *as_drill)
    assert ended.returncode == 0, ended.stdout
    assert "content not compared" in said(ended, "verdict")[-1]["reason"]


def test_several_addresses_of_ours_are_several_witnesses(tmp_path: Path) -> None:
    day, as_drill = drilled(tmp_path)
    with served(site(day)) as server:
        ended = watch(
            f"{server.url}/prices",
            *("--from", "127.0.0.2", "127.0.0.3", "127.0.0.4", "--opens", T, *as_drill),
        )
    assert ended.returncode == 0
    assert not said(ended, "verdict")[-1]["single"]
    assert {look["witness"] for look in said(ended, "sighting")} == {"w1", "w2", "w3"}
    assert {asked.client for asked in server.asked} == {"127.0.0.2", "127.0.0.3", "127.0.0.4"}


BESIDE = "late after 30 s, confirmed 90 s; past delays ▁▂! 1 of 3 longer than the first grace"


def test_in_a_terminal_it_is_shown_to_a_person(tmp_path: Path) -> None:
    day, as_drill = drilled(tmp_path)
    history = tmp_path / "history.jsonl"
    with served(site(day)) as server:
        at = f"{server.url}/prices"
        delays = (2_000, 25_000, None)
        before = [{"url": at, "opens": "2026-11-01T09:30:00Z", "delay_ms": ms} for ms in delays]
        history.write_text("".join(json.dumps(one) + "\n" for one in before))
        ended = watch(
            at,
            *("--opens", T, "--expect", expected(tmp_path), *as_drill),
            *("--grace", "30", "90", "--history", history),
            terminal=True,
        )
    assert ended.returncode == 0
    added = json.loads(history.read_text().splitlines()[3])
    assert (added["url"], added["opens"]) == (at, HALF_PAST.text())
    assert 0 <= added["delay_ms"] < 30_000
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", ended.stdout)
    for words in (
        "T-00:00:",
        "T+00:00:",
        "ON TIME",
        "coming-soon",
        "right",
        "single witness",
        BESIDE,
    ):
        assert words in shown, shown[-3000:]


def test_no_address_of_the_release_is_asked_for_in_the_quiet_window(tmp_path: Path) -> None:
    day = Day(tmp_path, speed=60, before=timedelta(minutes=7))
    with served(site(day)) as server:
        watch(
            f"{server.url}/prices",
            *("--opens", T, "--expect", expected(tmp_path), "--also", f"{server.url}/list"),
            *("--drill", day.file),
        )
        opens_at = time.monotonic() + day.clock.seconds_until(HALF_PAST)
    begins = opens_at - 330 / 60
    canonical = {
        asked.path: asked.at
        for asked in server.asked
        if not asked.query and "no-such" not in asked.path and begins < asked.at < opens_at
    }
    assert canonical == {}
    # It did look, before the window at the listing, and in it past the caches.
    assert any(asked.path == "/list" and asked.at <= begins for asked in server.asked)
    assert any(asked.query and begins < asked.at < opens_at for asked in server.asked)


def yesterday() -> str:
    return f"{RealClock().now() - timedelta(days=2):%Y-%m-%d %H:%M} UTC"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "URL: expected the address to watch, found none"),
        (("http://x.test",), "--opens: expected T such as"),
        (("ftp://x.test", "--opens", T), "URL ftp://x.test: expected an address such as"),
        (("http://x.test", "--opens", "noon"), "'noon' is not a wall time"),
        (("http://x.test", "--opens", "2026-12-01 09:30 Mars/Base"), "Mars/Base"),
        (("http://x.test", "--opens", yesterday()), "less than a day ago, found 2 days"),
        (
            ("http://x.test", "--opens", T, "--expect", "/nowhere"),
            "expected a folder with index.html",
        ),
        (
            ("http://x.test", "--opens", T, "--previous", "/nowhere"),
            "--previous /nowhere: expected a folder with index.html",
        ),
        (("http://x.test", "--opens", T, "--files", "http://x.test/"), "expected a file name"),
        (
            ("http://x.test", "--opens", T, "--grace", "61", "120"),
            "--grace: the first grace is 61 s; it may be from 0 to 60 s",
        ),
        (
            ("http://x.test", "--opens", T, "--grace", "20", "121"),
            "--grace: the second grace is 121 s; it may be from 20 to 120 s",
        ),
        (("http://x.test", "--opens", T, "--history", __file__), "line 1: expected url, opens and"),
        (("http://x.test", "--opens", T, "--also", "list"), "--also list: expected an address"),
        (("http://x.test", "--opens", T, "--platform", "x"), "expected plain, govuk or a file"),
        (("http://x.test", "--opens", T, "--platform", "no.toml"), "no.toml: expected a TOML file"),
        (("http://x.test", "--opens", T, "--from", "192.0.2.1"), "--from 192.0.2.1: expected"),
        (("http://x.test", "--opens", T, "--ntp", "host:x"), "--ntp host:x: expected HOST"),
        (("http://x.test", "--opens", T, "--stamp", "http://x.test"), "expected --evidence DIR"),
        (("http://x.test", "--opens", T, "--drill", "/nowhere"), "expected a drill's clock"),
        (("--replay", "/nowhere"), "expected a folder with chain.jsonl"),
        (("http://x.test", "--replay", "/nowhere"), "expected a folder alone"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(arguments: tuple[str, ...], named: str) -> None:
    ended = watch(*arguments)
    assert ended.returncode == 2
    assert named in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not ended.stdout
