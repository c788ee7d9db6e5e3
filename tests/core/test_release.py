import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import (
    ACTS,
    MOVES,
    MOVING,
    Role,
    Stage,
    approval,
    check_may,
    is_over,
    misplaced,
    move_asked,
    stage,
    stagers,
)
from tests.core.made import fact

DOERS = {act: sorted(move.by)[0] for move in MOVES for act in [move.act] if move.by}


def history(*acts: Kind, by: str = "ann") -> list[Fact]:
    return [fact(act, n=n, actor=by) for n, act in enumerate(acts, start=1)]


ARMED = (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED)
DAY = (*ARMED, Kind.FIRST_SEEN, Kind.ON_TIME, Kind.CLOSED)

WAYS: dict[Stage, tuple[Kind, ...]] = {
    Stage.NEW: (),
    Stage.PROVISIONAL: (Kind.PROVISIONAL,),
    Stage.ANNOUNCED: ARMED[:1],
    Stage.STAGED: ARMED[:2],
    Stage.SEALED: ARMED[:3],
    Stage.APPROVED: ARMED[:4],
    Stage.ARMED: ARMED,
    Stage.HELD: (*ARMED, Kind.HELD),
    Stage.PUBLIC: DAY[:6],
    Stage.WITNESSED: DAY[:7],
    Stage.CLOSED: DAY,
    Stage.CANCELLED: (Kind.ANNOUNCED, Kind.CANCELLED),
    Stage.REPLACED: (*DAY[:7], Kind.REPLACED),
}
"""One way to each stage."""


def test_an_ordinary_day_goes_through_its_stages_in_order() -> None:
    reached = [stage(history(*DAY[:length])) for length in range(len(DAY) + 1)]
    assert reached == [
        Stage.NEW,
        Stage.ANNOUNCED,
        Stage.STAGED,
        Stage.SEALED,
        Stage.APPROVED,
        Stage.ARMED,
        Stage.PUBLIC,
        Stage.WITNESSED,
        Stage.CLOSED,
    ]
    assert misplaced(history(*DAY)) == []


def test_there_is_a_way_to_every_stage() -> None:
    assert {reached: stage(history(*way)) for reached, way in WAYS.items()} == {
        reached: reached for reached in Stage
    }


@pytest.mark.parametrize("reached", Stage)
@pytest.mark.parametrize("act", sorted(ACTS))
def test_an_act_is_allowed_at_the_stages_of_the_table_and_at_no_other(
    reached: Stage, act: Kind
) -> None:
    facts = history(*WAYS[reached])
    listed = any(move.act is act and reached in move.before for move in MOVES)
    if listed:
        check_may(act, DOERS[act], "bob", facts)
        assert misplaced([*facts, fact(act)]) == []
    else:
        with pytest.raises(NotAllowed, match=f"{act}: the release is {reached}, expected"):
            check_may(act, DOERS[act], "bob", facts)
        assert stage([*facts, fact(act)]) is reached
        assert misplaced([*facts, fact(act)]) == [fact(act)]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_takes_its_role(act: Kind, role: Role) -> None:
    move = next(move for move in MOVES if move.act is act)
    facts = history(*WAYS[sorted(move.before)[0]])
    if role in move.by:
        check_may(act, role, "bob", facts)
    else:
        with pytest.raises(NotAllowed, match=f"{act}: not for a {role}; it takes a"):
            check_may(act, role, "bob", facts)


def test_a_regulator_an_auditor_and_a_body_do_nothing_with_a_release() -> None:
    may = {role for move in MOVES for role in move.by}
    assert set(Role) - may == {Role.REGULATOR, Role.AUDITOR, Role.BODY}


def test_what_is_seen_is_nobodys_act() -> None:
    assert {
        Kind.FIRST_SEEN,
        Kind.EARLY,
        Kind.PARTIAL,
        Kind.WRONG,
        Kind.ON_TIME,
        Kind.RECOVERED,
    } == MOVING - ACTS


@given(st.lists(st.sampled_from(Kind)))
def test_whatever_is_recorded_there_is_a_stage_and_only_moves_of_the_table_lead_to_it(
    acts: list[Kind],
) -> None:
    facts = history(*acts)
    for length, one in enumerate(facts):
        before, after = stage(facts[:length]), stage(facts[: length + 1])
        listed = [m.to for m in MOVES if m.act is one.kind and before in m.before]
        assert after is (listed[0] if listed else before)


