"""What the platform is told, and what its answers are taken to say."""

import pytest

from ninethirty.core.cause import Cause
from ninethirty.core.facts import Kind
from ninethirty.core.times import Interval
from ninethirty.core.verdict import Call, Verdict
from ninethirty.desk.papers import plea
from ninethirty.desk.papers.answer import states
from ninethirty.standin.ticket import ACKNOWLEDGED, CAUSE, FIX
from tests.core.made import PLACEHOLDER, at, look, order

ALTERNATE = "http://statistics.example/statistics/gdp"


def ticket(cause: Cause) -> str:
    verdict = Verdict(
        Call.LATE, at(61), ("whole for 0 of 3 witnesses",), cause, Interval(at(1800), at(1830))
    )
    seen = [look("a", -5, PLACEHOLDER), look("a", 3, "failed"), look("b", 2, PLACEHOLDER)]
    seen += [look("a", 60, PLACEHOLDER, headers={"Age": "77", "Server": "x"})]
    return plea.body(
        order(),
        verdict,
        seen,
        zone="Europe/London",
        alternate=ALTERNATE,
        contact="statistics@office.example",
    )


@pytest.mark.parametrize("cause", list(Cause))
def test_a_ticket_says_what_is_wrong_and_what_is_asked_for(cause: Cause) -> None:
    said = ticket(cause)
    assert "Please" in said
    for told in ("https://example.org/gdp", "2026-12-01 09:30:00 GMT", ALTERNATE, "office.example"):
        assert told in said
    assert "between 10:00:00 and 10:00:30" in said


def test_a_ticket_shows_the_last_look_of_each_witness_since_the_promise() -> None:
    said = ticket(Cause.CACHED)
    assert said.count("  a, north, user") == said.count("  b, south, user") == 1
    assert f"{at(60).text()}, 200 placeholder, from 192.0.2.1; age: 77" in said
    assert "x-served" not in said
    assert "Server" not in said


def test_the_stand_ins_answers_are_read_as_they_are_meant() -> None:
    assert states(ACKNOWLEDGED) == []
    assert states(CAUSE) == [Kind.CAUSE_STATED]
    assert states(FIX) == [Kind.FIX_REPORTED]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This was caused by a cache.", [Kind.CAUSE_STATED]),
        ("It failed because a job died. It is fixed now.", [Kind.CAUSE_STATED, Kind.FIX_REPORTED]),
        ("The issue has been resolved.", [Kind.FIX_REPORTED]),
        ("We do not know the cause.", []),
        ("We don't know the cause yet.", []),
        ("We are looking for the cause.", []),
        ("We will fix this.", []),
        ("It has not been fixed.", []),
        ("We are working on a fix.", []),
        ("Is it due to your settings?", []),
        ("We do not know more. It was due to a timer.", [Kind.CAUSE_STATED]),
    ],
)
def test_an_answer_states_only_what_it_says_is_so(text: str, said: list[Kind]) -> None:
    assert states(text) == said
