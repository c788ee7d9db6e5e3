"""A folder on another machine, by the system's rsync and ssh.

rsync(1) 3.2 and ssh(1), as of 2026-11. Staged in a folder beside it that nobody else may enter, and
made public by renaming each file over there: at T nothing is sent but the order. Who we are, and
which machine it is, is ssh's own matter; BatchMode, so that it asks nobody.
"""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from shutil import which
from tempfile import TemporaryDirectory

from ninethirty.core.errors import CannotStart, OutsideFailed

SSH = ("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "-o", "ServerAliveInterval=5")
TIMEOUT = 60.0
"""Real seconds for each order."""


class Rsync:
    def __init__(self, place: str, shell: Sequence[str] = SSH) -> None:
        """place: HOST:/FOLDER, which must be there. shell: what is put before a host and a command.

        Raises CannotStart: rsync or ssh is not on this machine.
        """
        for program in ("rsync", shell[0]):
            if which(program) is None:
                raise CannotStart(f"a copy by rsync needs {program}, which is not on this machine")
        self._place, self._shell = place, shell
        self._host, _, self._folder = place.partition(":")

    def stage(self, private: str, files: Mapping[str, bytes]) -> None:
        with TemporaryDirectory() as folder:
            for name, content in files.items():
                file = Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            self._run(
                "rsync",
                "--recursive",
                "--delete",
                "--perms",
                "--chmod=D700,F644",
                f"--rsh={shlex.join(self._shell)}",
                f"{folder}{os.sep}",
                f"{self._place}/.{private}/",
            )

    def open(self, private: str, path: str, names: Sequence[str]) -> None:
        waiting = Path(f".{private}")
        orders = []
        for name in names:
            goal = Path(path.strip("/"), name)
            orders.append(f"mkdir -p -- {shlex.quote(str(goal.parent))}")
            moved = shlex.join([str(waiting / name), str(goal)])
            orders.append(f"mv -f -- {moved}")
        self._there(*orders, f"rm -rf -- {shlex.quote(str(waiting))}")

    def read(self, path: str, name: str) -> bytes:
        return self._there(f"cat -- {shlex.quote(str(Path(path.strip('/'), name)))}")

    def check(self) -> None:
        trial = f".{token_hex(16)}"
        self._there("rsync --version > /dev/null", f"mkdir {trial}", f"rmdir {trial}")

    def _there(self, *orders: str) -> bytes:
        """Orders over there, by its own shell; after one that fails none is obeyed."""
        script = "\n".join(("set -e", f"cd {shlex.quote(self._folder)}", *orders))
        return self._run(*self._shell, self._host, "sh", "-s", orders=script)

    def _run(self, *command: str, orders: str = "") -> bytes:
        try:
            done = subprocess.run(  # noqa: S603  # of our own words; place is checked when told
                command, input=orders.encode(), capture_output=True, timeout=TIMEOUT, check=False
            )
        except (subprocess.TimeoutExpired, OSError) as wrong:
            raise OutsideFailed(f"{self._place}: {type(wrong).__name__}", retry=True) from wrong
        if done.returncode:
            lines = done.stderr.decode(errors="replace").strip().splitlines() or ["says nothing"]
            raise OutsideFailed(
                f"{self._place}: {command[0]} ended with {done.returncode}: {lines[0][:200]}",
                retry=True,
            )
        return done.stdout
