"""The main process of a gate: it binds the address, and keeps the workers running."""

import multiprocessing
import os
import signal
import socket
import threading
import time
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType

import structlog

from ninethirty.core.errors import CannotStart
from ninethirty.gate.worker import work
from ninethirty.lifeline import PARENT
from ninethirty.server import say_when_ready

_TO_STOP = 5.0
_BEFORE_ANOTHER = 0.5
"""Seconds before a worker that died is replaced: were it to die at once, we would spin."""

log = structlog.get_logger()


class Workers:
    """Serve until told to stop.

    The address is bound once, here: connections that wait when a worker dies are taken by the next.
    """

    def __init__(
        self,
        listen: tuple[str, int],
        store: Path,
        gate_key: Path,
        drill: Path | None,
        workers: int,
    ) -> None:
        """Raises CannotStart: the address is not to be had."""
        try:
            # A worker listens, once it can answer: until then who connects is refused at once.
            self._listening = socket.socket()
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listening.bind(listen)
        except OSError as wrong:
            raise CannotStart(f"--listen {listen[0]}:{listen[1]}: {wrong.strerror}") from wrong
        self._listen = listen
        self._arguments = (self._listening, store, gate_key, drill, workers)
        self._workers = workers
        self._stop = threading.Event()

    def run(self) -> None:
        os.environ[PARENT] = str(os.getpid())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        threading.Thread(target=say_when_ready, args=self._listen, daemon=True).start()
        running = [self._start() for _ in range(self._workers)]
        while not self._stop.is_set():
            wait([worker.sentinel for worker in running], timeout=0.1)
            for place, worker in enumerate(running):
                if worker.exitcode is not None and not self._stop.is_set():
                    log.error("gate.worker_died", code=worker.exitcode)
                    self._stop.wait(_BEFORE_ANOTHER)
                    running[place] = self._start()
        self._listening.close()
        _end(running)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _start(self) -> SpawnProcess:
        # Not forked: a fork copies locks that other threads of this process hold, SQLite's for one,
        # and the worker then waits for them for ever.
        worker = multiprocessing.get_context("spawn").Process(target=work, args=self._arguments)
        worker.start()
        return worker


def _end(running: list[SpawnProcess]) -> None:
    for worker in running:
        worker.terminate()
    end = time.monotonic() + _TO_STOP
    for worker in running:
        worker.join(max(0.0, end - time.monotonic()))
        worker.kill()
        worker.join()
