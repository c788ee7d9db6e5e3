"""`ninethirty report`: breach reports at the command line."""

import json
from pathlib import Path

import click

from ninethirty.core.breach import Report, as_document
from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers.form import read_form
from ninethirty.desk.papers.plain import write_json

LARGEST_BYTES = 5_000_000
"""A thousand times a filled form."""

_KNOWN_BEGINNINGS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a DOCX, ODT or other zip file",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office file",
    b"-----BEGIN PGP": "an encrypted file",
    b"\x1f\x8b": "a compressed file",
}
# What a text may hold below the space: tab, line feed, form feed, carriage return.
_NO_TEXT = frozenset(range(32)) - {9, 10, 12, 13}


class Unreadable(click.ClickException):
    exit_code = 2


@click.group()
def report() -> None:
    """Breach reports: read a filled form."""


@report.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
def read(files: tuple[Path, ...]) -> None:
    """Read filled forms (plain text) and print what they say as JSON.

    One file prints one object, several print a list. Nothing is printed unless all can be read.
    """
    reports = [_read(file) for file in files]
    if len(reports) == 1:
        click.echo(write_json(reports[0]), nl=False)
    else:
        documents = [as_document(one) for one in reports]
        click.echo(json.dumps(documents, indent=2, ensure_ascii=False))


def _read(file: Path) -> Report:
    try:
        return read_form(_text(file))
    except FormUnreadable as wrong:
        raise Unreadable(f"{file}: {wrong}") from wrong


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_BYTES + 1)
    except OSError as wrong:
        raise FormUnreadable(f"cannot be opened: {wrong.strerror}") from wrong
    if len(data) > LARGEST_BYTES:
        raise FormUnreadable(f"expected a form of at most {LARGEST_BYTES:,} bytes, found more")
    for beginning, kind in _KNOWN_BEGINNINGS.items():
        if data.startswith(beginning):
            raise FormUnreadable(f"expected plain text, found {kind}: save it as plain text first")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    if not _NO_TEXT.isdisjoint(data):
        raise FormUnreadable("expected plain text, found bytes that are none")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")  # Windows before it wrote UTF-8.


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise FormUnreadable("expected plain text, found bytes that are none") from wrong
