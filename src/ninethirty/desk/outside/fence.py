"""Nothing is sent in a step's name by somebody who has slept since they read that it is theirs.

A process that is stopped between reading and sending acts when it wakes, and another may have done
the step by then. So whoever performs a step puts a fence around it; each request that changes
something passes it, and is not sent if too long ago it was made sure that the step is still ours.
What is left is what lies between that look at the clock and the kernel: microseconds.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ninethirty.core.errors import OutsideFailed

HOLDS = 3.0
"""Real seconds for which it is known that a step is ours."""


class _Fence:
    def __init__(self, still_ours: Callable[[], bool]) -> None:
        self._still_ours = still_ours
        self.passed = time.monotonic()

    def renew(self) -> None:
        # Before it is asked: the answer may be old when it comes.
        begun = time.monotonic()
        if not self._still_ours():
            raise OutsideFailed("somebody else has taken the step over", retry=True)
        self.passed = begun


_here: ContextVar[_Fence | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(still_ours: Callable[[], bool]) -> Iterator[None]:
    """still_ours: asked anew before each request that changes something."""
    before = _here.set(_Fence(still_ours))
    try:
        yield
    finally:
        _here.reset(before)


def make_sure() -> None:
    """Before a request that changes something. Where no step is performed there is no fence.

    Raises:
        OutsideFailed: the step is somebody else's by now.
    """
    fence = _here.get()
    if fence:
        fence.renew()


def slept() -> bool:
    """Whether it is too long ago that it was made sure."""
    fence = _here.get()
    return fence is not None and time.monotonic() - fence.passed > HOLDS