def test_from_one_stage_an_act_leads_to_one_stage() -> None:
    arrows = [(before, move.act) for move in MOVES for before in move.before]
    assert len(arrows) == len(set(arrows))


def test_nothing_is_staged_before_it_is_announced() -> None:
    with pytest.raises(NotAllowed, match="the release is new, expected announced or"):
        check_may(Kind.STAGED, Role.STATISTICIAN, "ann", [])


def test_late_is_not_a_stage_and_recovered_is_witnessed() -> None:
    assert stage(history(*ARMED, Kind.LATE)) is Stage.ARMED
    assert stage(history(*ARMED, Kind.LATE, Kind.FIRST_SEEN, Kind.LATE)) is Stage.PUBLIC
    assert stage(history(*ARMED, Kind.LATE, Kind.RECOVERED)) is Stage.WITNESSED


def test_what_was_held_and_is_seen_all_the_same_is_public() -> None:
    assert stage(history(*ARMED, Kind.HELD, Kind.EARLY)) is Stage.PUBLIC


def test_nobody_approves_what_they_staged() -> None:
    with pytest.raises(NotAllowed, match="second person"):
        check_may(Kind.APPROVED, Role.APPROVER, "ann", history(*ARMED[:3]))


@pytest.mark.parametrize("act", [Kind.SEALED, Kind.RESCHEDULED])
def test_nobody_approves_what_they_sealed_or_gave_another_time(act: Kind) -> None:
    facts = [*history(*ARMED[:2]), *history(act, Kind.SEALED, by="bob")]
    assert stagers(facts) == {"ann", "bob"}
    with pytest.raises(NotAllowed, match="second person"):
        check_may(Kind.APPROVED, Role.APPROVER, "bob", facts)


def test_a_second_person_approves() -> None:
    check_may(Kind.APPROVED, Role.HEAD_OF_PROFESSION, "bob", history(*ARMED[:3]))


@pytest.mark.parametrize("change", [Kind.STAGED, Kind.RESCHEDULED])
@pytest.mark.parametrize("reached", [Stage.APPROVED, Stage.HELD])
def test_any_change_of_what_was_approved_voids_the_approval(change: Kind, reached: Stage) -> None:
    facts = history(*WAYS[reached])
    assert approval(facts) == facts[3]
    changed = [*facts, fact(change)]
    assert approval(changed) is None
    check_may(Kind.SEALED, Role.STATISTICIAN, "ann", changed)
    with pytest.raises(NotAllowed, match="the release is staged, expected approved"):
        check_may(Kind.ARMED, Role.OPERATOR, "bob", changed)


def test_what_was_held_is_armed_again_with_the_approval_it_has() -> None:
    facts = history(*WAYS[Stage.HELD])
    check_may(Kind.ARMED, Role.OPERATOR, "bob", facts)
    assert approval([*facts, fact(Kind.ARMED)]) == facts[3]


def test_who_staged_an_earlier_bundle_may_approve_the_one_that_stands() -> None:
    facts = [*history(*ARMED[:3], by="bob"), *history(Kind.STAGED, Kind.SEALED, by="ann")]
    check_may(Kind.APPROVED, Role.APPROVER, "bob", facts)


@pytest.mark.parametrize("act", [Kind.STAGED, Kind.RESCHEDULED, Kind.CANCELLED])
def test_what_is_armed_is_held_before_anything_else_is_done_to_it(act: Kind) -> None:
    with pytest.raises(NotAllowed, match="the release is armed"):
        check_may(act, DOERS[act], "bob", history(*ARMED))
    check_may(act, DOERS[act], "bob", history(*ARMED, Kind.HELD))


def test_a_release_is_over_when_closed_or_cancelled_and_a_correction_does_not_open_it_again() -> (
    None
):
    assert not is_over(history(*DAY[:-1]))
    assert is_over(history(*DAY))
    assert is_over(history(*DAY, Kind.REPLACED))
    assert not is_over(history(*DAY[:-1], Kind.REPLACED))
    assert is_over(history(Kind.ANNOUNCED, Kind.CANCELLED))


def test_another_date_is_asked_for_until_it_is_answered() -> None:
    asked = fact(Kind.MOVE_ASKED, n=2)
    assert move_asked(history(Kind.ANNOUNCED)) is None
    assert move_asked([*history(Kind.ANNOUNCED), asked, fact(Kind.STAGED)]) == asked
    for answer in (Kind.RESCHEDULED, Kind.MOVE_REFUSED, Kind.CANCELLED):
        assert move_asked([asked, fact(answer)]) is None
        assert move_asked([fact(answer), asked]) == asked
