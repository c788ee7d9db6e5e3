"""ninethirty key, gates, seal, hold, withdraw, schedule, verify: a schedule without a desk."""

import json as texts
import sys
from collections.abc import Iterable
from pathlib import Path
from shlex import quote

import click

from ninethirty.core.document import SigningKey
from ninethirty.core.times import clock
from ninethirty.desk.shelving import keyfile, say, timetable
from ninethirty.desk.shelving.book import Book, check_begun, let_in
from ninethirty.desk.shelving.bundle import read_bundle
from ninethirty.desk.shelving.change import SITE, change
from ninethirty.desk.shelving.gates import Heard, acknowledgements, heard, wait_for
from ninethirty.desk.shelving.hold import hold as hold_path
from ninethirty.desk.shelving.incident import incidents
from ninethirty.desk.shelving.let_in import let_gate_in, shut_gate_out
from ninethirty.desk.shelving.opens import read_opens
from ninethirty.desk.shelving.progress import progress
from ninethirty.desk.shelving.receipts import about, checked, read_receipts, unequal
from ninethirty.desk.shelving.seal import seal as seal_bundle
from ninethirty.desk.shelving.stranger import verify_one, verify_release
from ninethirty.desk.shelving.verify import verify as verify_place
from ninethirty.desk.shelving.withdraw import withdraw as withdraw_path

ZONE = "Europe/London"
WAIT = 10.0

_place = click.Path(path_type=Path)
_store = click.option("--store", required=True, type=_place, help="The desk's side of the store.")
_key = click.option("--key", "key_file", required=True, type=_place, help="File with the key.")
_trusted = click.option(
    "--key",
    "trusted",
    required=True,
    metavar="KEYFILE|PUBLIC",
    help="File with the key; for --manifest the public key will do.",
)
_wait = click.option(
    "--wait",
    default=WAIT,
    show_default=True,
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to wait for gates to acknowledge.",
)
_zone = click.option(
    "--zone", default=ZONE, show_default=True, help="Where times are told if none is named."
)


@click.group("key")
def key() -> None:
    """Make or show the key that schedules are signed with."""


@key.command("new")
@click.argument("key_file", metavar="KEYFILE", type=_place)
def key_new(key_file: Path) -> None:
    """Write a new key to KEYFILE, and print its public half."""
    click.echo(keyfile.new(key_file).public)
    _aside(f"Keep a copy of {key_file} in a safe place, and show it to nobody. Gates are told the")
    _aside("line above: ninethirty gate GATESTORE --from STORE --key PUBLIC")


@key.command("show")
@click.argument("key_file", metavar="KEYFILE", type=_place)
def key_show(key_file: Path) -> None:
    """Print the public half of the key, for `gate --key`."""
    click.echo(keyfile.read(key_file, _warn).public)


@key.command("next")
@click.argument("next_file", metavar="NEXTFILE", type=_place)
@_store
@_key
def key_next(next_file: Path, store: Path, key_file: Path) -> None:
    """Let the key in NEXTFILE sign from now on; it is made if it is not there.

    Gates take the hand-over by themselves, also those that are told the old public key.
    """
    signing = keyfile.read(key_file, _warn)
    to = keyfile.read(next_file, _warn) if next_file.exists() else keyfile.new(next_file)
    check_begun(store, signing.public)
    with change(store, signing, clock(None)) as changing:
        changing.hand_over(to)
    click.echo(to.public)
    _aside(f"From now on say --key {next_file}; keep a copy of it in a safe place. See when every")
    _aside(f"gate has taken it: ninethirty schedule {_told(store, next_file)}")
    _aside(f"Then destroy {key_file}. New gates are told the line above, with --key.")


@click.command("seal")
@click.argument("folder", type=_place)
@click.option("--path", required=True, help="Where it is on the site, such as /statistics/x.")
@click.option(
    "--opens",
    required=True,
    metavar="TIME",
    help='"2026-12-01 09:30 Europe/London"; seconds and UTC are taken, and "now".',
)
@_store
@_key
@click.option("--site", help=f"Name of the site, for a new store.  [default: {SITE}]")
@click.option("--replace", is_flag=True, help="Even over what is public, or early.")
@_zone
def seal(
    folder: Path,
    path: str,
    opens: str,
    store: Path,
    key_file: Path,
    site: str | None,
    replace: bool,
    zone: str,
) -> None:
    """Put FOLDER into the signed schedule, to open at PATH at a time.

    index.html is the page, as it is, or is made of index.md; the other files are at PATH/NAME;
    what lies in before/ is what the path answers until then.
    """
    signing = keyfile.read(key_file, _warn)
    when = read_opens(opens, zone=zone)
    bundle = read_bundle(folder, path, secret=(key_file, store))
    with progress(bundle.size_bytes()) as tell:
        done = seal_bundle(
            bundle,
            path,
            when,
            store=store,
            key=signing,
            clock=clock(None),
            site=site,
            replace=replace,
            tell=tell,
        )
    served = bool(let_in(store, signing.public))
    _say(say.sealed(done, _told(store, key_file), served=served))


