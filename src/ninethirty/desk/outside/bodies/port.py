"""What a body can be given, and what it gives back."""

from typing import Protocol

from ninethirty.core.submission import Submission


class Recipient(Protocol):
    """Submitting twice does no harm: what was sent is known by its digest."""

    def submit(self, one: Submission, signed: bytes) -> None:
        """Raises OutsideFailed."""
        ...

    def answers(self, reference: str) -> list[bytes]:
        """Signed, in the order in which they were given; a mailbox has none. Raises
        OutsideFailed."""
        ...
