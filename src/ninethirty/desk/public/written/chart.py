"""A chart as a producer asks for it, and the numbers of the CSV file it is drawn from.

```chart
csv: growth.csv
columns: Quarter, Output, Prices
kind: line
title: Output grew faster than prices
description: Both lines rise from 2024; output by 3.1%, prices by 2.2%.
unit: %
```

The first column is what the others are told for: a quarter, a region.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise

from ninethirty.core.errors import BundleRefused
from ninethirty.desk.public.rows import bytes_for, first_rows

MOST_ROWS = 500
MOST_BARS = 40
MOST_SERIES = 4
"""More lines than that nobody tells apart."""

_NEEDED = ("csv", "columns", "kind", "title", "description")
_MISSING = re.compile(r"|\[\w{1,3}\]|[-:.]{1,2}|\N{EN DASH}")
"""Left empty, or one of the marks that tables of statistics use, such as [x] and [c]."""


class Kind(StrEnum):
    LINE = "line"
    BAR = "bar"


@dataclass(frozen=True)
class Series:
    name: str
    values: tuple[Decimal | None, ...]
    """None: there is no number, and the table says why."""


@dataclass(frozen=True)
class Chart:
    """cells: the rows as the file has them, for the table beside the drawing."""

    kind: Kind
    title: str
    description: str
    unit: str
    across: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    cells: tuple[tuple[str, ...], ...]
    csv: str

    def numbers(self) -> list[Decimal]:
        """All that there are, whichever series they are of."""
        return [value for one in self.series for value in one.values if value is not None]


def read_chart(asked: str, read: Callable[[str], bytes]) -> Chart:
    """asked: the lines of the block. read: the bytes of a file of the folder, by name.

    Raises:
        BundleRefused: what is missing or cannot be read, in words that begin after "the chart".
    """
    told = _lines(asked)
    name = told["csv"]
    wanted = _columns(told["columns"])
    header, *rows = _table(name, read)
    places = [_place(column, header, name) for column in wanted]
    for at, row in enumerate(rows, start=2):
        if len(row) <= max(places):
            raise BundleRefused(
                f"{name}, row {at}: expected {len(header)} cells as in its first row, found "
                f"{len(row)}"
            )
    kind = _kind(told["kind"])
    if kind is Kind.BAR and len(rows) > MOST_BARS:
        raise BundleRefused(
            f"{name}: expected at most {MOST_BARS} rows for bars, found {len(rows)}; draw a line, "
            "or a file with fewer rows"
        )
    across, *others = places
    return Chart(
        kind=kind,
        title=told["title"],
        description=told["description"],
        unit=told.get("unit", ""),
        across=wanted[0],
        labels=tuple(row[across].strip() for row in rows),
        series=tuple(_series(header[place].strip(), place, rows, name) for place in others),
        cells=tuple(tuple(row[place].strip() for place in places) for row in rows),
        csv=name,
    )


def positions(labels: Sequence[str]) -> list[Decimal]:
    """Where each label stands on its axis: years and dates as far apart as they are, others one
    step after the other."""
    for as_number in (_year, _day):
        found = [as_number(label) for label in labels]
        numbers = [number for number in found if number is not None]
        if len(numbers) == len(labels) and all(one < other for one, other in pairwise(numbers)):
            return [Decimal(number) for number in numbers]
    return [Decimal(at) for at in range(len(labels))]


def _lines(asked: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for line in filter(str.strip, asked.splitlines()):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or key not in (*_NEEDED, "unit") or not value:
            raise BundleRefused(
                f"expected lines such as “title: Growth by quarter” with {', '.join(_NEEDED)} and, "
                f"if there is one, unit; found {line.strip()!r}"
            )
        if key in told:
            raise BundleRefused(f"says {key} twice")
        told[key] = value
    for key in _NEEDED:
        if key not in told:
            raise BundleRefused(f"does not say its {key}")
    return told


def _columns(value: str) -> list[str]:
    columns = [name.strip() for name in next(csv.reader([value], skipinitialspace=True))]
    if not 2 <= len(columns) <= MOST_SERIES + 1:
        raise BundleRefused(
            f"expected from 2 to {MOST_SERIES + 1} columns, the first of them for the axis; found "
            f"{len(columns)}"
        )
    return columns


def _kind(value: str) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise BundleRefused(f"expected the kind line or bar, found {value!r}") from None


def _table(name: str, read: Callable[[str], bytes]) -> tuple[tuple[str, ...], ...]:
    try:
        data = read(name)
    except KeyError:
        raise BundleRefused(f"names {name}, which is not in the folder") from None
    try:
        found = first_rows(data[: bytes_for(MOST_ROWS + 1)], MOST_ROWS + 1)
    except BundleRefused as wrong:
        raise BundleRefused(f"{name}: {wrong}") from wrong
    if found.more:
        raise BundleRefused(
            f"{name}: has more than {MOST_ROWS} rows, which nobody can read as a chart with its "
            "table; draw a smaller file"
        )
    if len(found.rows) < 2:
        raise BundleRefused(f"{name}: expected a row of names and rows of numbers below it")
    return found.rows


def _place(column: str, header: tuple[str, ...], name: str) -> int:
    names = [cell.strip() for cell in header]
    if column not in names:
        raise BundleRefused(f"{name}: has no column {column!r}; it has {', '.join(names[:12])}")
    return names.index(column)


def _series(name: str, place: int, rows: list[tuple[str, ...]], file: str) -> Series:
    values = tuple(
        _number(row[place].strip(), f"{file}, row {at}, column {name!r}")
        for at, row in enumerate(rows, start=2)
    )
    if all(value is None for value in values):
        raise BundleRefused(f"{file}: the column {name!r} has no number")
    return Series(name, values)


def _number(cell: str, where: str) -> Decimal | None:
    if _MISSING.fullmatch(cell):
        return None
    plain = cell.replace(",", "").replace("\N{MINUS SIGN}", "-").removesuffix("%").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 18:
        raise BundleRefused(
            f"{where}: expected a number, found {cell[:40]!r}; leave the cell empty, or write a "
            "mark such as [x], where there is none"
        )
    return number


def _year(label: str) -> int | None:
    return int(label) if re.fullmatch(r"[12][0-9]{3}", label) else None


def _day(label: str) -> int | None:
    try:
        return date.fromisoformat(f"{label}-01" if len(label) == 7 else label).toordinal()
    except ValueError:
        return None
