"""One measured number, and the bar it must reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    what: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def bar(self) -> str:
        if self.least is not None:
            return f">= {self.least:,}"
        return "" if self.most is None else f"<= {self.most:,}"

    @property
    def reached(self) -> bool:
        return (self.least is None or self.value >= self.least) and (
            self.most is None or self.value <= self.most
        )


def barred(
    found: Mapping[str, float],
    least: Mapping[str, float] | None = None,
    most: Mapping[str, float] | None = None,
) -> list[Figure]:
    """Figures by name, with the bar of each whose name begins so."""

    def bar(what: str, bars: Mapping[str, float] | None) -> float | None:
        return next((v for begins, v in (bars or {}).items() if what.startswith(begins)), None)

    return [Figure(what, v, bar(what, least), bar(what, most)) for what, v in found.items()]


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of all (0 to 1) do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
