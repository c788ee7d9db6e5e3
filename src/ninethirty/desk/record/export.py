"""The register as CSV or JSON, entry by entry: however many there are, few are in memory."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from ninethirty.desk.record.models import Breach
from ninethirty.desk.record.register import Wanted, all_of

COLUMNS = (
    "reference",
    "title",
    "producer",
    "platform",
    "kind",
    "cause",
    "occurred",
    "delay_s",
    "stage",
    "version",
    "public_version",
    "sender",
    "sample",
    "source",
)
_AT_ONCE = 1000


def lines(wanted: Wanted, of: QuerySet[Breach] | None = None) -> Iterator[str]:
    """CSV. A cell that a spreadsheet would run as a formula begins with '."""
    yield csv_line(COLUMNS)
    for cells in _entries(wanted, of):
        yield csv_line([plain("" if cell is None else str(cell)) for cell in cells])


def json_parts(wanted: Wanted, of: QuerySet[Breach] | None = None) -> Iterator[str]:
    """One document, {"breaches": [...]}, an entry to a line."""
    yield '{"breaches": ['
    between = "\n"
    for cells in _entries(wanted, of):
        told = dict(zip(COLUMNS, cells, strict=True))
        yield between + json.dumps(told, ensure_ascii=False, default=str)
        between = ",\n"
    yield "\n]}\n"


def _entries(wanted: Wanted, of: QuerySet[Breach] | None) -> Iterator[Sequence[Any]]:
    """The cells of each, from the oldest on."""
    rows = all_of(wanted, of)
    last = 0
    while True:
        # By id and not by a cursor: nothing is held open while a slow reader reads.
        some = list(rows.filter(id__gt=last).values_list("id", *COLUMNS)[:_AT_ONCE])
        if not some:
            return
        last = some[-1][0]
        yield from (cells for _, *cells in some)


def plain(cell: str) -> str:
    """https://owasp.org/www-community/attacks/CSV_Injection: none of our own cells begins so, but
    a title that somebody submitted can."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def csv_line(cells: Sequence[str]) -> str:
    place = io.StringIO()
    csv.writer(place).writerow(cells)
    return place.getvalue()
