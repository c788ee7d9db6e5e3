"""What cache headers say: since when an answer is kept, and when it will be let go.

Headers are hints from the accused party: a verdict never rests on them; a cause may.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

from ninethirty.core.errors import NotAnInstant
from ninethirty.core.times import Instant


def heals_at(headers: Mapping[str, str]) -> Instant | None:
    """When the cache that answered should ask again: Date + (max-age - Age).

    None if the answer did not come out of a cache (no Age, or 0), or the headers cannot be read.
    """
    fields = {name.lower(): value for name, value in headers.items()}
    control = fields.get("cache-control", "").lower()
    # A shared cache goes by s-maxage, whichever comes first.
    lifetime = re.search(r"\bs-maxage=(\d+)", control) or re.search(r"\bmax-age=(\d+)", control)
    age = re.fullmatch(r"\s*(\d{1,9})\s*", fields.get("age", ""))
    if not lifetime or not age or int(age[1]) == 0:
        return None
    try:
        answered = Instant.of(parsedate_to_datetime(fields.get("date", "")))
        return answered + timedelta(seconds=int(lifetime[1]) - int(age[1]))
    except (ValueError, OverflowError, NotAnInstant):
        return None
