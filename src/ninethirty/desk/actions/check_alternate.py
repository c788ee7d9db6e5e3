"""Make sure that the alternate is whole, by looks begun after the incident was opened,
and again before users are told that it is still late."""

import time
from datetime import timedelta

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.times import Instant, latest
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
    opened = happened(work.facts, Kind.INCIDENT_OPENED)
    assert opened is not None
    return _check(work, opened.recorded, "alternate")


def check_again(work: Work, after: timedelta) -> list[Happened]:
    """By looks begun so long after lateness was confirmed. Raises what `check_alternate` raises."""
    late = happened(work.facts, Kind.LATE)
    assert late is not None
    return _check(work, latest(late.at) + after, "alternate/again")


def _check(work: Work, since: Instant, key: str) -> list[Happened]:
    release = work.release
    order = read_order(bytes(release.order), setup().key().public)
    channel = order.channel(ALTERNATE)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        fresh = seen_since(release.id, ALTERNATE, since)
        at = whole_for(order, channel, fresh, bytes.fromhex(release.key))
        if at:
            return [Happened(Kind.ALTERNATE_VERIFIED, at, key, {"channel": ALTERNATE})]
        time.sleep(0.1)
    raise OutsideFailed("the alternate is not whole for enough witnesses", retry=True)
