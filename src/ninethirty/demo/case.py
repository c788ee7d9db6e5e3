"""What happened on 8 March 2018, as the report of the breach tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ninethirty.core.breach import Bound, Event, Moment, Report
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.times import WallTime
from ninethirty.desk.papers.form import read_form

ZONE = "Europe/London"


@dataclass(frozen=True)
class Case:
    """The promise, and when each thing happened, in the words of a table: "09:57"."""

    promised: WallTime
    then: Mapping[Event, str]
    reported: str


KNOWN = Case(
    promised=WallTime.parse(f"2018-03-08 09:30 {ZONE}"),
    then={
        Event.ALTERNATE_PUBLIC: "09:57",
        Event.USERS_TOLD: "09:57",
        Event.TICKET_RAISED: "10:08",
        Event.ANNOUNCED_PUBLIC: "before 11:00",
        Event.CAUSE_STATED: "13:49",
        Event.FIX_REPORTED: "12 March",
    },
    reported="13 March",
)


def read_case(form: Path) -> Case:
    """The same, read from a filled form.

    Raises:
        FormUnreadable: not such a form, or the promise cannot be read from it.
    """
    try:
        report = read_form(form.read_text())
    except (OSError, UnicodeDecodeError) as wrong:
        raise FormUnreadable(f"{form}: {wrong}") from wrong
    promise = _first(report, Event.PROMISED)
    if promise is None or "T" not in promise.when:
        raise FormUnreadable(f"{form}: it does not say for what time the release was promised")
    return Case(
        promised=WallTime(datetime.fromisoformat(promise.when), ZONE),
        then={
            event: _words(moment)
            for event in Event
            if event is not Event.PROMISED and (moment := _first(report, event))
        },
        reported=_day(getattr(report.report_date, "value", "")),
    )


def _first(report: Report, event: Event) -> Moment | None:
    """The moment of that event; an exact one before a bound."""
    found = [moment for moment in report.moments if moment.event is event]
    return min(found, key=lambda moment: (moment.bound is not Bound.AT, moment.when), default=None)


def _words(moment: Moment) -> str:
    day, _, clock = moment.when.partition("T")
    return ("" if moment.bound is Bound.AT else f"{moment.bound} ") + (clock or _day(day))


def _day(iso: str) -> str:
    return f"{datetime.fromisoformat(iso):%-d %B}" if iso else "not said"
