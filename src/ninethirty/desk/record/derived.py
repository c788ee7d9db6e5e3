"""What a release's row and its rows in the calendar must say, going by its facts."""

from collections.abc import Sequence

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import is_over, stage
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.record.models import Promised


def derived(facts: Sequence[Fact]) -> dict[str, object]:
    """Column -> value. What no fact tells yet is left out."""
    columns: dict[str, object] = {"stage": str(stage(facts)), "closed": is_over(facts)}
    for fact in facts:
        match fact.kind:
            case Kind.PROVISIONAL:
                columns |= _told(fact, "series")
                columns |= {"opens": "", "provisional": fact.details.get("promised")}
            case Kind.ANNOUNCED:
                columns |= _told(fact, "opens", "series", "unscheduled")
                columns |= {"provisional": "", "leave": fact.details.get("leave", "")}
            case Kind.RESCHEDULED:
                columns |= _told(fact, "opens")
                columns |= {"leave": fact.details.get("leave", ""), "seal": ""}
            case Kind.STAGED:
                columns["seal"] = ""
            case Kind.SEALED:
                columns["seal"] = fact.details.get("seal")
    return {column: value for column, value in columns.items() if value is not None}


def _told(fact: Fact, *columns: str) -> dict[str, object]:
    """What an older version did not tell yet is left as it is."""
    return {column: fact.details[column] for column in columns if column in fact.details}


PROMISES = frozenset({Kind.PROVISIONAL, Kind.ANNOUNCED, Kind.RESCHEDULED})
"""Facts that promise a date."""


def promised(fact: Fact) -> Promised | None:
    """The row of the calendar that such a fact makes; a correction is not in the calendar."""
    told = fact.details
    text = told.get("promised" if fact.kind is Kind.PROVISIONAL else "opens")
    if fact.kind not in PROMISES or text is None or "corrects" in told:
        return None
    if fact.kind is Kind.PROVISIONAL:
        opens = None
    elif "instant" in told:
        opens = Instant.parse(told["instant"])
    else:  # version 0.1.0 did not tell it
        opens = WallTime.parse(text).resolve()
    return Promised(
        release=fact.subject,
        n=fact.n,
        promise=text,
        since=fact.recorded,
        month=text[: len("2026-12")],
        opens=opens,
        reason=told.get("reason_kept"),
    )
