"""The truth log: what a stand-in really did, one JSON object a line.

A drill is judged by these lines and never by what the desk says of itself. So every line goes to
the file before the deed is answered for.
"""

import json
import threading
from pathlib import Path
from typing import Any, Protocol, Self

from ninethirty.core.times import Instant


class Writes(Protocol):
    def write(self, at: Instant, what: str, **details: Any) -> None: ...


class Log:
    """Safe to share between threads. Close it, or use it as a context."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def write(self, at: Instant, what: str, **details: Any) -> None:
        line = json.dumps({"at": at.text(), "what": what, **details}, ensure_ascii=False)
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Memory:
    """A log that is only looked at afterwards, for simulated days."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def write(self, at: Instant, what: str, **details: Any) -> None:
        self.lines.append({"at": at.text(), "what": what, **details})


def read(path: Path) -> list[dict[str, Any]]:
    """The whole lines so far; what follows the last line end is still being written."""
    whole, _, _ = path.read_text(encoding="utf-8").rpartition("\n")
    return [json.loads(line) for line in whole.split("\n") if line]
