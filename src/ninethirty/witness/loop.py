"""What goes on in the one thread that looks: transfers, and the reading of what came.

Long answers are read in a thread beside it. Reading a hostile page may take a second, and nobody
else's look may come late for that.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from ninethirty.witness.reading import LONG_BYTES, Reading, Readings, Sought, read_answer
from ninethirty.witness.traffic import Traffic
from ninethirty.witness.transfer import Heard

Told = Callable[[Reading], None]


class Loop:
    def __init__(self) -> None:
        self.traffic = Traffic()
        self._readings = Readings()
        self._to_read: SimpleQueue[tuple[Heard, Sought, Told] | None] = SimpleQueue()
        self._due: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._reader = threading.Thread(target=self._keep_reading, name="reader")
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def read(self, heard: Heard, sought: Sought, done: Told) -> None:
        if heard.body.size > LONG_BYTES:
            self._to_read.put((heard, sought, done))
        else:
            done(self._readings.read(heard, sought))

    def call(self, what: Callable[[], None]) -> None:
        """Have it done in the looking thread, soon. May be called from any thread."""
        self._due.put(what)
        self.traffic.wake()

    def turn(self, seconds: float) -> None:
        """Let happen what happens, for at most so long."""
        self.traffic.turn(seconds)
        while not self._due.empty():
            self._due.get()()

    def close(self) -> None:
        self._to_read.put(None)
        self._reader.join()
        self.traffic.close()

    def _keep_reading(self) -> None:
        while waiting := self._to_read.get():
            heard, sought, done = waiting
            reading = read_answer(heard, sought)
            self.call(lambda done=done, reading=reading: done(reading))  # type: ignore[misc]
