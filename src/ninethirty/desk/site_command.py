"""ninethirty site: the public site put in force, written to a folder, looked at before its time.

With what desk/public/command.py has, which needs no record.
"""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from ninethirty.core.errors import CannotStart, TimeError
from ninethirty.core.rolling import HORIZON
from ninethirty.core.times import Instant, WallTime, at_local
from ninethirty.desk.command import home, prepare
from ninethirty.desk.public.command import site
from ninethirty.desk.public.page import Shown
from ninethirty.server import check_listen

at = click.option(
    "--at",
    metavar="TIME",
    help='As it will be then: "2026-12-01 09:30 Europe/London".  [default: now]',
)


@site.command("arm")
@home
@click.option("--by", default="site", show_default=True, metavar="WHO", help="Who does it.")
def arm(home: Path, by: str) -> None:
    """Render every page, and put what changed in force.

    A runner does so by itself, for what changed, where desk.toml says `public_site = true`.
    """
    _fit(home)
    from ninethirty.desk.actions.show import show_all
    from ninethirty.desk.setup import setup

    if not setup().public_site:
        raise CannotStart(
            f"{home}/desk.toml: say `public_site = true`, so that the runner rolls it forward"
        )
    done = show_all(by=by, processes=os.cpu_count() or 1)
    until = setup().clock().now() + HORIZON
    click.echo(
        f"Rendered {done.rendered} files; {done.changed} of them are new, in {done.documents} "
        "documents of the schedule"
    )
    click.echo(f"Shared pages are made until {_told(until)}; a runner goes on from there")


@site.command("build")
@click.argument("folder", type=click.Path(path_type=Path))
@home
@at
def build(folder: Path, home: Path, at: str | None) -> None:
    """Write every page into FOLDER, to be looked at or compared."""
    if folder.exists() and any(folder.iterdir()):
        raise CannotStart(f"{folder} is not empty; name a new folder")
    made = _made(home, at)
    for path, (body, media_type) in made.items():
        place = folder / path.lstrip("/")
        if media_type.startswith("text/html"):
            place = place / "index.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    click.echo(f"Wrote {len(made)} files into {folder}")


@site.command("serve")
@home
@at
@click.option("--listen", default="127.0.0.1:9333", show_default=True, metavar="HOST:PORT")
def serve(home: Path, at: str | None, listen: str) -> None:
    """Show the site in a browser as it is, or as it will be at a time.

    What is not public yet is shown too: keep it on this machine.
    """
    address = check_listen(listen)
    made = _made(home, at)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = made.get(unquote(urlsplit(self.path).path))
            body, media_type = found or Shown(b"There is nothing here.", "text/plain")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(address, Answering) as server:
        click.echo(f"ready: http://{listen}/ ({len(made)} files); end it with Ctrl-C")
        server.serve_forever()


def _made(folder: Path, at: str | None) -> dict[str, Shown]:
    """Path -> what it answers then, files of releases too."""
    when = _instant(at)
    _fit(folder)
    from ninethirty.desk.actions.show import read
    from ninethirty.desk.public.site import pages
    from ninethirty.desk.setup import setup

    known = read(setup().clock().now())
    then = when or known.as_of
    made = {
        path: shown for page in pages(known) for path, shown in page.files(page.since(then)).items()
    }
    shelf = setup().shelf()
    for edition in known.editions.values():
        told = edition.as_of(then)
        version = told.version if told else None
        for file in version.files if version else ():
            made[f"{edition.path}/{file.name}"] = Shown(shelf.read(file.digest), file.media_type)
    return made


def _instant(at: str | None) -> Instant | None:
    try:
        return WallTime.parse(at).resolve() if at else None
    except TimeError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--at") from wrong


def _told(instant: Instant) -> str:
    from ninethirty.desk.setup import setup

    zone = setup().promises.usual.zone
    return str(WallTime(at_local(instant, zone).replace(tzinfo=None, microsecond=0), zone))


def _fit(folder: Path) -> None:
    prepare(folder)
    from ninethirty.desk.record.fit import check_fit
    from ninethirty.desk.setup import setup

    check_fit(setup())
