"""The list of faults: each a name, a sentence, and a change of the scene of a good day."""

import inspect
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ninethirty.standin.platform.scene import Scene

Change = Callable[..., Scene]
"""From a scene, chance, and parameters by name, to another scene."""

Value = float | bool | str | None


class FaultRefused(ValueError):
    """No such fault, no such parameter, or none that this platform can have."""


@dataclass(frozen=True)
class Fault:
    """says: what goes wrong. sees: what somebody outside should see, and so what a watcher should
    say: one of `calls`, because of one of `causes` (none on a day on which nothing is missing).
    source: the page and number of the mechanism it follows.

    What a watcher must be held against is not this but the truth log of the day.
    """

    name: str
    says: str
    sees: str
    source: str
    calls: frozenset[str]
    causes: frozenset[str]
    change: Change

    def parameters(self) -> dict[str, Value]:
        """With their defaults; None is drawn from the seed."""
        known = inspect.signature(self.change).parameters.values()
        return {one.name: one.default for one in known if one.kind is one.KEYWORD_ONLY}


@dataclass(frozen=True)
class Chosen:
    fault: Fault
    given: Mapping[str, Value]


FAULTS: dict[str, Fault] = {}


def fault(
    name: str, *, says: str, sees: str, source: str, calls: str, causes: str = ""
) -> Callable[[Change], Change]:
    """Enter a change in the list. `calls` and `causes` are words with spaces between."""

    def enter(change: Change) -> Change:
        assert name not in FAULTS, name
        words = frozenset(calls.split()), frozenset(causes.split())
        FAULTS[name] = Fault(name, says, sees, source, *words, change)
        return change

    return enter


def chosen(text: str, **given: Value) -> Chosen:
    """Read NAME or NAME:parameter=value,... Raises FaultRefused."""
    name, _, rest = text.partition(":")
    known = FAULTS.get(name)
    if known is None:
        raise FaultRefused(f"{name!r} is no fault; `--list` shows all {len(FAULTS)}")
    for pair in filter(None, rest.split(",")):
        parameter, _, value = pair.partition("=")
        given[parameter] = _value(value)
    strangers = given.keys() - known.parameters().keys()
    if strangers:
        takes = ", ".join(known.parameters()) or "nothing"
        raise FaultRefused(f"{name} takes {takes}; found {', '.join(sorted(strangers))}")
    return Chosen(known, given)


def composed(scene: Scene, faults: Iterable[Chosen], seed: int) -> Scene:
    """All of them at once, in this order. The same seed and instant give the same scene."""
    for one in faults:
        # S311: it is to be repeated, not to be secret.
        chance = random.Random(f"{seed}/{one.fault.name}/{scene.opens.text()}")  # noqa: S311
        given: dict[str, Any] = dict(one.given)
        scene = one.fault.change(scene, chance, **given)
    return scene


def _value(text: str) -> Value:
    if text in {"yes", "no"}:
        return text == "yes"
    try:
        return float(text)
    except ValueError:
        return text
