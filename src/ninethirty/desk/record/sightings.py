"""Sightings as stored: taken once each, read back as they come."""

from collections.abc import Iterable

from django.db import transaction

from ninethirty.core import sighting
from ninethirty.core.document import digest
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant
from ninethirty.desk.record.models import SightingCount, SightingRow

LONGEST_KEY = 300


def store(seen: Iterable[Sighting]) -> int:
    """How many were taken; one that is there already counts as taken."""
    by_release: dict[str, dict[str, Sighting]] = {}
    taken = 0
    for one in seen:
        by_release.setdefault(one.release, {})[_key(one)] = one
        taken += 1
    with transaction.atomic():
        for release, keyed in sorted(by_release.items()):
            _store(release, keyed)
    return taken


def _store(release: str, keyed: dict[str, Sighting]) -> None:
    SightingCount.objects.bulk_create([SightingCount(release=release)], ignore_conflicts=True)
    count = SightingCount.objects.select_for_update().get(release=release)
    known = set(SightingRow.objects.filter(key__in=list(keyed)).values_list("key", flat=True))
    new = [(key, one) for key, one in keyed.items() if key not in known]
    SightingRow.objects.bulk_create(
        SightingRow(
            key=key,
            release=release,
            channel=one.channel,
            started=one.started,
            n=n,
            document=sighting.document(one),
        )
        for n, (key, one) in enumerate(new, start=count.n + 1)
    )
    if new:
        count.n += len(new)
        count.save()


def _key(one: Sighting) -> str:
    """A file deep in folders can have a longer name than a key may be."""
    key = one.key()
    return key if len(key) <= LONGEST_KEY else f"sha256:{digest(key.encode())}"


def seen_since(release: str, channel: str, since: Instant) -> list[Sighting]:
    """What was seen in looks begun at or after `since`."""
    rows = SightingRow.objects.filter(release=release, channel=channel, started__gte=since)
    return [sighting.read(row.document) for row in rows.order_by("n")]


class Reader:
    """Reads a release's sightings as they arrive, each once."""

    def __init__(self, release: str) -> None:
        self._release = release
        self._last = 0

    def read(self) -> list[Sighting]:
        """What has come since the last reading."""
        rows = SightingRow.objects.filter(release=self._release, n__gt=self._last)
        new = list(rows.order_by("n"))
        if new:
            self._last = new[-1].n
        return [sighting.read(row.document) for row in new]
