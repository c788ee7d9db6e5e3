"""The folder of a first installation: keys and desk.toml, made where they are missing."""

import secrets
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart
from ninethirty.core.keyring import GateKey

GATE = "gate"
WITNESS = "witness"
NETWORK = "this-machine"

_SETTINGS = """\
# Made by `ninethirty up`. Still to come: [contact], [services.*] where users are told, [[pagers]]
# and [[on_call]]. Without them all is seen and kept, and nobody is told or woken.
site = "http://127.0.0.1:{gate_port}"
producer = "The statistics office"

[console]
address = "http://localhost:{desk_port}"

[watch]
witnesses = 1

[[witnesses]]
name = "{witness}"
network = "{network}"
token = "{token}"

[[gates]]
name = "{gate}"
public = "{public}"
"""


class Home:
    """Where everything of the installation lies: `open` it, ask its `ports`, `make` it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = folder / "desk.toml"
        self.desk_key = folder / "desk.key"
        self.gate_key = folder / "gate.key"
        self.logs = folder / "logs"

    def open(self) -> None:
        """Raises CannotStart: something else lies in the folder."""
        self._check_ours()
        self.folder.mkdir(parents=True, exist_ok=True)

    def ports(self, gate: int | None = None, desk: int | None = None) -> tuple[int, int]:
        """Of gate and desk: these, or else those of desk.toml. Raises CannotStart: it has none."""
        if not self.settings.exists():
            return gate or 9330, desk or 9331
        told = self._told()
        site, address = told.get("site"), told.get("console", {}).get("address")
        return gate or self._port("site", site), desk or self._port("console.address", address)

    def make(self, gate_port: int, desk_port: int) -> None:
        """What is missing. Begun and interrupted, it goes on. Raises CannotStart."""
        _keep(self.desk_key, SigningKey.new().secret())
        _keep(self.gate_key, GateKey.new().secret())
        if not self.settings.exists():
            text = _SETTINGS.format(
                gate_port=gate_port,
                desk_port=desk_port,
                witness=WITNESS,
                network=NETWORK,
                token=secrets.token_urlsafe(32),
                gate=GATE,
                public=GateKey.read(self.gate_key.read_text()).public,
            )
            _write(self.settings, text)
        self._move(gate_port, desk_port)
        self.logs.mkdir(exist_ok=True)

    @property
    def token(self) -> str:
        """Of the witness. Raises CannotStart: it was renamed in desk.toml."""
        for told in self._told().get("witnesses", []):
            if told.get("name") == WITNESS:
                return str(told["token"])
        raise CannotStart(f"{self.settings}: names no witness {WITNESS}, which is started here")

    def _told(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.settings.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            raise CannotStart(f"{self.settings}: {wrong}") from wrong

    def _port(self, name: str, address: object) -> int:
        port = urlsplit(address).port if isinstance(address, str) else None
        if port is None:
            raise CannotStart(
                f"{self.settings}: {name} names no port, and `ninethirty up` starts things on this "
                "machine alone; write http://localhost:PORT, or start the parts one by one"
            )
        return port

    def _check_ours(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise CannotStart(f"{self.folder} is not a folder; name one that is empty or new")
        lying = {place.name for place in self.folder.glob("*")}
        ours = {self.desk_key.name, self.gate_key.name}
        if self.settings.name in lying:
            if missing := sorted(ours - lying):
                raise CannotStart(
                    f"{self.folder} holds a desk that `ninethirty up` did not make (it lacks "
                    f"{', '.join(missing)}); start its parts one by one, or name an empty folder"
                )
        elif other := sorted(lying - ours - {_beside(self.settings).name}):
            raise CannotStart(
                f"{self.folder} holds something else ({other[0]}); name an empty folder"
            )

    def _move(self, *to: int) -> None:
        """Give the addresses in desk.toml these ports; what else people wrote there stays."""
        now = self.ports()
        if now == to:
            return
        moves = dict(zip(("site = ", "address = "), zip(now, to, strict=True), strict=True))
        lines = self.settings.read_text(encoding="utf-8").splitlines(keepends=True)
        for place, line in enumerate(lines):
            for name, (old, new) in moves.items():
                if line.startswith(name):
                    lines[place] = line.replace(f":{old}", f":{new}")
        _write(self.settings, "".join(lines))
        if self.ports() != to:
            raise CannotStart(f"{self.settings}: change the ports there; it is not as we wrote it")


def _keep(place: Path, secret: str) -> None:
    if not place.exists():
        _write(place, secret)


def _write(place: Path, text: str) -> None:
    """Whole or not at all, and for its owner alone."""
    beside = _beside(place)
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    beside.replace(place)


def _beside(place: Path) -> Path:
    return place.with_name(f"{place.name}.new")
