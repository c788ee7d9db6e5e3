"""Where the marks of an axis stand, and what is written beside them."""

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


def low_end(low: Decimal, high: Decimal, *, from_zero: bool) -> Decimal:
    """Where an axis begins: at zero, unless that would flatten the whole line.

    from_zero: of bars, whose length is what readers compare.
    """
    return low if low < 0 or (not from_zero and low * 2 > high) else Decimal(0)


def told(number: Decimal, places: int) -> str:
    """With thousands apart and a real minus sign."""
    return f"{number:,.{places}f}".replace("-", "\N{MINUS SIGN}")


def places(number: Decimal) -> int:
    """How many decimal places it needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))
