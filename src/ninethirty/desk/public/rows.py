"""The rows of a CSV file, as many as were asked for, whatever program wrote it."""

import codecs
import csv
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from ninethirty.core.errors import BundleRefused

LARGEST_ROW_BYTES = 20_000
"""Several times the widest row of a table that people read."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True)
class Rows:
    """rows: the first is what the file begins with, a header or not. more: there are rows after
    these."""

    rows: tuple[tuple[str, ...], ...]
    more: bool


def first_rows(data: bytes, most: int) -> Rows:
    """At most `most` rows that are not empty. Reads no more of the file than they can take.

    data: the file, or its beginning if that is at least `bytes_for(most)` long.

    Raises:
        BundleRefused: it is no CSV file.
    """
    text = _decoded(data[: bytes_for(most)])
    if "\0" in text:
        raise BundleRefused("expected a CSV file, found bytes that are no text")
    # By line feeds and carriage returns alone: a cell may hold other ends of lines.
    lines = list(StringIO(text, newline=""))
    if len(data) >= bytes_for(most) and len(lines) > 1:
        lines.pop()  # Cut in its middle, perhaps.
    table = csv.reader(lines, delimiter=_delimiter(lines), strict=False)
    try:
        found = list(islice((tuple(row) for row in table if any(row)), most + 1))
    except csv.Error as wrong:
        raise BundleRefused(f"line {table.line_num}: is no row of a CSV file: {wrong}") from wrong
    return Rows(tuple(found[:most]), len(found) > most or len(data) >= bytes_for(most))


def bytes_for(rows: int) -> int:
    """How much of a file is enough for so many rows."""
    return max(rows, 10) * LARGEST_ROW_BYTES


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        # Not the end of the data, perhaps: half a character there is no fault.
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(lines: list[str]) -> str:
    """Whichever of comma, semicolon and tab the first lines have most of."""
    beginning = "".join(lines[:5])
    return max(",;\t", key=beginning.count)
