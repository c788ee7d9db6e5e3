"""How often a process may ask one host."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.witness.budget import A_SECOND, INCIDENT_A_SECOND, Budget, share_of

BURSTS = st.lists(st.tuples(st.floats(0, 5), st.integers(1, 40)), min_size=1, max_size=10)
WISHES = BURSTS.map(lambda bursts: sorted(at for at, many in bursts for _ in range(many)))


def busiest(turns: list[float]) -> int:
    return max(sum(at <= other < at + 1 - 1e-9 for other in turns) for at in turns)


@given(WISHES)
def test_never_more_than_twelve_in_any_second_and_nobody_before_they_asked(
    wishes: list[float],
) -> None:
    budget = Budget()
    turns = [budget.turn("www.x.test", wish) for wish in wishes]
    assert busiest(turns) <= A_SECOND
    assert all(turn >= wish for turn, wish in zip(turns, wishes, strict=True))


@given(WISHES)
def test_an_incident_is_asked_about_twice_a_second_at_most(wishes: list[float]) -> None:
    budget = Budget()
    turns = [budget.turn("www.x.test", wish, "prices") for wish in wishes]
    assert busiest(turns) <= INCIDENT_A_SECOND


def test_each_host_has_a_budget_of_its_own() -> None:
    budget = Budget()
    assert [budget.turn(f"{n}.x.test", 0.0) for n in range(50)] == [0.0] * 50


def test_a_host_that_allows_more_is_asked_more() -> None:
    budget = Budget(lifted={"ours.test": 2000.0})
    turns = [budget.turn("ours.test", 0.0) for _ in range(2000)]
    assert 0.9 < max(turns) <= 1.01


def test_when_many_share_an_instant_turns_are_dealt_round_evenly() -> None:
    budget = Budget()
    turns = [budget.turn("www.x.test", 0.0) for _ in range(100)]
    apart = [b - a for a, b in pairwise(turns[4:])]
    assert max(apart) - min(apart) < 1e-6


@pytest.mark.parametrize("witnesses", [1, 3, 5])
def test_witnesses_that_are_processes_of_their_own_share_a_hosts_budget(witnesses: int) -> None:
    shares = [share_of(witnesses) for _ in range(witnesses)]
    turns = sorted(share.turn("h", 0.0) for share in shares for _ in range(1000))
    in_a_minute = sum(turn < 60 for turn in turns)
    assert 0.6 * 720 <= in_a_minute <= 720 + 12
    incident = sorted(share.turn("i", 0.0, "release") for share in shares for _ in range(200))
    assert sum(turn < 60 for turn in incident) <= 120 + witnesses
