"""What was seen of a page in the days after a fix: how many looks, and what those that were not
right found."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ninethirty.core.finding import GOOD, classify
from ninethirty.core.sighting import Sighting
from ninethirty.core.watch import Channel


@dataclass
class Seen:
    """not_right: finding -> how many looks."""

    looks: int = 0
    not_right: Counter[str] = field(default_factory=Counter)


def seen_of(channel: Channel, sightings: Iterable[Sighting], key: bytes) -> Seen:
    """All views of its page. Sightings of its other parts are passed over."""
    seen = Seen()
    for sighting in sightings:
        if sighting.part != channel.page.name:
            continue
        seen.looks += 1
        found = classify(sighting, channel.page, key)
        if found.counts not in GOOD:
            seen.not_right[str(found)] += 1
    return seen
