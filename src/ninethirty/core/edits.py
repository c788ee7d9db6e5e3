"""People's edits of a draft, kept while new facts change it.

Three texts decide: the draft a person edited, the draft as it would be now, and what the person
made of the first. Where only one side changed something, its word stands; where both did, the
person's stands and the draft's is shown beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from ninethirty.core.breach import REPORT_FIELDS, Report


class By(StrEnum):
    PERSON = "person"
    DRAFT = "draft"
    BOTH = "both"
    """Against each other: the person's stands; somebody should look."""


@dataclass(frozen=True)
class Change:
    """Of one field, or of neighbouring sentences of an account: as they were in the draft that was
    edited, as the draft would have them now, and as they stand."""

    name: str
    by: By
    before: tuple[Any, ...]
    now: tuple[Any, ...]
    stands: tuple[Any, ...]


@dataclass(frozen=True)
class Merged:
    report: Report
    changes: tuple[Change, ...]


def merged(before: Report, now: Report, human: Report) -> Merged:
    """`human`: what a person made of `before`. Form, version and reference are the person's."""
    held: dict[str, Any] = {}
    changes: list[Change] = []
    for name in (*REPORT_FIELDS, "planned", "moments"):
        values = [_several(getattr(one, name)) for one in (before, now, human)]
        stands, changed = _merged(name, *values)
        changes += changed
        several = isinstance(getattr(human, name), tuple)
        held[name] = stands if several else (stands[0] if stands else None)
    return Merged(replace(human, **held), tuple(changes))


def taken(change: Change, report: Report) -> bool:
    """Of what only the draft changed: the report has it as the draft has it now."""
    there = _several(getattr(report, change.name))
    return all(one in there for one in change.now) and not any(
        one in there for one in change.before
    )


def _several(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _merged(
    name: str, before: tuple[Any, ...], now: tuple[Any, ...], human: tuple[Any, ...]
) -> tuple[tuple[Any, ...], list[Change]]:
    stands: list[Any] = []
    changes: list[Change] = []
    at = [0, 0, 0]
    for ends in [*_anchors(before, now, human), (len(before), len(now), len(human))]:
        old, new, own = (
            side[start:end] for side, start, end in zip((before, now, human), at, ends, strict=True)
        )
        by, kept = _decided(old, new, own)
        stands += kept
        if by:
            changes.append(Change(name, by, old, new, kept))
        if ends[0] < len(before):
            stands.append(before[ends[0]])  # An anchor: the same on all three sides.
        at = [end + 1 for end in ends]
    return tuple(stands), changes


def _decided(
    old: tuple[Any, ...], new: tuple[Any, ...], own: tuple[Any, ...]
) -> tuple[By | None, tuple[Any, ...]]:
    if own == new:
        return (By.DRAFT if new != old else None), own
    if own == old:
        return By.DRAFT, new
    return (By.PERSON if new == old else By.BOTH), own


def _anchors(
    before: Sequence[Any], now: Sequence[Any], human: Sequence[Any]
) -> list[tuple[int, int, int]]:
    """Places of what stands unchanged on all three sides, in order."""
    in_now, in_human = _matched(before, now), _matched(before, human)
    shared = sorted(set(in_now) & set(in_human))
    return [(n, in_now[n], in_human[n]) for n in shared]


def _matched(one: Sequence[Any], other: Sequence[Any]) -> dict[int, int]:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
