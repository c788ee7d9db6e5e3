"""Make sure that the alternate is whole, by looks begun after the incident was opened."""

import time

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.verdict import whole_for
from ninethirty.core.watch import ALTERNATE, read_order
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import happened
from ninethirty.desk.record.sightings import seen_since
from ninethirty.desk.setup import setup

PATIENCE = 20.0
"""Real seconds for one attempt; the step's deadline, in the day's time, pages a person earlier."""


def check_alternate(work: Work) -> list[Happened]:
    """Raises OutsideFailed: not whole for enough witnesses, so nobody may be sent there."""
    release, key = work.release, setup().key().public
    order = read_order(bytes(release.order), key)
    opened = happened(work.facts, Kind.INCIDENT_OPENED)
    assert opened is not None
    channel = order.channel(ALTERNATE)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        fresh = seen_since(release.id, ALTERNATE, opened.recorded)
        at = whole_for(order, channel, fresh, bytes.fromhex(release.key))
        if at:
            return [Happened(Kind.ALTERNATE_VERIFIED, at, "alternate", {"channel": ALTERNATE})]
        time.sleep(0.1)
    raise OutsideFailed("the alternate is not whole for enough witnesses", retry=True)
