"""A runner in a process of its own whose steps do next to nothing: bench.runner_child HOME

With `hold` after it, opening an incident takes for ever, and says so on standard output.
"""

import logging
import os
import sys
import threading
import time
from pathlib import Path

import structlog

from ninethirty.core.facts import Kind
from ninethirty.core.times import RealClock
from ninethirty.desk.command import prepare


def be_quiet() -> None:
    """Standard output is for figures; what a runner logs is none."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def make_light(hold: bool) -> None:
    """Every action but those that tell on X is replaced by one that only gives its fact."""
    from ninethirty.desk.actions.step import Happened, Work
    from ninethirty.desk.runner.book import BOOK, STEPS

    clock = RealClock()

    def nothing(_: Work) -> list[Happened]:
        return []

    def open_incident(work: Work) -> list[Happened]:
        if hold:
            told = f"{os.getpid()} {work.release.id} {clock.now().text()}"
            print(told, flush=True)
            if work.attempt == 1:
                time.sleep(600)
        return [Happened(Kind.INCIDENT_OPENED, None, "incident")]

    for name, step in STEPS.items():
        if BOOK[step] is not None and not name.startswith("tell_x"):
            BOOK[step] = nothing
    BOOK[STEPS["open_incident"]] = open_incident


def main(home: Path, *, hold: bool) -> None:
    prepare(home)
    be_quiet()
    make_light(hold)
    from ninethirty.desk.runner.loop import run

    print("ready", flush=True)
    run(threading.Event())


if __name__ == "__main__":
    main(Path(sys.argv[1]), hold="hold" in sys.argv[2:])
