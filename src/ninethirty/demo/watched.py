"""What whoever started the demo may read of it, while it runs and afterwards."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ninethirty.demo.expect import Expectation
from ninethirty.demo.stage_set import RELEASE, StageSet
from ninethirty.desk.disk import write

WHERE, OUTCOME = "where.json", "outcome.json"


def say_where(stage: StageSet) -> None:
    """Where its rooms answer, all of them on this machine, and how people of it begin."""
    _write(
        stage,
        WHERE,
        {
            "release": RELEASE,
            "timeline": stage.timeline,
            "console": stage.console,
            "gate": stage.alternate,
            "announced": stage.announced,
            "begin": json.loads(stage.links.read_text()),
        },
    )


def say_outcome(stage: StageSet, expectations: Sequence[Expectation]) -> None:
    _write(stage, OUTCOME, [asdict(one) for one in expectations])


def _write(stage: StageSet, name: str, told: Any) -> None:
    place = stage.home / name
    write(place, json.dumps(told).encode())
    place.chmod(0o600)
