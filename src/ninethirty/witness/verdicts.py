"""A verdict as a document, and the status a command ends with."""

from dataclasses import fields, is_dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from ninethirty.core.document import Json
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Call, Verdict

STATUS = {
    Call.ON_TIME: 0,
    Call.RECOVERED: 10,
    Call.LATE_PROVISIONAL: 10,
    Call.LATE: 10,
    Call.EARLY: 11,
    Call.PARTIAL: 12,
    Call.WRONG: 13,
    Call.WAITING: 14,
    Call.UNKNOWN: 14,
}
"""What has recovered was late."""

FAILURES = {Call.EARLY, Call.LATE, Call.PARTIAL, Call.WRONG}
"""Confirmed: a person must know."""


def verdict_document(verdict: Verdict) -> Json:
    found: Json = _plain(verdict)
    return found


def _plain(value: Any) -> Any:
    match value:
        case Instant():
            return value.text()
        case timedelta():
            return value // timedelta(milliseconds=1)
        case Enum():
            return str(value)
        case tuple() | list() | frozenset() | set():
            items = [_plain(item) for item in value]
            return sorted(items) if isinstance(value, frozenset | set) else items
        case dict():
            return {str(name): _plain(item) for name, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        case _:
            return value
