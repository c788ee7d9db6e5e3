"""Which gates stand for a schedule. A gate that acknowledged once is asked for ever after."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ninethirty.core.errors import NotAnInstant, OlderVersion
from ninethirty.core.guard import Trust
from ninethirty.core.schedule import Root
from ninethirty.core.times import Instant

ACKNOWLEDGED = "acknowledged"
GLANCE = 0.05
"""Real seconds between two looks."""
USUAL = 1.0
"""Real seconds in which a gate that is well takes a new schedule."""

_TRUSTED = [str(trust) for trust in Trust if trust.arms]


@dataclass(frozen=True)
class Acknowledgement:
    gate: str
    version: int
    at: Instant | None
    place: Path
    clock: str = ""
    """How far the gate trusts its clock, if that is in doubt."""
    refused: str = ""
    """Why it did not take what it was offered last."""


@dataclass(frozen=True)
class Heard:
    """What the gates say of a version."""

    standing: tuple[Acknowledgement, ...]
    silent: tuple[Acknowledgement, ...]

    @property
    def all(self) -> bool:
        """False while no gate ever spoke: one may serve the store and be unable to say so."""
        return bool(self.standing) and not self.silent


def acknowledgements(store: Path) -> list[Acknowledgement]:
    """The latest of each gate that ever acknowledged."""
    return [_read(place) for place in sorted((store / ACKNOWLEDGED).glob("*.json"))]


def heard(store: Path, version: int) -> Heard:
    known = acknowledgements(store)
    return Heard(
        tuple(one for one in known if one.version >= version),
        tuple(one for one in known if one.version < version),
    )


def wait_for(store: Path, version: int, *, seconds: float, tell: Callable[[Heard], None]) -> Heard:
    """What the gates say as soon as all stand for this version, at the latest after that many
    real seconds.

    tell: hears what is known if that takes longer than usual, and whenever a gate has spoken.
    """
    begun = time.monotonic()
    said: Heard | None = None
    while True:
        now = heard(store, version)
        if now.all:
            return now
        waited = time.monotonic() - begun
        if now != said and waited > USUAL:
            tell(now)
            said = now
        left = seconds - waited
        if left <= 0:
            return now
        time.sleep(min(GLANCE, left))


def check_newest(store: Path, root: Root | None) -> None:
    """Raises OlderVersion if a gate has taken a newer schedule than the one here.

    Going on from an older copy would take from the gates whatever was sealed since.
    """
    version = root.version if root else 0
    newest = max(acknowledgements(store), key=lambda one: one.version, default=None)
    if newest and newest.version > version:
        raise OlderVersion(
            f"{store} is an older copy: it holds version {version}, and gate {newest.gate} "
            f"acknowledged {newest.version}; bring back the newer one, or, if it is lost, remove "
            f"{newest.place} and then seal anew all that was sealed since"
        )


def _read(place: Path) -> Acknowledgement:
    try:
        match json.loads(place.read_bytes()):
            case {"gate": str(gate), "version": int(version), "at": str(at), **more}:
                clock, refused = str(more.get("clock", "")), str(more.get("refused", ""))
                doubted = "" if clock in _TRUSTED else clock
                return Acknowledgement(gate, version, Instant.parse(at), place, doubted, refused)
    except (ValueError, NotAnInstant):
        pass
    # Left out, it would no longer be asked, and a hold would look safe. So it is silent.
    return Acknowledgement(place.stem, 0, None, place)
