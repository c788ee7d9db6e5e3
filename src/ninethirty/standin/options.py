"""What the commands of several stand-ins take, and how each reads it."""

from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import click

from ninethirty.core.times import Clock, Instant, clock
from ninethirty.standin.moment import moment

CommandT = TypeVar("CommandT", bound=Callable[..., Any])
Address = tuple[str, int]

FILE = click.Path(path_type=Path, dir_okay=False)


def loopback(_: click.Context, __: click.Parameter, hosts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(host(text) for text in hosts)


def address(_: click.Context, __: click.Parameter, text: str | None) -> Address | None:
    if text is None:
        return None
    name, _colon, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter(f"{text!r} is not HOST:PORT such as 127.0.0.31:8031")
    return host(name), int(port)


def host(text: str) -> str:
    try:
        if ip_address(text).is_loopback:
            return text
    except ValueError:
        pass
    raise click.BadParameter(f"{text!r} is not an address in 127.0.0.0/8, nor ::1")


def instant(_: click.Context, __: click.Parameter, text: str | None) -> Instant | None:
    try:
        return moment(text) if text else None
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong


def _clock(_: click.Context, __: click.Parameter, file: Path | None) -> Clock:
    return clock(file)


drill = click.option(
    "--drill",
    "time",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    callback=_clock,
    help="The drill's clock; without it, real time.",
)
log = click.option("--log", "log_file", type=FILE, required=True, help="Its truth log.")
seed = click.option("--seed", default=0, help="Repeats a run's ids and moments.")


def service(command: CommandT) -> CommandT:
    """The options of everything that listens at one address."""
    for option in (
        seed,
        click.option("--token", required=True, help="What a client must show."),
        log,
        drill,
        click.option("--listen", required=True, callback=address, metavar="HOST:PORT"),
    ):
        command = option(command)
    return command


def fault(*names: str) -> Callable[[CommandT], CommandT]:
    return click.option("--fault", type=click.Choice(["none", *names]), default="none")
