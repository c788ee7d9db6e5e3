"""What the action of a runbook step is given, and what it gives back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ninethirty.core.document import Json
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import When
from ninethirty.core.verdict import Verdict
from ninethirty.desk.record.models import Release


@dataclass(frozen=True)
class Work:
    """effect_key: the same on every attempt at this step. verdict: on the announced address."""

    release: Release
    facts: Sequence[Fact]
    effect_key: str
    attempt: int
    verdict: Verdict


@dataclass(frozen=True)
class Happened:
    """A fact to be written with the step's outcome. key: once in the life of the release."""

    kind: Kind
    at: When
    key: str
    details: Json = field(default_factory=dict)
