"""Run an app under granian, so that nothing of it outlives its main process."""

import multiprocessing
import os

from granian import Granian
from granian.constants import Interfaces

from ninethirty.lifeline import PARENT, check_free


def check_listen(listen: str) -> tuple[str, int]:
    """The host and port of "HOST:PORT". Raises CannotStart if something has it."""
    host, _, port = listen.rpartition(":")
    check_free(host, int(port), "--listen HOST:PORT")
    return host, int(port)


def serve(target: str, interface: Interfaces, listen: tuple[str, int], *, workers: int = 1) -> None:
    """Serve until told to stop. `target` names a function that makes the app in a worker."""
    # Not forked: a fork copies locks that other threads of this process hold, SQLite's for one,
    # and the worker then waits for them for ever.
    multiprocessing.set_start_method("spawn")
    os.environ[PARENT] = str(os.getpid())
    Granian(
        target,
        factory=True,
        address=listen[0],
        port=listen[1],
        interface=interface,
        workers=workers,
        respawn_failed_workers=True,
        blocking_threads=4 if interface is Interfaces.WSGI else None,
        log_access=False,
        log_enabled=False,
    ).serve()
