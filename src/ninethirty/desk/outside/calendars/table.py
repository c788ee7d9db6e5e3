"""Announcements in a CSV file: title and when; id, address, summary, state and reason if known."""

import csv
import io
from collections.abc import Iterator

from ninethirty.core.announcement import Provisional
from ninethirty.core.errors import NinethirtyError
from ninethirty.core.times import WallTime
from ninethirty.desk.outside.calendars.found import Found, Odd, Unread

NAME = "csv"

COLUMNS = ("title", "when", "id", "address", "summary", "state", "reason")
_NEEDED = COLUMNS[:2]


def read_table(content: bytes, name: str, zone: str) -> Iterator[Found | Odd]:
    """when: "2026-12-01 09:30", with or without a zone, "2026-12", "2026-12-07 to 2026-12-18".
    zone: of what names none. id: the name of the line for ever; else its address, else its title.
    state: cancelled, or nothing."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        yield Odd(name, f"is not UTF-8 at byte {wrong.start}; save it as CSV UTF-8")
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [column.strip().lower() for column in next(rows, [])]
        missing = [column for column in _NEEDED if column not in head]
        if missing or len(set(head)) < len(head):
            yield Odd(f"{name}, line 1", f"expected the columns {', '.join(COLUMNS)}, each once")
            return
        for row in rows:
            where = f"{name}, line {rows.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            try:
                yield _read(head, row, zone)
            except (Unread, NinethirtyError) as wrong:
                yield Odd(where, str(wrong))
    except csv.Error as wrong:
        yield Odd(f"{name}, line {rows.line_num}", f"is no CSV, or was cut off: {wrong}")


def _read(head: list[str], row: list[str], zone: str) -> Found:
    if len(row) != len(head):
        raise Unread(f"expected {len(head)} cells, found {len(row)}")
    told = {column: cell.strip() for column, cell in zip(head, row, strict=True)}
    state = told.get("state", "").lower()
    if state not in ("", "provisional", "confirmed", "cancelled"):
        raise Unread(f"state: expected provisional, confirmed, cancelled, found {state[:40]!r}")
    name = told.get("id") or told.get("address") or told["title"]
    if not name:
        raise Unread("title: is empty")
    return Found(
        source=f"{NAME} {name}",
        title=told["title"],
        when=_when(told["when"], zone),
        address=told.get("address", ""),
        summary=told.get("summary", ""),
        is_cancelled=state == "cancelled",
        reason=told.get("reason", ""),
    )


def _when(text: str, zone: str) -> WallTime | Provisional:
    """Raises TimeError, which names it."""
    if ":" not in text:
        return Provisional.parse(text)
    when = WallTime.parse(text if len(text.split()) != 2 else f"{text} {zone}")
    when.resolve()
    return when
