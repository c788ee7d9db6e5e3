"""`ninethirty standin ...`: each stand-in as a process of its own, on loopback only."""

import signal
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from ninethirty.core.times import Clock, Instant, clock
from ninethirty.standin.exchange import Function
from ninethirty.standin.faults import CountdownLost
from ninethirty.standin.helpdesk import HelpDesk
from ninethirty.standin.linkedin import LinkedIn
from ninethirty.standin.log import Log
from ninethirty.standin.moment import moment
from ninethirty.standin.news import News
from ninethirty.standin.plan import Plan
from ninethirty.standin.platform import Platform
from ninethirty.standin.reader import Reader
from ninethirty.standin.serving import Serving
from ninethirty.standin.social import Account
from ninethirty.standin.ticket import Habits
from ninethirty.standin.x import X

CommandT = TypeVar("CommandT", bound=Callable[..., Any])
Address = tuple[str, int]


def _loopback(_: click.Context, __: click.Parameter, hosts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_host(host) for host in hosts)


def _listen(_: click.Context, __: click.Parameter, text: str) -> Address:
    host, _colon, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter(f"{text!r} is not HOST:PORT such as 127.0.0.31:8031")
    return _host(host), int(port)


def _host(host: str) -> str:
    try:
        if ip_address(host) in ip_network("127.0.0.0/8"):
            return host
    except ValueError:
        pass
    raise click.BadParameter(f"{host!r} is not an address in 127.0.0.0/8")


def _moment(_: click.Context, __: click.Parameter, text: str | None) -> Instant | None:
    try:
        return moment(text) if text else None
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong


def _clock(_: click.Context, __: click.Parameter, drill: Path | None) -> Clock:
    return clock(drill)


_FILE = click.Path(path_type=Path, dir_okay=False)

_drill = click.option(
    "--drill",
    "time",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    callback=_clock,
    help="The drill's clock; without it, real time.",
)
_log = click.option("--log", "log_file", type=_FILE, required=True, help="Its truth log.")


def _service(command: CommandT) -> CommandT:
    """The options of everything that listens."""
    for option in (
        click.option("--seed", default=0, help="Repeats a run's ids and moments."),
        click.option("--token", required=True, help="What a client must show."),
        _log,
        _drill,
        click.option("--listen", required=True, callback=_listen, metavar="HOST:PORT"),
    ):
        command = option(command)
    return command


def _fault(*names: str) -> Callable[[CommandT], CommandT]:
    return click.option("--fault", type=click.Choice(["none", *names]), default="none")


@click.group()
def standin() -> None:
    """Platforms, networks and desks that misbehave on purpose; and the public."""


@standin.command()
@_service
@click.option("--edge", "edges", multiple=True, callback=_loopback, help="One more edge's host.")
@_fault("countdown-lost")
@click.option(
    "--never-recovers", is_flag=True, help="With countdown-lost: the inner cache holds for ever."
)
def platform(
    *,
    listen: Address,
    edges: tuple[str, ...],
    time: Clock,
    log_file: Path,
    token: str,
    seed: int,
    fault: str,
    never_recovers: bool,
) -> None:
    """A publishing platform; the address listened on is its front, and its first edge."""
    hosts = (listen[0], *edges)
    lost = CountdownLost(seed, recovers=not never_recovers) if fault == "countdown-lost" else None
    with Log(log_file) as log:
        function = Platform(edges=hosts, token=token, seed=seed, fault=lost, clock=time, log=log)
        _serve(function, time, hosts, listen[1])


@standin.command()
@_service
@_fault("doubled")
def x(*, listen: Address, time: Clock, log_file: Path, token: str, seed: int, fault: str) -> None:
    """X."""
    with Log(log_file) as log:
        account = Account(
            channel="x", prefix="", seed=seed, doubled=fault == "doubled", clock=time, log=log
        )
        _serve(X(account, token), time, listen[:1], listen[1])


@standin.command()
@_service
@_fault("doubled")
def linkedin(
    *, listen: Address, time: Clock, log_file: Path, token: str, seed: int, fault: str
) -> None:
    """LinkedIn."""
    with Log(log_file) as log:
        account = Account(
            channel="linkedin",
            prefix="urn:li:share:",
            seed=seed,
            doubled=fault == "doubled",
            clock=time,
            log=log,
        )
        _serve(LinkedIn(account, token), time, listen[:1], listen[1])


@standin.command()
@_service
def news(*, listen: Address, time: Clock, log_file: Path, token: str, seed: int) -> None:
    """The producer's news site."""
    with Log(log_file) as log:
        function = News(token=token, seed=seed, clock=time, log=log)
        _serve(function, time, listen[:1], listen[1])


@standin.command()
@_service
@_fault("silent")
@click.option("--acknowledge-after", default=4.0, show_default=True, metavar="MINUTES")
@click.option("--cause-after", default=50.0, show_default=True, metavar="MINUTES")
@click.option("--fixed-at", callback=_moment, help="When the platform itself had recovered.")
def helpdesk(
    *,
    listen: Address,
    time: Clock,
    log_file: Path,
    token: str,
    seed: int,
    fault: str,
    acknowledge_after: float,
    cause_after: float,
    fixed_at: Instant | None,
) -> None:
    """The platform's help desk."""
    habits = Habits(timedelta(minutes=acknowledge_after), timedelta(minutes=cause_after), fixed_at)
    with Log(log_file) as log:
        function = HelpDesk(
            token=token, seed=seed, habits=habits, silent=fault == "silent", clock=time, log=log
        )
        _serve(function, time, listen[:1], listen[1])


@standin.command()
@click.option("--plan", "plan_file", type=_FILE, required=True, help="What to look at, and when.")
@_drill
@_log
def reader(*, plan_file: Path, time: Clock, log_file: Path) -> None:
    """The public."""
    with Log(log_file) as log:
        try:
            plan = Plan.read(plan_file)
            public = Reader(plan, time, log)
        except (KeyError, TypeError, ValueError, OSError) as wrong:
            _give_up(f"{plan_file} is not a plan to read by: {wrong!r}")
        _when_told_to_stop(public.stop)
        click.echo(f"ready {plan.page}")
        public.run()


def _serve(function: Function, time: Clock, hosts: Sequence[str], port: int) -> None:
    stopped = threading.Event()
    _when_told_to_stop(stopped.set)
    try:
        serving = Serving(function, time, hosts, port)
    except OSError as taken:
        where = ", ".join(hosts)
        _give_up(f"cannot listen on port {port} of {where} ({taken.strerror}): change --listen")
    with serving:
        click.echo(f"ready {serving.url}")
        stopped.wait()


def _when_told_to_stop(stop: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())


def _give_up(why: str) -> NoReturn:
    click.echo(f"ninethirty standin: {why}", err=True)
    raise SystemExit(2)
