from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import Malformed
from ninethirty.core.rota import Shift, check_rota, on_duty
from tests.core.made import at

EARLY = Shift("person-1", at(-100), at(0), "person-2")
LATE = Shift("person-3", at(0), at(100), "person-1")
ROTA = (LATE, EARLY)


def test_a_shift_lasts_until_just_before_the_next_begins() -> None:
    check_rota(ROTA)
    assert on_duty(ROTA, at(-1e-6)) == EARLY
    assert on_duty(ROTA, at(0)) == LATE
    assert on_duty(ROTA, at(100)) is None
    assert on_duty((), at(0)) is None


@given(
    st.lists(st.integers(-100, 100), min_size=2, max_size=9, unique=True), st.integers(-110, 110)
)
def test_of_a_rota_that_is_taken_at_most_one_shift_is_on_duty(ends: list[int], when: int) -> None:
    ends.sort()
    rota = [Shift(f"p{n}", at(a), at(b), "q") for n, (a, b) in enumerate(pairwise(ends))]
    check_rota(rota[::-1])
    on = [shift for shift in rota if shift.since <= at(when) < shift.until]
    assert on == ([found] if (found := on_duty(rota, at(when))) else [])


@pytest.mark.parametrize(
    ("shift", "why"),
    [
        (Shift("person-9", at(100), at(100), "person-2"), r"on_call\[2\]: expected an end after"),
        (Shift("person-9", at(100), at(200), "person-9"), r"\[2\]: person-9 cannot be their own"),
        (Shift("person-9", at(99), at(200), "person-2"), "person-9 begins at .*while person-3 is"),
    ],
)
def test_a_rota_that_leaves_it_open_whom_to_page_is_refused(shift: Shift, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        check_rota((*ROTA, shift))
