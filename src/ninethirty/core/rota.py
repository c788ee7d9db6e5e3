"""Who is on call, as data: shifts that follow each other, each with a deputy."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ninethirty.core.errors import Malformed
from ninethirty.core.times import Instant


@dataclass(frozen=True)
class Shift:
    """From `since` until just before `until`. who, deputy: ids of two people."""

    who: str
    since: Instant
    until: Instant
    deputy: str


def on_duty(rota: Sequence[Shift], at: Instant) -> Shift | None:
    """None: nobody is on call then."""
    return next((shift for shift in rota if shift.since <= at < shift.until), None)


def check_rota(rota: Sequence[Shift]) -> None:
    """Raises Malformed: a shift that ends before it begins, has one person twice, or begins while
    another lasts, so that nobody could say whom to page."""
    for place, shift in enumerate(rota):
        if shift.until <= shift.since:
            raise Malformed(f"on_call[{place}]: expected an end after {shift.since.text()}")
        if shift.who == shift.deputy:
            raise Malformed(f"on_call[{place}]: {shift.who} cannot be their own deputy")
    for earlier, later in pairwise(sorted(rota, key=lambda shift: shift.since)):
        if later.since < earlier.until:
            raise Malformed(
                f"on_call: {later.who} begins at {later.since.text()}, while {earlier.who} is on "
                f"call until {earlier.until.text()}; end one where the next begins"
            )
