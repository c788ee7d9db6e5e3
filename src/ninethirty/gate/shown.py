"""What a path shows from one opening to its next change, made ready to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from ninethirty.core.schedule import Answer, Content, Lying
from ninethirty.core.times import Instant
from ninethirty.gate import headers
from ninethirty.gate.headers import Header


@dataclass(frozen=True, slots=True)
class Representation:
    """One encoding of a file, with the fields that do not depend on when it is asked for."""

    lying: Lying
    size_bytes: int
    tag: str
    known_by: tuple[Header, ...]
    describing: tuple[Header, ...]

    def whole(self, now: Instant, lifetime: int) -> list[Header]:
        """All fields of the whole."""
        return [
            *headers.times(now, lifetime),
            *self.known_by,
            *self.describing,
            ("content-length", str(self.size_bytes)),
        ]


@dataclass(frozen=True, slots=True)
class Shown:
    answer: Answer
    change: Instant | None
    modified: Instant | None
    """When it opened, in whole seconds; None if that does not tell it from what was before."""
    representations: Mapping[str, Representation]
    sizes: Mapping[str, int]


def shown(answer: Answer, path: str, change: Instant | None, modified: Instant | None) -> Shown:
    if not isinstance(answer, Content):
        return Shown(answer, change, modified, {}, {})
    representations = {
        encoding: Representation(
            lying,
            lying.size_bytes,
            headers.tag(answer.digest, encoding),
            headers.known_by(answer, encoding, modified),
            headers.describing(answer, path, encoding),
        )
        for encoding, lying in answer.lies.items()
    }
    sizes = {encoding: one.size_bytes for encoding, one in representations.items()}
    return Shown(answer, change, modified, representations, sizes)
