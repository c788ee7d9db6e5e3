"""Which gates stand for a schedule: those that were let in, each by its own key.

A gate that acknowledged once and was shut out since is asked for ever after: it goes on opening
what it holds.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
    key: str = ""
    let_in: bool = False


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
    """The latest of each gate that ever acknowledged, as it says."""
    return [_read(place) for place in sorted((store / ACKNOWLEDGED).glob("*.json"))]


def heard(store: Path, version: int, let_in: Mapping[str, str]) -> Heard:
    """let_in: name -> public key. A word given with another key is not that gate's."""
    known = {one.gate: one for one in acknowledgements(store)}
    asked = [_asked(store, name, public, known.get(name)) for name, public in let_in.items()]
    asked += [one for name, one in known.items() if name not in let_in and one.version < version]
    asked.sort(key=lambda one: one.gate)
    return Heard(
        tuple(one for one in asked if one.version >= version),
        tuple(one for one in asked if one.version < version),
    )


def wait_for(
    store: Path,
    version: int,
    let_in: Mapping[str, str],
    *,
    seconds: float,
    tell: Callable[[Heard], None],
) -> Heard:
    """What the gates say as soon as all stand for this version, at the latest after that many
    real seconds.

    tell: hears what is known if that takes longer than usual, and whenever a gate has spoken.
    """
    begun = time.monotonic()
    said: Heard | None = None
    while True:
        now = heard(store, version, let_in)
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


def _asked(store: Path, name: str, public: str, said: Acknowledgement | None) -> Acknowledgement:
    if said is None or said.key != public:
        return Acknowledgement(
            name, 0, None, store / ACKNOWLEDGED / f"{name}.json", public, let_in=True
        )
    return replace(said, let_in=True)


def _read(place: Path) -> Acknowledgement:
    try:
        match json.loads(place.read_bytes()):
            case {
                "gate": str(gate),
                "version": int(version),
                "at": str(at),
                "key": str(key),
                **more,
            }:
                clock, refused = str(more.get("clock", "")), str(more.get("refused", ""))
                doubted = "" if clock in _TRUSTED else clock
                return Acknowledgement(
                    gate, version, Instant.parse(at), place, doubted, refused, key
                )
    except (ValueError, NotAnInstant):
        pass
    # Left out, it would no longer be asked, and a hold would look safe. So it is silent.
    return Acknowledgement(place.stem, 0, None, place)
