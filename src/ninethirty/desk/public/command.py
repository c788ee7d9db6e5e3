"""`ninethirty site`: the public site at the command line."""

from pathlib import Path

import click

from ninethirty.core.times import WallTime
from ninethirty.desk.folder import contents_of
from ninethirty.desk.public.preview import AFTER, BEFORE, preview


@click.group()
def site() -> None:
    """The public site."""


@site.command("preview")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--path", default="/release", show_default=True, help="Where the page will be.")
@click.option(
    "--opens", required=True, metavar="TIME", help='Such as "2026-12-01 09:30 Europe/London".'
)
@click.option("--producer", default="The producer", show_default=True, help="Its name.")
@click.option(
    "--to",
    default=Path("preview"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder to write the pages to. They are as secret as the release.",
)
def preview_folder(folder: Path, path: str, opens: str, producer: str, to: Path) -> None:
    """Write the page of the release in FOLDER as it will look before T, and from T on."""
    contents = contents_of(folder)
    made = preview(contents, path=path, opens=WallTime.parse(opens), producer=producer)
    # Nobody else on this machine may read it before T.
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in made.items():
        place = to / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    click.echo(f"Before T     {to / BEFORE}")
    click.echo(f"From T on    {to / AFTER}")
