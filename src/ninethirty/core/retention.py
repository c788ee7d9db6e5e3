"""How long words and names are kept. Facts are kept for ever, and hold neither."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from ninethirty.core.times import Instant


class Kept(StrEnum):
    """A kind of row that is erased one day, and from when its time counts."""

    PERSON = "person"
    """From the day they left."""
    MESSAGE = "message"
    """From the day it was said or written."""
    SIGHTINGS = "sightings"
    """From the promised instant of their release."""
    SUBSCRIPTION = "subscription"
    """From the day it was asked for and not confirmed, or mail stopped reaching them; also of what
    was mailed to whom, from that day."""
    READER = "reader"
    """From the time of the last release they were to see early."""
    PARCEL = "parcel"
    """From the last piece of an upload that came."""


DAYS: Mapping[Kept, int] = {
    Kept.PERSON: 6 * 365,
    Kept.MESSAGE: 6 * 365,
    Kept.SIGHTINGS: 3 * 365,
    Kept.SUBSCRIPTION: 30,
    Kept.READER: 6 * 365,
    Kept.PARCEL: 7,
}
"""Unless desk.toml says otherwise. Long enough for an inquiry into a breach, and for three years of
figures on punctuality; a producer's own retention schedule comes before them."""


def ends(since: Instant, days: int) -> Instant:
    """When what counts from `since` is to be erased."""
    return since + timedelta(days=days)
