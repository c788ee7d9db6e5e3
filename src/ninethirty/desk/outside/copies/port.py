"""What a place for copies can do."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Place(Protocol):
    """Every call may be repeated: what it brings about is the same. `private` is a name that nobody
    can guess; `path` is as the public asks for it, and names come in the order in which they are
    to appear, the page that links to the others last."""

    def stage(self, private: str, files: Mapping[str, bytes]) -> None:
        """Put them where nobody looks. Raises OutsideFailed."""
        ...

    def open(self, private: str, path: str, names: Sequence[str]) -> None:
        """Make public what was staged; nothing is sent but the order to. Raises OutsideFailed."""
        ...

    def read(self, path: str, name: str) -> bytes:
        """What stands there for the public. Raises OutsideFailed."""
        ...

    def check(self) -> None:
        """Write something harmless and take it away. Raises OutsideFailed."""
        ...
