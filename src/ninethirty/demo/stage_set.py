"""Where everything of a demo lies and listens."""

import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ninethirty.core.errors import CannotStart
from ninethirty.core.times import Instant, WallTime
from ninethirty.lifeline import check_free

SLUG = "vocational-qualifications-october-to-december-2017"
RELEASE = f"release/{SLUG}"
PRODUCER = "The example office of qualifications"
AUTHOR = "urn:li:organization:1"
CONTACT = {
    "name": "The statistics team",
    "email": "statistics@office.example",
    "telephone": "01632 960001",
}
PATH = f"/statistics/{SLUG}"

FRONT = "127.0.0.30"
EDGES = ("127.0.0.31", "127.0.0.32", "127.0.0.33")
WITNESSES = (
    # name, network as declared, its address, the edge it is sent to
    ("witness-1", "network A", "127.0.0.11", EDGES[0]),
    ("witness-2", "network A", "127.0.0.12", EDGES[1]),
    ("witness-3", "network B", "127.0.0.13", EDGES[2]),
)

BEFORE = timedelta(minutes=20)
"""How long before T the demo's day begins: people have done their part before the last look at
whether all is ready, 15 minutes before T."""

LONGEST = timedelta(minutes=110)
"""How long after T it ends at the latest."""

PLATFORM_FIXED = timedelta(minutes=91)
"""When the platform's desk hears that the page works."""


@dataclass(frozen=True)
class StageSet:
    """Folders below `home`, ports from `port` on."""

    home: Path
    port: int
    promised: WallTime

    @property
    def opens(self) -> Instant:
        return self.promised.resolve()

    @property
    def drill(self) -> Path:
        return self.home / "clock.json"

    @property
    def fast_drill(self) -> Path:
        """A clock that is ahead, if one was asked for."""
        return self.home / "clock-fast.json"

    @property
    def desk_home(self) -> Path:
        return self.home / "desk"

    @property
    def gate_key(self) -> Path:
        return self.home / "gate.key"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def papers(self) -> Path:
        return self.desk_home / "papers"

    def report(self, kind: str) -> Path:
        return self.papers / f"{RELEASE.replace('/', '--')}.{kind}"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.jsonl"

    def listen(self, name: str) -> tuple[str, int]:
        """Address of a server by its name."""
        host = FRONT if name == "platform" else "127.0.0.1"
        return host, self.port + SERVERS.index(name)

    def url(self, name: str) -> str:
        host, port = self.listen(name)
        return f"http://{host}:{port}"

    @property
    def alternate(self) -> str:
        return self.url("gate") + PATH

    @property
    def announced(self) -> str:
        return self.url("platform") + f"/government/statistics/{SLUG}"

    @property
    def console(self) -> str:
        """By name, since cookies and passkeys hold to one."""
        _, port = self.listen("desk")
        return f"http://localhost:{port}"

    @property
    def links(self) -> Path:
        """By which people of the day can begin at the console."""
        return self.desk_home / "links.json"

    @property
    def timeline(self) -> str:
        return self.url("desk") + f"/timeline/{RELEASE}"


def eight_free() -> int:
    """The first of as many free ports in a row as there are servers. Raises CannotStart."""
    for _ in range(100):
        with socket.socket() as asking:
            asking.bind(("127.0.0.1", 0))
            first: int = asking.getsockname()[1]
        try:
            for port in range(first, first + len(SERVERS)):
                check_free("127.0.0.1", port, "--port N")
        except (CannotStart, OverflowError):
            continue
        return first
    raise CannotStart("found no eight free ports in a row; name some: --port N")


SERVERS = ("gate", "desk", "platform", "x", "linkedin", "news", "helpdesk", "pagerduty")
