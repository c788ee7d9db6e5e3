"""Pre-flight: what must be so for a release to open at T and for us to see it, as a row of lights.

What a gate says of itself is known at any moment. What services and witnesses say is known from the
last check of the runner, which names the light with each thing that it finds missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.guard import Trust
from ninethirty.core.release import MOVING, Stage, approval, stage
from ninethirty.core.times import Instant, latest

SOON = timedelta(hours=24)
"""Before T: from then on what is missing is red. Until then there is time for it."""

CHECKS = tuple(f"check_{name}_before" for name in ("day", "hour", "quarter"))
"""The runner's steps that look at all of it."""

_UNSEALED = (Stage.NEW, Stage.PROVISIONAL, Stage.ANNOUNCED, Stage.STAGED)
_WRONG = (Kind.EARLY, Kind.LATE, Kind.PARTIAL, Kind.WRONG)
_RIGHT = (Kind.ON_TIME, Kind.RECOVERED)


TOLD_BY = MOVING | {Kind.STEP_DONE, Kind.STEP_FAILED, *_WRONG, *_RIGHT}
"""The kinds of fact that any of this is told by."""


class Light(StrEnum):
    """In the order in which they are seen to."""

    SEALED = "sealed"
    APPROVED = "approved"
    ARMED = "armed everywhere"
    CLOCKS = "clocks"
    WITNESSES = "witnesses"
    TOKENS = "tokens"
    ON_CALL = "on call"


class Shows(StrEnum):
    READY = "ready"
    LACKING = "not ready"
    WAITING = "not yet"
    """It is missing, or unknown, and there is time."""


@dataclass(frozen=True)
class Lit:
    """why: what is missing; empty where nothing is."""

    light: Light
    shows: Shows
    why: str = ""


@dataclass(frozen=True)
class Gates:
    """version: of the schedule in force; 0: none. stands: gate -> the version it stands for.
    clocks: gate -> how far it trusts its clock."""

    version: int
    stands: Mapping[str, int]
    clocks: Mapping[str, str]


Lacking = tuple[Light, str]
"""One thing that is missing, and under which light."""


def tell(lacking: Iterable[Lacking]) -> str:
    """As the fact of a failed check keeps it; `heard` reads it back."""
    return "; ".join(f"{light}: {what}" for light, what in lacking)


def heard(told: str) -> list[Lacking]:
    """What names no light was written before there were any, and is left out."""
    found = []
    for part in told.split("; "):
        light, _, what = part.partition(": ")
        if what and light in list(Light):
            found.append((Light(light), what))
    return found


def not_armed(facts: Sequence[Fact], gates: Gates) -> list[str]:
    """What keeps it from being armed on every gate that it was armed on, and every one there is."""
    reached = stage(facts)
    if reached is not Stage.ARMED:
        return [f"the release is {reached}, not armed"]
    armed = [fact for fact in facts if fact.kind is Kind.ARMED][-1]
    missing = sorted(
        gate
        for gate in {*armed.details["gates"], *gates.stands}
        if gates.stands.get(gate, 0) < gates.version
    )
    return [f"gate {gate} does not stand for the schedule in force" for gate in missing]


def in_doubt(gates: Gates) -> list[str]:
    """Clocks that nobody should open by."""
    known = {str(trust): trust for trust in Trust}
    return [
        f"the clock of gate {gate} is in doubt: {said}"
        for gate, said in sorted(gates.clocks.items())
        if said not in known or not known[said].arms
    ]


def lights(
    facts: Sequence[Fact], gates: Gates, nobody: str, *, opens: Instant, now: Instant
) -> tuple[Lit, ...]:
    """All of them, in order. nobody: why nobody is on call at T; empty: somebody is."""
    reached = stage(facts)
    checked = _last_check(facts)
    missing = dict[Light, str]()
    if reached in _UNSEALED:
        missing[Light.SEALED] = f"the release is {reached}"
    if approval(facts) is None:
        missing[Light.APPROVED] = "nobody has approved it"
    if lacking := not_armed(facts, gates):
        missing[Light.ARMED] = "; ".join(lacking)
    if not gates.clocks:
        missing[Light.CLOCKS] = "no gate has said how its clock stands"
    elif lacking := in_doubt(gates):
        missing[Light.CLOCKS] = "; ".join(lacking)
    if checked is None:
        missing |= dict.fromkeys((Light.WITNESSES, Light.TOKENS), "not checked yet")
    elif checked.kind is Kind.STEP_FAILED:
        found = heard(checked.details.get("lacks", ""))
        for light in (Light.WITNESSES, Light.TOKENS, Light.ON_CALL):
            if whats := [what for one, what in found if one is light]:
                missing[light] = "; ".join(whats)
        if not found:
            missing[Light.WITNESSES] = "the last check did not come to its end"
    if nobody:
        missing[Light.ON_CALL] = nobody
    lacking_now = Shows.LACKING if opens - now <= SOON else Shows.WAITING
    return tuple(
        Lit(light, lacking_now, missing[light]) if light in missing else Lit(light, Shows.READY)
        for light in Light
    )


def trouble(facts: Iterable[Fact]) -> str:
    """What witnesses say is wrong with it now, in our words; empty if nothing is."""
    found = ""
    for fact in facts:
        if fact.kind in _WRONG:
            found = fact.kind.says
        elif fact.kind in _RIGHT:
            found = ""
    return found


def checked_at(facts: Iterable[Fact]) -> Instant | None:
    """When the runner last looked at all of it."""
    last = _last_check(facts)
    return latest(last.at) if last else None


def _last_check(facts: Iterable[Fact]) -> Fact | None:
    """What came of the last check of the promise in force."""
    found = None
    for fact in facts:
        if fact.kind is Kind.RESCHEDULED:
            found = None
        elif fact.kind in (Kind.STEP_DONE, Kind.STEP_FAILED):
            found = fact if fact.details["step"] in CHECKS else found
    return found
