"""Sightings as stored: taken once each, read back as they come."""

from collections.abc import Iterable

from ninethirty.core import sighting
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant
from ninethirty.desk.record.models import SightingRow


def store(seen: Iterable[Sighting]) -> int:
    """How many were taken; one that is there already counts as taken."""
    rows = [
        SightingRow(
            key=one.key(),
            release=one.release,
            channel=one.channel,
            started=one.started,
            document=sighting.document(one),
        )
        for one in seen
    ]
    SightingRow.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def seen_since(release: str, channel: str, since: Instant) -> list[Sighting]:
    """What was seen in looks begun at or after `since`."""
    rows = SightingRow.objects.filter(release=release, channel=channel, started__gte=since)
    return [sighting.read(row.document) for row in rows.order_by("id")]


class Reader:
    """Reads a release's sightings as they arrive, each once."""

    def __init__(self, release: str) -> None:
        self._release = release
        self._last = 0

    def read(self) -> list[Sighting]:
        """What has come since the last reading."""
        rows = SightingRow.objects.filter(release=self._release, id__gt=self._last)
        new = list(rows.order_by("id"))
        if new:
            self._last = new[-1].id
        return [sighting.read(row.document) for row in new]
