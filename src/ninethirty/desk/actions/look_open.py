"""Make sure that it is whole everywhere, not only at the announced address."""

from ninethirty.core.errors import NotYet
from ninethirty.core.facts import Kind
from ninethirty.core.verdict import whole_for
from ninethirty.core.watch import read_order
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.sightings import seen_since
from ninethirty.desk.setup import setup


def look_open(work: Work) -> list[Happened]:
    """Raises NotYet: names the channels that are not whole."""
    order = read_order(bytes(work.release.order), setup().key().public)
    key = bytes.fromhex(work.release.key)
    missing = [
        channel.name
        for channel in order.channels
        if whole_for(order, channel, seen_since(work.release.id, channel.name, order.opens), key)
        is None
    ]
    if missing:
        raise NotYet(f"not whole yet: {', '.join(missing)}")
    return [Happened(Kind.CHECKED, None, "checked/open", {"about": "open everywhere"})]