@click.command("hold")
@click.argument("path")
@_store
@_key
@_wait
def hold(path: str, store: Path, key_file: Path, wait: float) -> None:
    """Take back the opening of PATH. Done when every gate has acknowledged; else exit 1."""
    real, signing = clock(None), keyfile.read(key_file, _warn)
    done = hold_path(path, store=store, key=signing, clock=real)
    _say(say.held(done))
    said = _heard_of(store, signing, done.version, wait)
    safe, lines = say.held_so_far(done, said, real.now(), _told(store, key_file))
    _conclude(safe, lines)


@click.command("withdraw")
@click.argument("path")
@click.option("--reason", required=True, metavar="TEXT", help="Readers see it.")
@_store
@_key
@_wait
def withdraw(path: str, reason: str, store: Path, key_file: Path, wait: float) -> None:
    """Take down what is public at PATH: 410 with the reason from now on."""
    signing = keyfile.read(key_file, _warn)
    done = withdraw_path(path, reason, store=store, key=signing, clock=clock(None))
    _say(say.withdrawn(done))
    said = _heard_of(store, signing, done.version, wait)
    gone, lines = say.withdrawn_so_far(done, said, _told(store, key_file))
    _conclude(gone, lines)


@click.command("schedule")
@_store
@_key
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def schedule(store: Path, key_file: Path, as_json: bool) -> None:
    """List what is scheduled, held, public and withdrawn, and which gates stand for it."""
    book = _book(store, key_file)
    now = clock(None).now()
    rows = timetable.rows(book, now)
    if as_json:
        click.echo(texts.dumps([timetable.document(row) for row in rows], indent=1))
        return
    _say(
        [
            *timetable.table(rows, now),
            "",
            *say.gates(heard(store, book.version, book.gates), book.version),
        ]
    )
    told = f"--store {quote(str(store))} --key KEYFILE"
    for incident in incidents(book, acknowledgements(store), now):
        _say(["", *say.unequal(incident, told)])


@click.command("verify")
@click.argument("place", metavar="URL_OR_FILE", required=False)
@click.option("--store", type=_place, help="The desk's side of the store.")
@click.option("--manifest", metavar="URL", help="Or, without a store: PATH/manifest.json.")
@_trusted
@click.option("--receipts", multiple=True, metavar="FILE|URL", help="What a gate wrote.")
@click.option("--gate-key", multiple=True, metavar="PUBLIC", help="Who signed those.")
def verify(
    place: str | None,
    store: Path | None,
    manifest: str | None,
    trusted: str,
    receipts: tuple[str, ...],
    gate_key: tuple[str, ...],
) -> None:
    """Say whether this is what was sealed, for which path, and when it opens. Exit 1 if not.

    With --manifest alone: whether all of the release is.
    """
    if (store is None) == (manifest is None) or (store and not place):
        raise click.UsageError("name URL_OR_FILE and --store, or --manifest URL")
    known = [read_receipts(one, gate_key) for one in receipts]
    if store and place:
        verdict = verify_place(place, _book(store, Path(trusted)), clock(None))
        opened = about(known, verdict.path, verdict.digest) if verdict.digest else []
    else:
        assert manifest is not None
        public, opened = keyfile.public_key(trusted, _warn), []
        verdict = (
            verify_one(place, manifest, public, known)
            if place
            else verify_release(manifest, public, known)
        )
    apart = unequal(known)
    _conclude(verdict.yes and not apart, [*verdict.words, *opened, *map(checked, known), *apart])


@click.group("gates")
def gates() -> None:
    """Who may read the schedule: list, let in, shut out."""


@gates.command("list")
@_store
@_key
def gates_list(store: Path, key_file: Path) -> None:
    """Say which gates are let in, and whether the schedule is in force there."""
    book = _book(store, key_file)
    _say(say.members(book.gates, heard(store, book.version, book.gates)))


@gates.command("add")
@click.argument("name")
@click.argument("public")
@_store
@_key
@click.option("--site", help=f"Name of the site, for a new store.  [default: {SITE}]")
def gates_add(name: str, public: str, store: Path, key_file: Path, site: str | None) -> None:
    """Let the gate NAME, whose public key is PUBLIC, read the schedule."""
    signing = keyfile.read(key_file, _warn)
    let_gate_in(name, public, store=store, key=signing, clock=clock(None), site=site)
    _say(say.let_in(name, _told(store, key_file)))


@gates.command("remove")
@click.argument("name")
@_store
@_key
def gates_remove(name: str, store: Path, key_file: Path) -> None:
    """Shut out the gate NAME: it can read nothing that is sealed from now on."""
    signing = keyfile.read(key_file, _warn)
    said = shut_gate_out(name, store=store, key=signing, clock=clock(None))
    _say(say.shut_out(name, said))


def _heard_of(store: Path, key: SigningKey, version: int, wait: float) -> Heard:
    asked = let_in(store, key.public)
    return wait_for(store, version, asked, seconds=wait, tell=_tell_waiting)


def _book(store: Path, key_file: Path) -> Book:
    signing = keyfile.read(key_file, _warn)
    check_begun(store, signing.public)
    return Book(store, signing)


def _told(store: Path, key_file: Path) -> str:
    return f"--store {quote(str(store))} --key {quote(str(key_file))}"


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _aside(line: str) -> None:
    click.echo(line, err=True)


def _warn(line: str) -> None:
    _aside(f"warning: {line}")


def _tell_waiting(said: Heard) -> None:
    _aside(say.waiting(said))


def _conclude(so: bool, lines: Iterable[str]) -> None:
    _say(lines)
    if not so:
        sys.exit(1)
