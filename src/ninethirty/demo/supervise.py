"""Processes of a demo: started, restarted when they die, and none left at the end."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from ninethirty.core.errors import CannotStart
from ninethirty.lifeline import PARENT

TIME_TO_STOP = 5.0


@dataclass
class Company:
    """Everybody on stage. Use as a context: whoever is left when it ends is stopped."""

    logs: Path
    _commands: dict[str, list[str]] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _once: set[str] = field(default_factory=set)
    restarts: list[str] = field(default_factory=list)

    def start(self, name: str, *arguments: str, once: bool = False) -> None:
        """Run `python -m ninethirty ARGUMENTS`; what it prints goes to a file of its name.

        once: it may end by itself, and is not started again.
        """
        command = [sys.executable, "-m", "ninethirty", *arguments]
        self._commands[name] = command
        if once:
            self._once.add(name)
        self._launch(name)

    def _launch(self, name: str) -> None:
        with self.said(name).open("ab") as said:
            self._running[name] = subprocess.Popen(  # noqa: S603  # our own command
                self._commands[name],
                env={**os.environ, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches us alone; we stop the others in order.
                start_new_session=True,
            )

    def said(self, name: str) -> Path:
        return self.logs / f"{name}.out"

    def wait_for(self, name: str, so: str, seconds: float = 40) -> None:
        """Until the process has said so.

        Raises:
            CannotStart: it died first, or said nothing in time; with what it did say.
        """
        end = time.monotonic() + seconds
        while so not in self.said(name).read_text():
            if self._running[name].poll() is not None or time.monotonic() > end:
                said = self.said(name).read_text().strip()[-2000:]
                raise CannotStart(f"{name} did not start: {said or 'it said nothing'}")
            time.sleep(0.05)

    def finish(self, name: str, seconds: float = 60) -> None:
        """Wait for a process that ends by itself. Raises CannotStart if it fails."""
        process = self._running.pop(name)
        if process.wait(seconds) != 0:
            raise CannotStart(f"{name} failed: {self.said(name).read_text().strip()[-2000:]}")

    def kill(self, name: str) -> None:
        """As hard as can be; tend() will start it again."""
        self._running[name].kill()

    def tend(self) -> None:
        """Start again whoever died."""
        for name, process in self._running.items():
            if process.poll() is not None and name not in self._once:
                self.restarts.append(name)
                self._launch(name)

    def stop(self) -> None:
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + TIME_TO_STOP
        for process in self._running.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def __enter__(self) -> "Company":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
