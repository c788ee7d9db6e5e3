"""What one witness saw of one channel, look by look.

A part counts as there only when its content is what was sealed; everything else is a miss, whatever
the status says. So a fault nobody has thought of comes out as "not there", never as "on time".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ninethirty.core.document import keyed
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.times import Instant, Interval
from ninethirty.core.watch import PAGE_PART, Channel, Part

APART = timedelta(seconds=10)
"""Two misses this far apart are not one hiccup."""

ROUNDS = 3
"""Looks in a row that must find everything right before we say that it has recovered."""


class Seen(StrEnum):
    RIGHT = "right"
    PLACEHOLDER = "placeholder"
    ABSENT = "absent"
    DIFFERENT = "different"
    FAILED = "failed"


@dataclass(frozen=True)
class Look:
    part: str
    view: View
    started: Instant
    ended: Instant
    found: Seen
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Track:
    """Looks in the order in which they ended."""

    witness: str
    network: str
    parts: frozenset[str]
    looks: tuple[Look, ...]

    def page(self) -> list[Look]:
        return [look for look in self._user() if look.part == PAGE_PART]

    def busted(self) -> list[Look]:
        return [look for look in self.looks if look.part == PAGE_PART and look.view is View.BUSTED]

    def whole(self) -> Interval | None:
        """Between which two looks everything became right for this witness, the first time."""
        missed: Instant | None = None
        for look, found in self._states():
            if len(found) == len(self.parts) and set(found.values()) == {Seen.RIGHT}:
                return Interval(missed, look.ended)
            if look.found is not Seen.RIGHT:
                missed = look.started
        return None

    def missed_twice(self, since: Instant) -> Instant | None:
        """When the second of two looks in a row, begun at or after `since`, missed the page."""
        row = 0
        for look in self.page():
            if look.started < since:
                continue
            row = 0 if look.found is Seen.RIGHT else row + 1
            if row == 2:
                return look.ended
        return None

    def recovered(self) -> Instant | None:
        """When everything had been right, past the caches too, for the rounds asked; None if
        anything has been wrong since."""
        rounds = 0
        at: Instant | None = None
        for look, found in self._states():
            right = len(found) == len(self.parts) and set(found.values()) == {Seen.RIGHT}
            if not right:
                rounds, at = 0, None
            elif look.part == PAGE_PART:
                rounds += 1
                if rounds == ROUNDS:
                    at = look.ended
        busted = self.busted()
        if busted and busted[-1].found is not Seen.RIGHT:
            return None
        return at

    def stood(self, since: Instant) -> list[Look]:
        """The looks, begun at or after `since`, at which a part stood missing or wrong: missed
        twice running, far enough apart. Files count only while the page itself is right."""
        stood: list[Look] = []
        first: dict[str, Look] = {}
        page: Seen | None = None
        for look in self._user():
            if look.part == PAGE_PART:
                page = look.found
            if look.found is Seen.RIGHT:
                first.pop(look.part, None)
            elif look.started >= since:
                missed = first.setdefault(look.part, look)
                if look.started - missed.started >= APART and (
                    look.part == PAGE_PART or page is Seen.RIGHT
                ):
                    stood.append(look)
        return stood

    def lacking(self, since: Instant) -> list[Look]:
        """Of those, the last looks at what still stands missing or wrong."""
        last = {look.part: look for look in self._user()}
        standing = [look for look in self.stood(since) if last[look.part] is look]
        return [look for look in standing if look.part == PAGE_PART] or standing

    def _states(self) -> Iterator[tuple[Look, dict[str, Seen]]]:
        """After each look of the user's view: what was last found of each part."""
        found: dict[str, Seen] = {}
        for look in self._user():
            found[look.part] = look.found
            yield look, found

    def _user(self) -> list[Look]:
        return [look for look in self.looks if look.view is View.USER]


def tracks(channel: Channel, sightings: Iterable[Sighting], key: bytes) -> list[Track]:
    """One track per witness."""
    parts = {part.name: part for part in channel.parts}
    looks: dict[tuple[str, str], list[Look]] = {}
    for sighting in sorted(sightings, key=lambda s: (s.ended, s.started, s.part, s.view)):
        part = parts.get(sighting.part)
        if part is None or sighting.channel != channel.name:
            continue
        looks.setdefault((sighting.witness, sighting.network), []).append(
            Look(
                sighting.part,
                sighting.view,
                sighting.started,
                sighting.ended,
                seen(sighting, part, key),
                sighting.headers,
            )
        )
    return [
        Track(witness, network, frozenset(parts), tuple(mine))
        for (witness, network), mine in sorted(looks.items())
    ]


def seen(sighting: Sighting, part: Part, key: bytes) -> Seen:
    """What one look found, compared with what was sealed."""
    if sighting.trouble:
        return Seen.FAILED
    if sighting.status in (404, 410):
        return Seen.ABSENT
    if sighting.status != 200:
        return Seen.FAILED
    found = sighting.text_digest if part.is_page else sighting.digest
    if found and keyed(key, found) == part.keyed:
        return Seen.RIGHT
    return Seen.PLACEHOLDER if sighting.placeholder else Seen.DIFFERENT
