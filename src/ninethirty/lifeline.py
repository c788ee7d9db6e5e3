"""A process that ends when its parent has ended, however that ended; and a port that is free.

After `kill -9` of a supervisor nobody is left to stop its children, and granian's workers go on
answering. So each child watches its parent itself.
"""

import os
import signal
import socket
import threading
import time

from ninethirty.core.errors import CannotStart

PARENT = "NINETHIRTY_PARENT"
"""Environment: the pid that a process started by us must not outlive."""

GLANCE = 0.1
TIME_TO_STOP = 4.0


def follow_parent() -> None:
    """End this process when the pid named in the environment is no longer its parent."""
    parent = os.environ.get(PARENT)
    if parent:
        follow(int(parent))


def follow(parent: int) -> None:
    threading.Thread(target=_follow, args=(parent,), name="lifeline", daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(GLANCE)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(TIME_TO_STOP)
    os._exit(1)


def check_free(host: str, port: int, option: str) -> None:
    """Raises CannotStart, naming the option that changes it, if something has this port.

    We ask before we bind: granian binds with SO_REUSEPORT, so a second server on a taken port
    would start in silence and answer every other request.
    """
    taken = answers(host, port)
    if not taken:
        with socket.socket() as binding:
            binding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                binding.bind((host, port))
            except OSError:
                taken = True
    if taken:
        raise CannotStart(f"{host}:{port} is taken by another program; choose another: {option}")


def answers(host: str, port: int) -> bool:
    """Whether something takes connections there."""
    with socket.socket() as asking:
        asking.settimeout(1.0)
        return asking.connect_ex((host, port)) == 0
