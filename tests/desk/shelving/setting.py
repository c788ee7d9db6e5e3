"""A key, a store and a folder to seal; the commands as people run them; a real gate."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from ninethirty.core import manifest
from ninethirty.core.document import SigningKey
from ninethirty.core.errors import NinethirtyError
from ninethirty.core.keyring import GateKey
from ninethirty.core.schedule import Opening
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.shelving.book import Book
from tests.desk.shelving.entry import commands

CLOCK = RealClock()
PATH = "/statistics/x"
PAGE = b"<title>Growth</title><main>It grew by 0.3%.</main>"
DATA = b"quarter,growth\nQ3,0.3\n"
SOON = b"<main>Coming soon</main>"
LONG_HENCE = "2099-12-01 09:30 Europe/London"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Place:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "key"
        self.store = folder / "store"
        folder.mkdir(exist_ok=True)
        self.key.write_text(SigningKey.new().secret())
        self.key.chmod(0o600)

    @property
    def signing(self) -> SigningKey:
        return SigningKey.read(self.key.read_text())

    @property
    def book(self) -> Book:
        return Book(self.store, self.signing)

    def shelf(self) -> Shelf:
        return Shelf(self.store, self.signing, site="site", drill=False)

    def root(self) -> bytes | None:
        place = self.store / "root"
        return place.read_bytes() if place.exists() else None

    def openings(self, path: str = PATH) -> list[Opening]:
        """Without those of the manifest, which every release has."""
        entry = self.book.sealed_at(path)
        assert entry is not None
        files = [o for o in entry.openings if o.path != manifest.address(path)]
        return sorted(files, key=lambda opening: (opening.path, opening.opens))

    def run(self, command: str, *more: str, key: Path | str | None = None) -> Ran:
        """With this place's store and key."""
        return run(command, *more, "--store", str(self.store), "--key", str(key or self.key))

    def seal(self, folder: Path, opens: str = LONG_HENCE, *more: str, path: str = PATH) -> Ran:
        return self.run("seal", str(folder), "--path", path, "--opens", opens, *more)

    def sealed(self, folder: Path, opens: str = LONG_HENCE, *more: str, path: str = PATH) -> Ran:
        """Sealed, or the test fails."""
        ran = self.seal(folder, opens, *more, path=path)
        assert ran.code == 0, ran
        return ran

    def lets_in(self, *gates: str) -> None:
        """Each with a key of its own."""
        for name in gates:
            self.shelf().let_in(name, self.gate_key(name).public, CLOCK.now())

    def gate_key(self, name: str) -> GateKey:
        """Of a gate; kept in a file as the gate keeps it."""
        file = self.folder / f"{name}.key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(GateKey.new().secret())
        return GateKey.read(file.read_text())

    def acknowledges(self, gate: str, version: int | None = None) -> Path:
        """As if this gate had taken the schedule in force; let in first if it is not yet."""
        key = self.gate_key(gate).public
        if self.book.gates.get(gate) != key:
            self.lets_in(gate)
        version = self.book.version if version is None else version
        place = self.store / "acknowledged" / f"{gate}.json"
        place.parent.mkdir(exist_ok=True)
        at = CLOCK.now().text()
        place.write_text(json.dumps({"at": at, "gate": gate, "key": key, "version": version}))
        return place


def run(*words: str) -> Ran:
    """As `ninethirty` does: what we raise on purpose is one sentence and exit status 2."""
    came = CliRunner().invoke(commands, list(words))
    if isinstance(came.exception, NinethirtyError):
        return Ran(2, came.stdout, f"{came.stderr}ninethirty: {came.exception}\n")
    if came.exception and not isinstance(came.exception, SystemExit):
        raise came.exception
    return Ran(came.exit_code, came.stdout, came.stderr)


def a_folder(
    place: Path, files: Mapping[str, bytes] | None = None, *, before: bool = False
) -> Path:
    contents = {"index.html": PAGE, "data.csv": DATA, **(files or {})}
    if before:
        contents["before/index.html"] = SOON
    for name, content in contents.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return place


def in_seconds(seconds: float) -> str:
    """A time to come, as --opens takes it."""
    return f"{CLOCK.now() + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S.%f} UTC"


class ClockAt:
    """Shows what it is told."""

    drill = False

    def __init__(self, shows: Instant) -> None:
        self.shows = shows

    def now(self) -> Instant:
        return self.shows

    def seconds_until(self, instant: Instant) -> float:
        return (instant - self.shows).total_seconds()


@dataclass(frozen=True)
class Gate:
    process: subprocess.Popen[bytes]
    port: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def a_gate(place: Place, name: str = "gate") -> Iterator[Gate]:
    """A real one, let in, once it serves what is in force."""
    if name not in place.book.gates:
        place.gate_key(name)
        place.lets_in(name)
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ninethirty", "gate", str(place.folder / name)),
            *("--from", str(place.store), "--key", place.signing.public, "--name", name),
            *("--listen", f"127.0.0.1:{port}", "--time-from", "unchecked"),
            *("--gate-key", str(place.folder / f"{name}.key")),
        ],
        stdout=subprocess.DEVNULL,
    )
    said = place.store / "acknowledged" / f"{name}.json"
    try:
        until(lambda: said.exists() and answers(port))
        yield Gate(process, port)
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def until(so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
