"""`ninethirty report`: breach reports at the command line."""

import json
from pathlib import Path

import click

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import as_document
from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers.form import read_form
from ninethirty.desk.papers.text import text_of
from ninethirty.desk.papers.write import json_of


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
    """Read filled forms (DOCX, ODT, PDF, HTML or plain text) and print what they say as JSON.

    One file prints one object, several print a list. Nothing is printed unless all can be read.
    """
    reports = [_read(file) for file in files]
    if len(reports) == 1:
        click.echo(json_of(reports[0]), nl=False)
    else:
        documents = [as_document(one) for one in reports]
        click.echo(json.dumps(documents, indent=2, ensure_ascii=False))


def _read(file: Path) -> Report:
    try:
        return read_form(text_of(file))
    except FormUnreadable as wrong:
        raise Unreadable(f"{file}: {wrong}") from wrong
