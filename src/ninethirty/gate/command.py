"""ninethirty gate"""

import re
from pathlib import Path

import click

from ninethirty.core.errors import CannotStart
from ninethirty.gate.serve import serve
from ninethirty.gate.sources import source
from ninethirty.gate.timesource import KERNEL, UNCHECKED


@click.command("gate")
@click.argument("store", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="gate", show_default=True, help="How acknowledgements name it.")
@click.option(
    "--from",
    "sources",
    multiple=True,
    required=True,
    metavar="FOLDER|URL|s3://BUCKET/PREFIX",
    help="Where to take schedules from; several are asked in order.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with what the desk knows this gate by, for a URL.",
)
@click.option("--key", "trusted_key", required=True, help="The desk's public key, in hex.")
@click.option("--listen", default="127.0.0.1:9330", show_default=True, metavar="HOST:PORT")
@click.option("--workers", default=1, show_default=True)
@click.option(
    "--gate-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the gate's own key, outside STORE; made if it is not there.  "
    "[default: the service's credential gate.key, else STORE.key beside STORE]",
)
@click.option(
    "--time-from",
    default=KERNEL,
    show_default=True,
    metavar=f"{KERNEL}|HOST:PORT|{UNCHECKED}",
    help="Who says that the clock is right: the kernel (set by its time daemon), a time server, "
    "or nobody. Until somebody has, nothing new is armed.",
)
@click.option(
    "--receipt-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the key of the gate that signs its receipts; made if it is not there.  "
    "[default: STORE.receipt-key]",
)
@click.option("--metrics", metavar="HOST:PORT", help="Private: /metrics, and the receipts.")
@click.option("--drill", type=click.Path(path_type=Path, exists=True), help="A drill's clock.")
def command(
    store: Path,
    name: str,
    sources: tuple[str, ...],
    token_file: Path | None,
    trusted_key: str,
    listen: str,
    workers: int,
    gate_key: Path | None,
    time_from: str,
    receipt_key: Path | None,
    metrics: str | None,
    drill: Path | None,
) -> None:
    """Serve what is public at each instant, from STORE."""
    if not re.fullmatch("[0-9a-f]{64}", trusted_key):
        raise CannotStart(
            f"--key {trusted_key}: expected the desk's public key, 64 hexadecimal digits"
        )
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise CannotStart(f"--name {name}: expected letters, digits, '.', '-' and '_'")
    token = token_file.read_text().strip() if token_file else ""
    serve(
        store,
        name=name,
        sources=[source(told, token=token) for told in sources],
        trusted_key=trusted_key,
        address=listen,
        drill=drill,
        time_from=time_from,
        receipt_key=receipt_key or _beside(store),
        metrics=metrics,
        workers=workers,
        gate_key=gate_key,
    )


def _beside(store: Path) -> Path:
    """Not in the store: who copies that should not be able to sign for the gate."""
    whole = store.resolve()
    return whole.with_name(f"{whole.name}.receipt-key")
