"""Where the marks of an axis stand, and what is written beside them."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_STEPS = (1, 2, 5, 10)


def ticks(low: Decimal, high: Decimal, about: int = 5) -> list[Decimal]:
    """Round numbers, evenly apart, the first not above `low` and the last not below `high`."""
    span = high - low or abs(high) or Decimal(1)
    unit = Decimal(1).scaleb((span / about).adjusted())
    step = next(unit * times for times in _STEPS if unit * times * about >= span)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return [step * n for n in range(int(first), int(last) + 1)]


def ends(low: Decimal, high: Decimal, *, from_zero: bool) -> tuple[Decimal, Decimal]:
    """What an axis has to hold: zero too, unless that would flatten the whole line.

    from_zero: of bars, whose length is what readers compare.
    """
    if low > 0 and (from_zero or low * 2 <= high):
        return Decimal(0), high
    if high < 0 and (from_zero or high * 2 >= low):
        return low, Decimal(0)
    return low, high


def told(number: Decimal, places: int) -> str:
    """With thousands apart and a real minus sign."""
    return f"{number:,.{places}f}".replace("-", "\N{MINUS SIGN}")


def places(number: Decimal) -> int:
    """How many decimal places it needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))


class Scale:
    """Numbers along one axis: its first tick stands at `start`, its last at `end`."""

    def __init__(self, numbers: Iterable[Decimal], *, from_zero: bool) -> None:
        known = list(numbers)
        self.ticks = ticks(*ends(min(known), max(known), from_zero=from_zero))
        self._places = max(places(tick) for tick in self.ticks)
        self.start = self.end = 0

    def has_zero(self) -> bool:
        return self.ticks[0] <= 0 <= self.ticks[-1]

    def label(self, tick: Decimal) -> str:
        return told(tick, self._places)

    def longest(self) -> int:
        return max(len(self.label(tick)) for tick in self.ticks)

    def at(self, number: Decimal) -> Decimal:
        first, last = self.ticks[0], self.ticks[-1]
        return self.start + (number - first) / (last - first) * (self.end - self.start)
