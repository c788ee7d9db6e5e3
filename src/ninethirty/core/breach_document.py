"""The breach record as JSON and back: the same shape whether read, entered or drafted."""

from datetime import date
from typing import Any

from ninethirty.core.breach import (
    REPORT_FIELDS,
    Bound,
    Event,
    Field,
    Gap,
    Moment,
    Planned,
    Report,
    Said,
)
from ninethirty.core.document import Json
from ninethirty.core.errors import Malformed
from ninethirty.core.forms import form_named
from ninethirty.core.practices import Breach

SEVERAL = frozenset(
    {
        "links",
        "practices",
        "occurred",
        "leave",
        "circumstances",
        "access",
        "cause",
        "earlier",
        "impact",
        "actions",
    }
)
"""Fields that are lists."""
_DAYS = ("report_date", "occurred")
_MAY_LACK = ("kind", "head_name", "head_email", "head_telephone")


def as_document(report: Report) -> Json:
    """What its form does not ask for is null; `words` stands only where it differs from `value`."""
    document: Json = {
        "form": report.form,
        "reference": report.reference,
        "version": report.version,
        "reason": report.reason,
    }
    for name in REPORT_FIELDS:
        value = getattr(report, name)
        document[name] = [_field(one) for one in value] if name in SEVERAL else _field(value)
    document["planned"] = [
        {"what": _field(one.what), "owner": _field(one.owner), "due": _field(one.due)}
        for one in report.planned
    ]
    document["moments"] = [_moment(moment) for moment in report.moments]
    document["submitted"] = report.submitted
    return document


def _field(value: Field | None) -> Json | None:
    if value is None:
        return None
    if isinstance(value, Gap):
        return {"gap": value.asks}
    document: Json = {"value": value.value}
    if value.words and (value.words != value.value or value.facts):
        document["words"] = value.words
    if value.facts:
        document["facts"] = list(value.facts)
    if value.doubt:
        document["doubt"] = value.doubt
    return document


def _moment(moment: Moment) -> Json:
    document: Json = {
        "when": moment.when,
        "bound": str(moment.bound),
        "event": str(moment.event),
        "words": moment.words,
    }
    if moment.facts:
        document["facts"] = list(moment.facts)
    if moment.after:
        document["after"] = moment.after
    return document


def from_document(document: Json) -> Report:
    """Raises Malformed: names the part that is not as it should be."""
    try:
        held: dict[str, Any] = {}
        for name in REPORT_FIELDS:
            value = document[name]
            if name in SEVERAL:
                held[name] = tuple(_read(one, name) for one in value)
            elif value is not None or name not in _MAY_LACK:
                held[name] = _read(value, name)
        return Report(
            form=form_named(document["form"]).name,
            reference=_text(document["reference"]),
            version=int(document["version"]),
            reason=_text(document["reason"]),
            planned=tuple(
                Planned(*(_read(one[part], "planned") for part in ("what", "owner", "due")))
                for one in document["planned"]
            ),
            moments=tuple(_read_moment(one) for one in document["moments"]),
            submitted=_text(document["submitted"]),
            **held,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Malformed(f"no breach report: {wrong!r} is missing or not as it should be") from wrong


def _read(document: Json, name: str) -> Field:
    if set(document) == {"gap"}:
        return Gap(_text(document["gap"]))
    if unknown := set(document) - {"value", "words", "facts", "doubt"}:
        raise ValueError(f"{name}: {', '.join(sorted(unknown))}")
    value = _text(document["value"])
    if name in _DAYS:
        date.fromisoformat(value)
    if name == "kind":
        Breach(value)
    return Said(
        value,
        words=_text(document.get("words", "")),
        facts=_numbers(document.get("facts", ())),
        doubt=_text(document.get("doubt", "")),
    )


def _read_moment(document: Json) -> Moment:
    return Moment(
        _text(document["when"]),
        Bound(document["bound"]),
        Event(document["event"]),
        _text(document["words"]),
        _numbers(document.get("facts", ())),
        _text(document.get("after", "")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _numbers(value: Any) -> tuple[int, ...]:
    numbers = tuple(value)
    if not all(isinstance(number, int) for number in numbers):
        raise TypeError(value)
    return numbers
