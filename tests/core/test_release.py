import pytest

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import ALLOWED, Role, check_may, stage, stagers
from tests.core.made import fact

DOERS = {
    Kind.ANNOUNCED: Role.STATISTICIAN,
    Kind.STAGED: Role.STATISTICIAN,
    Kind.SEALED: Role.STATISTICIAN,
    Kind.APPROVED: Role.APPROVER,
    Kind.ARMED: Role.OPERATOR,
}


def history(*acts: Kind, by: str = "ann") -> list[Fact]:
    return [fact(act, n=n, actor=by) for n, act in enumerate(acts, start=1)]


ALL = (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED)


def test_a_release_goes_through_its_stages_in_order() -> None:
    for reached, act in enumerate(ALL):
        check_may(act, DOERS[act], "bob", history(*ALL[:reached]))
        assert stage(history(*ALL[:reached])) == (ALL[reached - 1] if reached else None)


def test_no_stage_may_be_jumped() -> None:
    for reached in range(len(ALL) + 1):
        for act in ALL[reached + 1 :]:
            with pytest.raises(NotAllowed, match="expected"):
                check_may(act, DOERS[act], "bob", history(*ALL[:reached]))


def test_a_release_is_announced_once() -> None:
    with pytest.raises(NotAllowed, match="the release is announced, expected new"):
        check_may(Kind.ANNOUNCED, Role.STATISTICIAN, "ann", history(Kind.ANNOUNCED))


def test_nothing_is_staged_before_it_is_announced() -> None:
    with pytest.raises(NotAllowed, match="the release is new, expected announced or"):
        check_may(Kind.STAGED, Role.STATISTICIAN, "ann", [])


def test_what_is_seen_of_a_release_does_not_change_its_stage() -> None:
    assert stage([*history(*ALL), fact(Kind.LATE)]) is Kind.ARMED


def test_nobody_approves_what_they_staged() -> None:
    with pytest.raises(NotAllowed, match="second person"):
        check_may(Kind.APPROVED, Role.APPROVER, "ann", history(*ALL[:3]))


def test_nobody_approves_what_they_sealed() -> None:
    facts = [*history(*ALL[:2]), *history(Kind.SEALED, by="bob")]
    assert stagers(facts) == {"ann", "bob"}
    with pytest.raises(NotAllowed, match="second person"):
        check_may(Kind.APPROVED, Role.APPROVER, "bob", facts)


def test_a_second_person_approves() -> None:
    check_may(Kind.APPROVED, Role.HEAD_OF_PROFESSION, "bob", history(*ALL[:3]))


def test_staging_anew_voids_the_approval() -> None:
    facts = history(*ALL[:4], Kind.STAGED)
    check_may(Kind.SEALED, Role.STATISTICIAN, "ann", facts)
    with pytest.raises(NotAllowed, match="the release is staged, expected approved"):
        check_may(Kind.ARMED, Role.OPERATOR, "bob", facts)


def test_who_staged_an_earlier_bundle_may_approve_the_one_that_stands() -> None:
    facts = [*history(*ALL[:3], by="bob"), *history(Kind.STAGED, Kind.SEALED, by="ann")]
    check_may(Kind.APPROVED, Role.APPROVER, "bob", facts)


def test_what_is_armed_cannot_be_staged_over() -> None:
    with pytest.raises(NotAllowed, match="the release is armed"):
        check_may(Kind.STAGED, Role.STATISTICIAN, "ann", history(*ALL))


def test_each_act_takes_its_role() -> None:
    for reached, act in enumerate(ALL):
        for role in Role:
            if role in ALLOWED[act][1]:
                check_may(act, role, "bob", history(*ALL[:reached]))
            else:
                with pytest.raises(NotAllowed, match=f"{act}: not for a {role}; it takes a"):
                    check_may(act, role, "bob", history(*ALL[:reached]))
