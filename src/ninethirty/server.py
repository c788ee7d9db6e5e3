"""Run an app under granian, so that nothing of it outlives its main process."""

import multiprocessing
import os
import threading
import time

from granian import Granian
from granian.constants import Interfaces

from ninethirty.core.errors import CannotStart
from ninethirty.lifeline import PARENT, answers, check_free

GLANCE = 0.05


def check_listen(listen: str, option: str = "--listen") -> tuple[str, int]:
    """The host and port of "HOST:PORT". Raises CannotStart if it is none, or something has it."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise CannotStart(f"{option} {listen}: expected HOST:PORT, as 127.0.0.1:9330")
    check_free(host, int(port), f"{option} HOST:PORT")
    return host, int(port)


def serve(target: str, interface: Interfaces, listen: tuple[str, int], *, workers: int = 1) -> None:
    """Serve until told to stop. `target` names a function that makes the app in a worker."""
    # Not forked: a fork copies locks that other threads of this process hold, SQLite's for one,
    # and the worker then waits for them for ever.
    multiprocessing.set_start_method("spawn")
    os.environ[PARENT] = str(os.getpid())
    threading.Thread(target=say_when_ready, args=listen, daemon=True).start()
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


def say_when_ready(host: str, port: int) -> None:
    """The port may be bound long before a worker takes what comes in."""
    while not answers(host, port):
        time.sleep(GLANCE)
    print(f"ready http://{host}:{port}", flush=True)
