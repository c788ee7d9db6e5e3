"""A rehearsal: `ninethirty demo` as a child of the desk, in a folder of its own.

rehearsal/lock        held by the child for as long as it lives; its pid is written in it
rehearsal/asked.json  what was asked for
rehearsal/said.txt    what it says
rehearsal/play/       its own keys, database, shelf, gate and papers; cleared when the next begins

It is given nothing of ours: no setting, no key, no credential, no proxy. All it talks to is
stand-ins on loopback. What it makes is signed by its own keys and marked as a drill's, so no gate
of ours takes it, and it takes nothing of ours.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import requests

from ninethirty.core.errors import CannotStart, NotYet
from ninethirty.desk.disk import write
from ninethirty.lifeline import PARENT

LONGEST_S = 3 * 3600
"""Then it is ended: a day at its own pace, from twenty minutes before T, takes two hours."""

BREAK = "break:"

_TIME_TO_END_S = 20.0
_GIVEN = ("HOME", "LANG", "LC_ALL", "PATH", "PYTHONPATH", "TMPDIR", "TZ")


@dataclass(frozen=True)
class Fault:
    """name: as the demo is told. says: what goes wrong. sees: what somebody outside sees of it."""

    name: str
    says: str
    sees: str


@dataclass(frozen=True)
class Asked:
    """speed: of the whole day; 0: fast, and slow around T. alone: nobody plays the officer."""

    fault: str
    speed: float = 0
    alone: bool = False


@dataclass(frozen=True)
class Found:
    """What there is to see. where: addresses, once all its rooms are up. facts: of its timeline, as
    its desk gives them. outcome: once its day is over."""

    running: bool
    asked: Asked | None
    where: dict[str, Any]
    facts: list[dict[str, Any]]
    outcome: list[dict[str, Any]]
    said: str


@cache
def faults() -> dict[str, Fault]:
    """All that can be rehearsed, by name. Raises CannotStart."""
    asking = subprocess.run(  # noqa: S603  # our own command
        _command("demo-faults"), env=_environment(), capture_output=True, check=False, timeout=60
    )
    if asking.returncode:
        raise CannotStart(f"nothing can be rehearsed: {asking.stderr.decode(errors='replace')}")
    return {one["name"]: Fault(**one) for one in json.loads(asking.stdout)}


class Rehearsal:
    """The one of this desk; there is at most one at a time, however many processes ask."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "rehearsal"
        self._play = self._folder / "play"
        self._said = self._folder / "said.txt"

    def begin(self, asked: Asked) -> None:
        """Raises NotYet: another one runs."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(lock)
            os.ftruncate(lock, 0)
            for old in ("where.json", "outcome.json"):
                (self._play / old).unlink(missing_ok=True)
            write(self._folder / "asked.json", json.dumps(asdict(asked)).encode())
            with self._said.open("wb") as said:
                child = subprocess.Popen(  # noqa: S603  # of names that were looked up
                    self._wanted(asked),
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    # What holds the lock is the child, so nobody takes it while the child lives.
                    pass_fds=(lock,),
                    start_new_session=True,
                )
            os.pwrite(lock, str(child.pid).encode(), 0)
        finally:
            os.close(lock)
        threading.Thread(target=_mind, args=(child,), name="rehearsal", daemon=True).start()

    def end(self) -> bool:
        """All its processes; whether there was anything to end."""
        pid = self._pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
            until = time.monotonic() + _TIME_TO_END_S
            while self._pid() == pid and time.monotonic() < until:
                time.sleep(0.05)
            if self._pid() == pid:
                # What it had started ends by itself once it is gone.
                os.kill(pid, signal.SIGKILL)
        return pid is not None

    def found(self) -> Found:
        where = _read(self._play / "where.json", {})
        running = self._pid() is not None
        asked = _read(self._folder / "asked.json", None)
        return Found(
            running=running,
            asked=Asked(**asked) if asked else None,
            where=where if running else {},
            facts=_facts(where["timeline"]) if running and where else [],
            outcome=_read(self._play / "outcome.json", []),
            said=self._said.read_text(errors="replace")[-2000:] if self._said.exists() else "",
        )

    def _pid(self) -> int | None:
        """Of the child that lives; none other can have this pid meanwhile."""
        try:
            lock = os.open(self._folder / "lock", os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            # Shared, so that two who ask are not in each other's way.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            told = os.pread(lock, 20, 0)
            return int(told) if told else None
        finally:
            os.close(lock)
        return None

    def _wanted(self, asked: Asked) -> list[str]:
        broken = asked.fault.removeprefix(BREAK)
        return _command(
            *("demo", "--port", "0", "--into", str(self._play)),
            *(("--fault", asked.fault) if broken == asked.fault else ("--break", broken)),
            *(("--speed", str(asked.speed)) if asked.speed else ()),
            *(("--alone",) if asked.alone else ()),
        )


def _mind(child: subprocess.Popen[bytes]) -> None:
    """Until it has ended, or has had its time."""
    try:
        child.wait(LONGEST_S)
    except subprocess.TimeoutExpired:
        child.terminate()
        try:
            child.wait(_TIME_TO_END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _take(lock: int) -> None:
    """Somebody who only asks has it for a moment. Raises NotYet."""
    until = time.monotonic() + 1.0
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            if time.monotonic() > until:
                raise NotYet("a rehearsal is running; end it first") from taken
            time.sleep(0.05)
        else:
            return


def _facts(timeline: str) -> list[dict[str, Any]]:
    """None while its desk does not answer: it may be the one that was killed."""
    try:
        answer = requests.get(f"{timeline}.json", timeout=2)
        facts: list[dict[str, Any]] = answer.json()["facts"] if answer.ok else []
    except (requests.RequestException, ValueError, KeyError):
        return []
    return facts


def _read(place: Path, otherwise: Any) -> Any:
    try:
        return json.loads(place.read_bytes())
    except (FileNotFoundError, ValueError):
        return otherwise


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "ninethirty", *arguments]


def _environment() -> dict[str, str]:
    """Of ours, only what a program needs to run; and whom it must not outlive."""
    given = {name: os.environ[name] for name in _GIVEN if name in os.environ}
    return {**given, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
