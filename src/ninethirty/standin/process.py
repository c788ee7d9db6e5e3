"""A stand-in as a process: it says when it is ready, and ends well when told."""

import signal
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

import click

from ninethirty.core.times import Clock
from ninethirty.standin.exchange import Function
from ninethirty.standin.serving import Serving


def serve(
    function: Function,
    time: Clock,
    hosts: Sequence[str],
    port: int,
    *,
    tls: Mapping[str, ssl.SSLContext] | None = None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Until told to stop. `ready` is called once it listens, and may say more."""
    try:
        serving = Serving(function, time, hosts, port, tls)
    except OSError as taken:
        give_up_on(hosts, port, taken)
    with serving:
        say_and_wait(serving.url, ready)


def say_and_wait(url: str, ready: Callable[[], None]) -> None:
    """Say where it is, and wait until told to stop."""
    stopped = threading.Event()
    when_told_to_stop(stopped.set)
    click.echo(f"ready {url}")
    ready()
    stopped.wait()


def when_told_to_stop(stop: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())


def give_up_on(hosts: Sequence[str], port: int, taken: OSError) -> NoReturn:
    where = ", ".join(hosts)
    give_up(f"cannot listen on port {port} of {where} ({taken.strerror}): change --listen")


def give_up(why: str) -> NoReturn:
    click.echo(f"ninethirty standin: {why}", err=True)
    raise SystemExit(2)
