"""Days with everything that can go wrong going wrong. A day that fails prints its seed; `Day(seed)`
is that day again. bench/runner.py runs a hundred thousand of them.
"""

import pytest

from ninethirty.core.facts import Fact
from tests.simulation.day import RELEASE, Day
from tests.simulation.invariants import broken


def told(day: Day) -> list[str]:
    return [
        f"{fact.n} {(fact.recorded - fact.recorded.replace(hour=9, minute=30)).total_seconds()} "
        f"{fact.kind} {fact.actor} {fact.details}"
        for fact in day.record.facts_of(RELEASE)
    ]


@pytest.mark.parametrize("first", range(0, 400, 20))
def test_whatever_goes_wrong_nothing_is_lost_doubled_or_left_unpaged(first: int) -> None:
    for seed in range(first, first + 20):
        day = Day(seed, hashed=seed % 20 == 0).run()
        assert broken(day) == [], f"seed {seed} ({day.kind}):\n" + "\n".join(told(day))


def test_a_seed_gives_the_same_day_every_time() -> None:
    def facts(seed: int) -> list[Fact]:
        return Day(seed).run().record.facts_of(RELEASE)

    assert facts(7) == facts(7)
    assert facts(7) != facts(8)
