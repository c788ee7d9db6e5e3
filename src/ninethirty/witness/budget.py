"""How often one witness may ask, over all its threads, in real time."""

import threading
import time

LOOKS_A_SECOND = 20

AT_ONCE = 4
"""Looks that may begin together, so that every channel is seen at T itself."""

APART_SECONDS = 1 / (LOOKS_A_SECOND - AT_ONCE)
"""Between the rest. Even spacing: a budget spent in a burst would leave us blind until the next."""


class Budget:
    """Never more than `LOOKS_A_SECOND` in any one second, and no long gap between two."""

    def __init__(self) -> None:
        self._spent_until = 0.0
        self._lock = threading.Lock()

    def take(self, stop: threading.Event) -> bool:
        """Wait for a turn; False if told to stop first."""
        # Held while waiting: whoever comes later would have to wait longer still.
        with self._lock:
            turn = self._spent_until - (AT_ONCE - 1) * APART_SECONDS
            if stop.wait(max(0.0, turn - time.monotonic())):
                return False
            self._spent_until = max(self._spent_until, time.monotonic()) + APART_SECONDS
            return True
