"""Take sightings from a witness."""

from collections.abc import Sequence

from ninethirty.core import sighting
from ninethirty.core.document import canonical
from ninethirty.core.errors import Malformed, NotAllowed
from ninethirty.desk.record.sightings import store
from ninethirty.desk.setup import Witness


def observe(documents: Sequence[object], by: Witness) -> int:
    """How many were taken: all, or none.

    Raises:
        Malformed: says which and why. NotAllowed: a sighting in another witness's name.
    """
    seen = []
    for place, document in enumerate(documents):
        try:
            one = sighting.read(document)
            told = canonical(sighting.document(one))  # half a surrogate is JSON, and no text
            if b"\\u0000" in told:
                raise Malformed("a NUL in a text, which no database keeps")
            if len(one.release) > 100 or len(one.channel) > 40:
                raise Malformed("release or channel is longer than any there is")
        except Malformed as wrong:
            raise Malformed(f"sightings[{place}]: {wrong}") from wrong
        if (one.witness, one.network) != (by.name, by.network):
            raise NotAllowed(
                f"sightings[{place}]: by {one.witness} on {one.network}, sent by {by.name}"
            )
        seen.append(one)
    return store(seen)
