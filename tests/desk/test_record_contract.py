"""What a runner relies on, of the record in memory as of those on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Any

import pytest

from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.record import facts as real
from ninethirty.desk.record.facts import New
from tests.core.made import at
from tests.desk.setting import Desk
from tests.simulation.memory import Memory

A, B = "release/a", "release/b"


@pytest.fixture(params=["real", "memory"])
def record(request: pytest.FixtureRequest, desk: Desk) -> Any:
    return real if request.param == "real" else Memory()


def write(record: Any, *news: New, recorded: float = 1) -> list[Fact]:
    written: list[Fact] = record.append_all(list(news), actor="runner-1", recorded=at(recorded))
    return written


def refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except AlreadyHappened:
        return True
    return False


def test_what_is_written_is_read_back_in_order(record: Any) -> None:
    told = {"step": "tell", "attempt": 1}
    first = write(record, New(A, Kind.STEP_CLAIMED, at(1), "k", told))
    more = write(
        record, New(A, Kind.LATE, at(2)), New(B, Kind.LATE, at(2)), New(A, Kind.EARLY, at(3))
    )
    assert record.facts_of(A) == [*first, more[0], more[2]]
    assert [fact.n for fact in record.facts_of(A)] == [1, 2, 3]
    assert [fact.key for fact in record.facts_of(A)] == ["k", f"{A}#2", f"{A}#3"]
    assert record.facts_of(B) == [more[1]]
    assert record.facts_of("release/nothing") == []


def test_a_key_can_be_written_once_on_whatever_subject(record: Any) -> None:
    write(record, New(A, Kind.LATE, at(1), "k"))
    assert refused(lambda: write(record, New(A, Kind.LATE, at(1), "k")))
    assert refused(lambda: write(record, New(B, Kind.LATE, at(1), "k")))
    assert len(record.facts_of(A)) == 1
    assert record.facts_of(B) == []


def test_all_is_written_or_nothing(record: Any) -> None:
    write(record, New(A, Kind.LATE, at(1), "k"))
    both = [New(B, Kind.LATE, at(1), "free"), New(A, Kind.LATE, at(1), "k")]
    assert refused(lambda: write(record, *both))
    assert refused(
        lambda: write(record, New(B, Kind.LATE, at(1), "x"), New(B, Kind.LATE, at(1), "x"))
    )
    assert record.facts_of(B) == []
    [written] = write(record, New(B, Kind.LATE, at(1), "free"))
    assert written.n == 1


def test_news_is_what_follows_the_number_one_knows(record: Any) -> None:
    write(record, New(A, Kind.LATE, at(1)), New(A, Kind.EARLY, at(2)), New(B, Kind.LATE, at(1)))
    news = record.facts_after({A: 1, B: 1, "release/nothing": 0})
    assert {subject: [fact.kind for fact in facts] for subject, facts in news.items()} == {
        A: [Kind.EARLY]
    }
    assert [fact.n for fact in record.facts_of(A, after=1)] == [2]


def test_the_chain_of_what_was_written_verifies(record: Any) -> None:
    for n in range(5):
        write(record, New(A, Kind.LATE, at(n)), recorded=n)
    assert record.check_chain(A) == 5
