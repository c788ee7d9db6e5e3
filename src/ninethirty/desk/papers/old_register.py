"""Read a register that somebody kept as a table: a CSV file with a row for each report.

Columns that must be there: nn (its number), title, producer. Known besides: form, report_date,
occurrence_date (ISO days), practice, kind, cause, channel (the platform), scheduled_local,
public_or_sent_local, delay_minutes, fallback, statement_link, url. Others are left alone. What a
row does not say stays open in the record; words that name no practice or kind are not guessed at.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ninethirty.core.breach import Bound, Event, Field, Gap, Moment, Report, Said
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.forms import FORMS, form_on
from ninethirty.core.practices import Breach

NEEDED = ("nn", "title", "producer")
MOST = 200_000

_KINDS = {
    "early_public": Breach.EARLY,
    "early_pra": Breach.ACCESS_TOO_LONG,
    "unpublished_quoted": Breach.QUOTED,
}
"""Names that other registers give to kinds of ours."""

_PRACTICE = re.compile(r"\b([TQV]\d\.\d{1,2})\b|\bProtocol (\d)(?:\.| Practice )(\d{1,2})\b")
_OPEN = "not told by the register this was taken from"


@dataclass(frozen=True)
class Row:
    """number: as the register counts it. url: where it keeps the report."""

    number: str
    report: Report
    platform: str
    cause: str
    url: str


def read_register(file: Path) -> list[Row]:
    """Raises FormUnreadable: names the line and what is expected there; nothing is given back."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return list(_rows(file, csv.DictReader(lines, strict=True)))
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise FormUnreadable(f"{file}: not a CSV file in UTF-8: {wrong}") from wrong


def _rows(file: Path, table: "csv.DictReader[str]") -> Iterator[Row]:
    missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
    if missing:
        raise FormUnreadable(f"{file}: the first line names no column {', '.join(missing)}")
    numbers: set[str] = set()
    for row in table:
        where = f"{file}, line {table.line_num}"
        told = {name: (value or "").strip() for name, value in row.items() if name}
        if None in row or any(value is None for value in row.values()):
            raise FormUnreadable(f"{where}: not as many cells as the first line has")
        for name in NEEDED:
            if not told[name]:
                raise FormUnreadable(f"{where}: {name} is empty")
        if told["nn"] in numbers or not re.fullmatch(r"[0-9]{1,9}", told["nn"]):
            raise FormUnreadable(f"{where}: nn is a number of its own, found {told['nn']!r}")
        if len(numbers) == MOST:
            raise FormUnreadable(f"{where}: more than {MOST:,} rows")
        numbers.add(told["nn"])
        try:
            yield _row(told)
        except ValueError as wrong:
            raise FormUnreadable(f"{where}: {wrong}") from wrong


def _row(told: Mapping[str, str]) -> Row:
    kind = told.get("kind", "")
    known = _KINDS.get(kind) or (Breach(kind) if kind in list(Breach) else None)
    if kind and known is None:
        raise ValueError(f"kind: expected one of {', '.join([*Breach, *_KINDS])}, found {kind!r}")
    reported = _day("report_date", told)
    report = Report(
        form=_form(told.get("form", ""), reported),
        kind=Said(str(known), words=kind) if known else None,
        title=Said(told["title"]),
        producer=Said(told["producer"]),
        links=(),
        contact_name=Gap(_OPEN),
        contact_email=Gap(_OPEN),
        contact_telephone=Gap(_OPEN),
        statement=_said(told.get("statement_link", "")),
        report_date=_said(reported.isoformat() if reported else ""),
        practices=_practices(told.get("practice", "")),
        occurred=_occurred(told),
        circumstances=(Gap(_OPEN),),
        impact=(Gap(_OPEN),),
        actions=(Gap(_OPEN),),
        moments=tuple(_moments(told)),
    )
    return Row(
        told["nn"],
        report,
        told.get("channel", ""),
        told.get("cause", "")[:60],
        told.get("url", ""),
    )


def _form(name: str, reported: date | None) -> str:
    year = name.partition("-")[0]
    if year in [form.name for form in FORMS]:
        return year
    return (form_on(reported) if reported else FORMS[-1]).name


def _day(name: str, told: Mapping[str, str]) -> date | None:
    """A whole day; a month or a year alone says too little, and is left open."""
    text = told.get(name, "")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(f"{name}: {text} is no day") from wrong


def _occurred(told: Mapping[str, str]) -> tuple[Field, ...]:
    day = _day("occurrence_date", told)
    return (Said(day.isoformat(), words=told.get("occurrence_date", "")),) if day else (Gap(_OPEN),)


def _practices(text: str) -> tuple[Field, ...]:
    found = [one or f"Protocol {n}.{m}" for one, n, m in _PRACTICE.findall(text)]
    codes = tuple(Said(code, words=text) for code in dict.fromkeys(found))
    return codes or ((Gap(f"which practice is meant by {text!r}"),) if text else ())


def _moments(told: Mapping[str, str]) -> Iterator[Moment]:
    for name, event in (
        ("scheduled_local", Event.PROMISED),
        ("public_or_sent_local", Event.ANNOUNCED_PUBLIC),
    ):
        text = told.get(name, "")
        # Only a kind that is about lateness says that what was sent became public.
        if event is Event.ANNOUNCED_PUBLIC and told.get("kind") != Breach.LATE:
            continue
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", text):
            datetime.fromisoformat(text)
            yield Moment(text, Bound.AT, event, text)


def _said(text: str) -> Field:
    return Said(text) if text else Gap(_OPEN)
