"""What the action of a runbook step is given; what it gives back is core's Happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from ninethirty.core.attempt import Happened
from ninethirty.core.facts import Fact
from ninethirty.core.verdict import Verdict
from ninethirty.desk.record.models import Release

__all__ = ["Happened", "Work"]


@dataclass(frozen=True)
class Work:
    """effect_key: the same on every attempt at this step. verdict: on the announced address.
    only_look: find what an earlier attempt did, and do nothing; NeverDone if none did anything."""

    release: Release
    facts: Sequence[Fact]
    effect_key: str
    attempt: int
    verdict: Verdict
    only_look: bool = False
