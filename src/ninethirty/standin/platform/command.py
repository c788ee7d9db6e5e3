"""`ninethirty standin platform`: one platform as a process of its own.

With --opens it publishes an example of its own; with --token it waits for an upload.
"""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

from ninethirty.core.times import Clock, Instant, RealClock
from ninethirty.standin import options
from ninethirty.standin.log import Log
from ninethirty.standin.moment import promised
from ninethirty.standin.options import Address
from ninethirty.standin.platform.certificates import AUTHORITY, tls
from ninethirty.standin.platform.example import example, write
from ninethirty.standin.platform.faults import FAULTS, Chosen, Fault, FaultRefused, chosen
from ninethirty.standin.platform.platform import Platform
from ninethirty.standin.platform.scene import Scene, Wire
from ninethirty.standin.platform.unheard import Unheard
from ninethirty.standin.process import give_up, give_up_on, say_and_wait, serve

NONE = "none"
TLS = {Wire.TLS_EXPIRED, Wire.TLS_NAME, Wire.TLS_CHAIN}
MUTE = {Wire.REFUSED, Wire.DEAF}


def _opens(_: click.Context, __: click.Parameter, text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        return promised(text)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong


def _faults(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> list[Chosen]:
    try:
        return [chosen(name) for name in names if name != NONE]
    except FaultRefused as wrong:
        raise click.BadParameter(str(wrong)) from wrong


def _list(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo("\n\n".join(_described(fault) for fault in FAULTS.values()))
        context.exit()


@click.command()
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list,
    help="Print every fault, and end.",
)
@click.option("--listen", callback=options.address, metavar="HOST:PORT", help="Its front.")
@click.option("--port", type=click.IntRange(1, 65535), help="The same, at 127.0.0.1.")
@click.option(
    "--edge", "more", multiple=True, callback=options.loopback, help="One more edge's host."
)
@click.option("--edges", default=1, help="So many edges: the front, and the addresses after it.")
@options.drill
@click.option(
    "--log",
    "log_file",
    type=options.FILE,
    default="platform.jsonl",
    show_default=True,
    help="Its truth log; certificates go beside it.",
)
@click.option("--token", help="What an upload must show; without it, none are taken.")
@options.seed
@click.option(
    "--opens",
    callback=_opens,
    metavar="T",
    help='Publish an example then: "2026-12-01 09:30 Europe/London", or an ISO moment.',
)
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the example to this folder, to compare with.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    callback=_faults,
    metavar="NAME[:KEY=VALUE,...]",
    help="Several compose.",
)
@click.option("--never-recovers", is_flag=True, help="The same as countdown-lost:recovers=no.")
def platform(
    *,
    listen: Address | None,
    port: int | None,
    more: tuple[str, ...],
    edges: int,
    time: Clock,
    log_file: Path,
    token: str | None,
    seed: int,
    opens: Instant | None,
    folder: Path | None,
    faults: list[Chosen],
    never_recovers: bool,
) -> None:
    """A publishing platform; the address listened on is its front, and its first edge."""
    if (listen is None) == (port is None) or (opens is None and token is None):
        raise click.UsageError("say where (--port or --listen) and what (--opens or --token)")
    front, at = listen or ("127.0.0.1", port or 0)
    hosts = _hosts(front, edges, more)
    if never_recovers:
        faults = [chosen(one.fault.name, **{**one.given, "recovers": False}) for one in faults]
    with Log(log_file) as log:
        function = Platform(edges=hosts, token=token, seed=seed, faults=faults, clock=time, log=log)
        if opens is None:
            serve(function, time, hosts, at)
        else:
            release = example(opens, seed)
            if folder is not None:
                write(release, folder)
            try:
                scene = function.put(release, time.now())
            except FaultRefused as refused:
                give_up(str(refused))
            _published(function, scene, time, hosts, at, log_file.parent)
        function.catch_up(time.now())


def _hosts(front: str, edges: int, more: Sequence[str]) -> tuple[str, ...]:
    """The front, the addresses after it, and what was named."""
    network, _, last = front.rpartition(".")
    following = [f"{network}.{int(last) + n}" for n in range(1, edges)] if network else []
    return (front, *following, *more)


def _published(
    function: Platform, scene: Scene, time: Clock, hosts: Sequence[str], port: int, folder: Path
) -> None:
    """Serve it until told to stop, each edge over its own kind of wire."""
    secured = {
        host: tls(host, wire, folder, RealClock().now())
        for host, wire in scene.wire.items()
        if wire in TLS
    }
    heard = [host for host in hosts if scene.wire.get(host) not in MUTE]

    scheme = "https" if hosts[0] in secured else "http"

    def say() -> None:
        if secured:
            click.echo(f"trust {folder / AUTHORITY}")
        for resource in scene.resources.values():
            click.echo(f"{resource.part} {scheme}://{hosts[0]}:{port}{resource.path}")

    try:
        unheard = Unheard(scene.wire, port)
    except OSError as taken:
        give_up_on(hosts, port, taken)
    with unheard:
        if heard:
            serve(function, time, heard, port, tls=secured, ready=say)
        else:
            say_and_wait(f"{scheme}://{hosts[0]}:{port}", say)


def _described(fault: Fault) -> str:
    takes = ", ".join(
        name if value is None else f"{name}={value}" for name, value in fault.parameters().items()
    )
    calls, causes = ", ".join(sorted(fault.calls)), ", ".join(sorted(fault.causes))
    lines = [
        fault.says,
        f"From outside: {fault.sees}",
        f"Expected: {calls}{f' ({causes})' if causes else ''}",
        f"After: {fault.source}",
        *([f"Takes: {takes}"] if takes else []),
    ]
    wrapped = (textwrap.fill(line, 96) for line in lines)
    return f"{fault.name}\n" + "\n".join(textwrap.indent(line, "  ") for line in wrapped)
