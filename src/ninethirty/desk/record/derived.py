"""What the columns of a release's row must say, going by its facts."""

from collections.abc import Sequence

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import is_over, stage


def derived(facts: Sequence[Fact]) -> dict[str, object]:
    """Column -> value. What no fact tells yet is left out."""
    columns: dict[str, object] = {"stage": str(stage(facts)), "closed": is_over(facts)}
    for fact in facts:
        match fact.kind:
            case Kind.ANNOUNCED:
                columns["opens"] = fact.details.get("opens")
            case Kind.RESCHEDULED:
                columns |= {"opens": fact.details.get("opens"), "seal": ""}
            case Kind.STAGED:
                columns["seal"] = ""
            case Kind.SEALED:
                columns["seal"] = fact.details.get("seal")
    return {column: value for column, value in columns.items() if value is not None}
