"""What a path shows from one opening to its next change, made ready to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from ninethirty.core.schedule import Answer, Content
from ninethirty.core.times import Instant
from ninethirty.gate import headers
from ninethirty.gate.encoding import IDENTITY
from ninethirty.gate.headers import Header
from ninethirty.gate.store import Encoded


@dataclass(frozen=True, slots=True)
class Representation:
    """One encoding of a file, with the fields that do not depend on when it is asked for."""

    digest: str
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


def shown(
    answer: Answer,
    path: str,
    change: Instant | None,
    modified: Instant | None,
    encodings: Mapping[str, Encoded],
) -> Shown:
    if not isinstance(answer, Content):
        return Shown(answer, change, modified, {}, {})
    held = {IDENTITY: Encoded(answer.digest, answer.size_bytes), **encodings}
    representations = {
        encoding: Representation(
            one.digest,
            one.size_bytes,
            headers.tag(one.digest),
            headers.known_by(answer, one.digest, modified),
            headers.describing(answer, path, encoding),
        )
        for encoding, one in held.items()
    }
    sizes = {encoding: one.size_bytes for encoding, one in held.items()}
    return Shown(answer, change, modified, representations, sizes)
