"""`ninethirty report`: breach reports at the command line."""

import json
import tomllib
from pathlib import Path
from typing import Any

import click

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import as_document
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.practices import Breach
from ninethirty.core.times import RealClock, at_local, zone_of
from ninethirty.desk.papers import read as papers
from ninethirty.desk.papers.entered import Question, asked_for, entered
from ninethirty.desk.papers.people import public as without_people
from ninethirty.desk.papers.write import FORMATS, json_of
from ninethirty.desk.papers.write import write as written


class Unreadable(click.ClickException):
    exit_code = 2


_FILE = click.Path(path_type=Path)
_public = click.option(
    "--public", is_flag=True, help="Leave out names and contacts, and the text as submitted."
)


@click.group()
def report() -> None:
    """Breach reports: read filled forms, enter a new one, write papers."""


@report.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@_public
def read(files: tuple[Path, ...], public: bool) -> None:
    """Read filled forms or papers of our own (DOCX, ODT, PDF, HTML, Markdown, JSON or plain text)
    and print what they say as JSON.

    One file prints one object, several print a list. Nothing is printed unless all can be read.
    """
    reports = [_read(file, public) for file in files]
    if len(reports) == 1:
        click.echo(json_of(reports[0]), nl=False)
    else:
        documents = [as_document(one) for one in reports]
        click.echo(json.dumps(documents, indent=2, ensure_ascii=False))


@report.command()
@click.argument("file", metavar="FILE", type=_FILE)
@click.option(
    "--to",
    "into",
    required=True,
    multiple=True,
    type=click.Choice(FORMATS),
    help="May be given often.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder.")
@click.option("--note", default="", metavar="TEXT", help='What the paper is: "Draft".')
@_public
def write(file: Path, into: tuple[str, ...], out: Path | None, note: str, public: bool) -> None:
    """Write a report, read from FILE, in other formats, beside it or in a folder.

    On the form it was made on; an old report is not put on a newer one. A file that is there
    already is not written over.
    """
    one = _read(file, public)
    folder = out or file.parent
    places = {kind: folder / f"{file.stem}.{kind}" for kind in into}
    for place in places.values():
        if place.exists():
            raise Unreadable(f"{place}: is there already; nothing was written")
    made = {places[kind]: written(one, kind, note=note) for kind in into}
    folder.mkdir(parents=True, exist_ok=True)
    for place, data in made.items():
        place.write_bytes(data)
        click.echo(place)


@report.command()
@click.option("--kind", required=True, type=click.Choice([str(kind) for kind in Breach]))
@click.option("--answers", type=_FILE, metavar="FILE", help="TOML or JSON instead of questions.")
@click.option("--zone", default="Europe/London", show_default=True, help="Where it is dated.")
def new(kind: str, answers: Path | None, zone: str) -> None:
    """Enter a breach of a kind that people notice; prints the report as JSON.

    Asks what belongs to that kind; an empty answer leaves a field open. Send the output to a file,
    and `report write` makes papers of it.
    """
    zone_of(zone)
    today = at_local(RealClock().now(), zone).date()
    told = _answers(answers) if answers else asked_for(Breach(kind), _ask)
    try:
        click.echo(json_of(entered(Breach(kind), told, today)), nl=False)
    except FormUnreadable as wrong:
        raise Unreadable(f"{answers}: {wrong}" if answers else str(wrong)) from wrong


def _read(file: Path, public: bool) -> Report:
    try:
        found = papers.read(file)
    except FormUnreadable as wrong:
        raise Unreadable(f"{file}: {wrong}") from wrong
    return without_people(found) if public else found


def _ask(question: Question) -> str:
    more = " (one at a time, an empty line ends)" if question.several else ""
    return str(click.prompt(f"{question.asks}{more}", default="", show_default=False, err=True))


def _answers(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        told = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (OSError, ValueError) as wrong:
        raise Unreadable(f"{file}: expected answers as TOML or JSON: {wrong}") from wrong
    assert isinstance(told, dict)  # Both begin as a table.
    return told
