"""Links of the chain that `--break` breaks, one at a time, from outside the product."""

from enum import StrEnum
from pathlib import Path


class Break(StrEnum):
    """Each with what it says to people."""

    says: str

    def __new__(cls, value: str, says: str) -> "Break":
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    EARLY_BYTE = "early-byte", "The gate's machine has a clock that is some seconds fast."
    ALTERNATE_WRONG = "alternate-wrong", "A disk of the gate loses what it was given."
    DOUBLED_POST = "doubled-post", "A network makes two posts of one."
    SILENT_HELP_DESK = (
        "silent-help-desk",
        "The platform's help desk takes the call and never answers.",
    )
    NO_RECOVERY = "no-recovery", "The platform keeps its placeholder for ever."
    REPORT_GAP = "report-gap", "Nobody told the desk whom a reader of the report may ask."


def spoil(store: Path, name: str) -> None:
    """Overwrite one object in a gate's store, keeping its size."""
    place = store / "objects" / name[:2] / name
    place.write_bytes(bytes(place.stat().st_size))
