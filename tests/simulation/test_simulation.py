"""Days with everything that can go wrong going wrong. A day that fails prints its seed; `Day(seed)`
is that day again. bench/runner.py runs a hundred thousand of them.
"""

from itertools import pairwise

import pytest

from ninethirty.core.facts import Fact, Kind
from tests.simulation.day import Day
from tests.simulation.edition import DAYS, T
from tests.simulation.faults import PLANTS, Plant
from tests.simulation.invariants import broken

ENOUGH = 600
"""Days within which a planted fault must be found."""


def told(day: Day) -> str:
    return "\n".join(
        f"{edition.id} {fact.n} {(fact.recorded - T).total_seconds()} {fact.kind} {fact.actor} "
        f"{fact.details}"
        for edition in day.editions
        for fact in day.record.facts_of(edition.id)
    )


@pytest.mark.parametrize("first", range(0, 400, 20))
def test_whatever_goes_wrong_nothing_is_lost_doubled_or_left_unpaged(first: int) -> None:
    for seed in range(first, first + 20):
        day = Day(seed).run()
        assert broken(day) == [], f"seed {seed}:\n{told(day)}"


@pytest.mark.parametrize("seed", [201349])
def test_a_day_that_once_went_wrong_does_not_again(seed: int) -> None:
    assert broken(Day(seed).run()) == []


def test_a_seed_gives_the_same_day_every_time() -> None:
    def facts(seed: int) -> list[list[Fact]]:
        day = Day(seed).run()
        return [day.record.facts_of(edition.id) for edition in day.editions]

    assert facts(7) == facts(7)
    assert facts(7) != facts(8)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert any(broken(Day(seed).run()) for seed in range(ENOUGH)), f"not found in {ENOUGH} days"


def test_all_that_can_go_wrong_does() -> None:
    """Else the days above would show less than they seem to."""
    days = [Day(seed).run() for seed in range(200)]
    timelines = [day.record.facts_of(one.id) for day in days for one in day.editions]
    facts = [fact for timeline in timelines for fact in timeline]
    assert {one.kind for day in days for one in day.editions} == set(DAYS)
    assert {len(day.editions) for day in days} == {1, 2, 3}
    assert {Kind.STEP_FAILED, Kind.VETOED, Kind.VETO_LIFTED} <= {fact.kind for fact in facts}
    assert any(fact.details.get("perhaps") for fact in facts)
    assert any(fact.details.get("attempt", 0) > 2 for fact in facts)
    assert any(fact.details.get("alarm", "").startswith("stuck/") for fact in facts)
    assert max(day.names for day in days) > 10
    # Clocks differ, and are set.
    assert any(b.recorded < a.recorded for facts in timelines for a, b in pairwise(facts))
