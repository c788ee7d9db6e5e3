"""Where promises made elsewhere are read from: GOV.UK itself, or files."""

from collections.abc import Collection, Iterator
from pathlib import Path

from ninethirty.core.times import at_local
from ninethirty.desk.outside.calendars import govuk
from ninethirty.desk.outside.calendars.ask import Asker
from ninethirty.desk.outside.calendars.found import Found, Odd
from ninethirty.desk.outside.calendars.ical import read_calendar
from ninethirty.desk.outside.calendars.table import read_table
from ninethirty.desk.setup import setup

LARGEST = 50_000_000
"""Bytes of a file."""


def ask_govuk(site: str, contact: str, allowed: Collection[str]) -> Iterator[Found | Odd]:
    """What is promised from today on. Raises CannotStart, OutsideFailed."""
    site = site.rstrip("/")
    today = at_local(setup().clock().now(), govuk.ZONE).date()
    yield from govuk.fetch(Asker(site, contact, allowed), site, today)


def read_files(files: Collection[Path]) -> Iterator[Found | Odd]:
    for file in files:
        yield from _read(file)


def _read(file: Path) -> Iterator[Found | Odd]:
    if file.stat().st_size > LARGEST:
        yield Odd(str(file), f"is larger than {LARGEST // 1_000_000} MB")
        return
    zone = setup().promises.usual.zone
    content = file.read_bytes()
    match file.suffix.lower():
        case ".ics":
            yield from read_calendar(content, file.name, zone)
        case ".csv":
            yield from read_table(content, file.name, zone)
        case ".json":
            yield from govuk.read_file(content, file.name)
        case _:
            yield Odd(file.name, "expected a name that ends in .ics, .csv or .json")
