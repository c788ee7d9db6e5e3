"""ninethirty gate"""

import re
from pathlib import Path

import click

from ninethirty.core.errors import CannotStart
from ninethirty.gate.serve import serve
from ninethirty.gate.timesource import KERNEL, UNCHECKED


@click.command("gate")
@click.argument("store", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="gate", show_default=True, help="How acknowledgements name it.")
@click.option(
    "--from",
    "sources",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to take schedules from; several are tried in order.",
)
@click.option("--key", "trusted_key", required=True, help="The desk's public key, in hex.")
@click.option("--listen", default="127.0.0.1:9330", show_default=True, metavar="HOST:PORT")
@click.option("--workers", default=1, show_default=True)
@click.option(
    "--time-from",
    default=KERNEL,
    show_default=True,
    metavar=f"{KERNEL}|HOST:PORT|{UNCHECKED}",
    help="Who says that the clock is right: the kernel (set by its time daemon), a time server, "
    "or nobody. Until somebody has, nothing new is armed.",
)
@click.option("--drill", type=click.Path(path_type=Path, exists=True), help="A drill's clock.")
def command(
    store: Path,
    name: str,
    sources: tuple[Path, ...],
    trusted_key: str,
    listen: str,
    workers: int,
    time_from: str,
    drill: Path | None,
) -> None:
    """Serve what is public at each instant, from STORE."""
    if not re.fullmatch("[0-9a-f]{64}", trusted_key):
        raise CannotStart(
            f"--key {trusted_key}: expected the desk's public key, 64 hexadecimal digits"
        )
    serve(
        store,
        name=name,
        sources=list(sources),
        trusted_key=trusted_key,
        address=listen,
        drill=drill,
        time_from=time_from,
        workers=workers,
    )
