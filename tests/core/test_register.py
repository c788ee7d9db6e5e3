from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.register import QUARTER, Run, Trend, densest, within

JULY = date(2017, 7, 1)


def test_three_in_three_months_are_seen() -> None:
    days = [JULY, JULY + timedelta(30), JULY + timedelta(89), JULY + timedelta(300)]
    assert densest(days) == Run(3, days[0], days[2])
    assert [within(days, day) for day in days] == [1, 2, 3, 1]
    assert within(days, JULY + timedelta(90)) == 2


def test_90_days_do_not_hold_two_that_are_90_days_apart() -> None:
    later = JULY + timedelta(90)
    assert densest([JULY, later]) == Run(1, later, later)


def test_no_breach_has_no_densest_time() -> None:
    assert densest([]) is None


def test_a_rate_is_of_releases_that_were_due() -> None:
    assert Trend(JULY, 2, 400).rate == 5
    assert Trend(JULY, 0, 400).rate == 0
    assert Trend(JULY, 2, 0).rate is None


@given(st.lists(st.dates(date(2020, 1, 1), date(2021, 1, 1)), min_size=1))
def test_no_90_days_hold_more_than_the_densest(days: list[date]) -> None:
    found = densest(days)
    assert found is not None
    assert found.count == max(within(days, day) for day in days)
    assert found.last - found.first < QUARTER
    assert sum(found.first <= day <= found.last for day in days) == found.count
