"""The register as CSV, line by line: however many entries there are, few are in memory."""

import csv
import io
from collections.abc import Iterator, Sequence

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


def lines(wanted: Wanted) -> Iterator[str]:
    """From the oldest on. A cell that a spreadsheet would run as a formula begins with '."""
    yield csv_line(COLUMNS)
    rows = all_of(wanted)
    last = 0
    while True:
        # By id and not by a cursor: nothing is held open while a slow reader reads.
        some = list(rows.filter(id__gt=last).values_list("id", *COLUMNS)[:_AT_ONCE])
        if not some:
            return
        last = some[-1][0]
        for _, *cells in some:
            yield csv_line([plain("" if cell is None else str(cell)) for cell in cells])


def plain(cell: str) -> str:
    """https://owasp.org/www-community/attacks/CSV_Injection: none of our own cells begins so, but
    a title that somebody submitted can."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def csv_line(cells: Sequence[str]) -> str:
    place = io.StringIO()
    csv.writer(place).writerow(cells)
    return place.getvalue()
