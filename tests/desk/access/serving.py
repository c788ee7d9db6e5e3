"""python -m tests.desk.access.serving HOME: the desk in a process of its own; says its address."""

import sys
from pathlib import Path
from threading import Event

from ninethirty.desk.command import prepare

if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
    from tests.desk.pages.console.staff import served

    with served() as url:
        print(url, flush=True)
        Event().wait()
