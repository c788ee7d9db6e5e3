from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.report import MOVES, Part, Stage, check_may, next_body, stage
from tests.core.made import fact

HOP, WRITER, READER = Role.HEAD_OF_PROFESSION, Role.STATISTICIAN, Role.APPROVER
OPENED, WRITTEN, REVIEW, SIGNED, SUBMITTED = (
    fact(Kind.BREACH_OPENED),
    fact(Kind.REPORT_WRITTEN),
    fact(Kind.REVIEW_ASKED),
    fact(Kind.REPORT_SIGNED),
    fact(Kind.REPORT_SUBMITTED, to="regulator"),
)
COMMENTED = fact(Kind.COMMENTED, actor="reader")
READY = [OPENED, REVIEW, COMMENTED]


def test_the_way_of_a_report_from_draft_to_the_public() -> None:
    way = [
        (OPENED, Stage.DRAFT),
        (WRITTEN, Stage.DRAFT),
        (REVIEW, Stage.IN_REVIEW),
        (COMMENTED, Stage.IN_REVIEW),
        (SIGNED, Stage.SIGNED),
        (SUBMITTED, Stage.SUBMITTED),
        (fact(Kind.REPORT_RECEIVED), Stage.SUBMITTED),
        (fact(Kind.REPORT_ADVISED), Stage.ADVISED),
        (SUBMITTED, Stage.SUBMITTED),
        (fact(Kind.REPORT_RETURNED), Stage.RETURNED),
        (WRITTEN, Stage.DRAFT),
        (REVIEW, Stage.IN_REVIEW),
        (SIGNED, Stage.SIGNED),
        (SUBMITTED, Stage.SUBMITTED),
        (fact(Kind.REPORT_ACCEPTED), Stage.ACCEPTED),
        (fact(Kind.REPORT_PUBLISHED), Stage.PUBLISHED),
        (WRITTEN, Stage.DRAFT),
    ]
    facts: list[Fact] = []
    for one, reached in way:
        facts.append(one)
        assert stage(facts) is reached


def test_a_body_takes_in_what_comes_and_answers() -> None:
    received = fact(Kind.REPORT_RECEIVED)
    check_may(Kind.REPORT_RECEIVED, Role.BODY, "sender", [])
    assert stage([received]) is Stage.SUBMITTED
    check_may(Kind.REPORT_ACCEPTED, Role.REGULATOR, "r", [received])
    assert stage([received, fact(Kind.REPORT_RETURNED), received]) is Stage.SUBMITTED


def test_changing_what_was_signed_takes_the_signature_away() -> None:
    assert stage([*READY, SIGNED, WRITTEN]) is Stage.DRAFT


def test_nothing_is_changed_while_a_body_has_it() -> None:
    with pytest.raises(NotAllowed, match="the report is submitted, expected"):
        check_may(Kind.REPORT_WRITTEN, HOP, "h", [*READY, SIGNED, SUBMITTED])


def test_a_runner_drafts_and_never_edits_what_people_review() -> None:
    check_may(Kind.REPORT_WRITTEN, Role.RUNNER, "runner-1", [OPENED])
    with pytest.raises(NotAllowed, match="not for a runner while the report is in review"):
        check_may(Kind.REPORT_WRITTEN, Role.RUNNER, "runner-1", [OPENED, REVIEW])


@pytest.mark.parametrize("role", [WRITER, READER, Role.REGULATOR, Role.RUNNER])
def test_only_the_head_of_profession_signs(role: Role) -> None:
    with pytest.raises(NotAllowed, match="it takes a head of profession"):
        check_may(Kind.REPORT_SIGNED, role, "x", READY)


def test_nobody_signs_without_a_second_pair_of_eyes() -> None:
    check_may(Kind.REPORT_SIGNED, HOP, "head", READY)
    for alone in ([OPENED, REVIEW], [OPENED, REVIEW, fact(Kind.COMMENTED, actor="head")]):
        with pytest.raises(NotAllowed, match="a second person must have read"):
            check_may(Kind.REPORT_SIGNED, HOP, "head", alone)
        check_may(Kind.REPORT_SIGNED, HOP, "head", alone, reviewed=False)


def test_a_review_of_an_earlier_round_does_not_count() -> None:
    with pytest.raises(NotAllowed, match="a second person"):
        check_may(Kind.REPORT_SIGNED, HOP, "head", [*READY, SIGNED, WRITTEN, REVIEW])


@given(st.sampled_from(list(Kind)), st.sampled_from(Role), st.lists(st.sampled_from(MOVES)))
def test_what_is_allowed_is_in_the_table_and_the_rest_is_refused(
    act: Kind, role: Role, moves: Sequence[object]
) -> None:
    facts = [fact(move.act) for move in moves]  # type: ignore[attr-defined]
    listed = any(m.act is act and role in m.by and stage(facts) in m.before for m in MOVES)
    try:
        check_may(act, role, "x", facts, reviewed=False)
    except NotAllowed:
        assert not listed
    else:
        assert listed


def test_bodies_are_asked_in_order_and_anew_for_what_is_signed_anew() -> None:
    bodies = [("practice", Part.ADVISES), ("regulator", Part.ACCEPTS)]
    to_practice = fact(Kind.REPORT_SUBMITTED, to="practice")
    assert next_body(bodies, [SIGNED]) == "practice"
    assert next_body(bodies, [SIGNED, COMMENTED, to_practice]) == "regulator"
    assert next_body(bodies, [SIGNED, to_practice, SUBMITTED]) is None
    assert next_body(bodies, [SIGNED, to_practice, SUBMITTED, SIGNED]) == "practice"
    assert next_body([], [SIGNED]) is None
