"""Take an opening back before its time."""

import time
from collections.abc import Mapping

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, kept, note
from ninethirty.desk.actions.opening import take_back
from ninethirty.desk.setup import setup

PATIENCE = 10.0
"""Real seconds for the gates to acknowledge."""


def hold(release: str, *, by: str, reason: str) -> Fact:
    """The fact names the gates that will not open it, and those that are `silent`: until the second
    list is empty, or somebody has gone and looked, it may still open.

    Raises:
        NotAllowed: also when it is open already.
    """
    with acting(release, Kind.HELD, by) as (row, _):
        now = setup().clock().now()
        if WallTime.parse(row.opens).resolve() <= now:
            raise NotAllowed(f"{release}: {row.opens} has passed, it is open; withdraw it instead")
        # Before the fact is written: a hold that is recorded and not in force would be believed.
        version = take_back(row, now)
    gates = _wait(version)
    with acting(release, Kind.HELD, by) as (row, _):
        row.order = b""
        row.save(update_fields=["order"])
        return note(
            release,
            Kind.HELD,
            by,
            gates=sorted(gate for gate, stands in gates.items() if stands),
            silent=sorted(gate for gate, stands in gates.items() if not stands),
            reason_kept=kept(release, Kind.HELD, reason),
        )


def _wait(version: int) -> Mapping[str, bool]:
    """Gate -> whether it stands for this version, of all that ever spoke."""
    end = time.monotonic() + PATIENCE
    while True:
        gates = {gate: v >= version for gate, v in setup().shelf().acknowledged().items()}
        if all(gates.values()) or time.monotonic() > end:
            return gates
        time.sleep(0.05)
