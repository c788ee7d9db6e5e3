"""A person stops what the public would see, says why, and may let it go on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.veto import lift_veto, veto
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.models import Message
from ninethirty.desk.veto_command import veto as veto_command
from tests.core.made import at
from tests.desk.setting import (
    HEAD,
    OFFICER,
    RELEASE,
    STATISTICIAN,
    Desk,
    happens,
    together,
    watched,
    work_here,
)
from tests.desk.test_runner import (
    TOLD,
    a_late_day,
    done,
    late_already,
    rounds,
    runner,
    services,
    show,
    told_on,
)

WHY = "the platform is right, and our seal is wrong"
Decide = Callable[..., Fact]


def in_doubt(desk: Desk) -> None:
    desk.show(at(30))
    work_here()
    watched()
    happens(Kind.LATE_PROVISIONAL, at(21))


def test_a_veto_says_who_and_why_and_what_had_been_told(desk: Desk) -> None:
    in_doubt(desk)
    happens(Kind.USERS_TOLD, at(29), about="late", channel="x", message=1)
    fact = veto(RELEASE, by=OFFICER, reason=WHY)
    assert (fact.kind, fact.actor, fact.at) == (Kind.VETOED, OFFICER, at(30))
    assert fact.details["told"] == ["late on x"]
    # What somebody wrote can be erased; the fact points to it.
    assert Message.objects.get(id=fact.details["reason_kept"]).text == WHY
    check_chain(RELEASE)


def test_what_is_stopped_is_not_stopped_twice_and_what_is_not_is_not_lifted(desk: Desk) -> None:
    in_doubt(desk)
    with pytest.raises(NotAllowed, match="nothing is stopped"):
        lift_veto(RELEASE, by=OFFICER, reason=WHY)
    came = together(*[lambda: veto(RELEASE, by=OFFICER, reason=WHY)] * 3)
    assert sorted(type(one).__name__ for one in came) == ["Fact", "NotAllowed", "NotAllowed"]
    lift_veto(RELEASE, by=OFFICER, reason=WHY)
    with pytest.raises(NotAllowed, match="nothing is stopped"):
        lift_veto(RELEASE, by=OFFICER, reason=WHY)
    veto(RELEASE, by=HEAD, reason=WHY)


def test_a_veto_is_lifted_by_who_gave_it_or_by_a_head_of_profession(desk: Desk) -> None:
    in_doubt(desk)
    veto(RELEASE, by=HEAD, reason=WHY)
    with pytest.raises(NotAllowed, match=f"{HEAD} stopped it; they or a head of profession"):
        lift_veto(RELEASE, by=OFFICER, reason=WHY)
    assert lift_veto(RELEASE, by=HEAD, reason=WHY).actor == HEAD


@pytest.mark.parametrize("decide", [veto, lift_veto])
@pytest.mark.parametrize(
    ("by", "reason", "why"),
    [
        (STATISTICIAN, WHY, "not for a statistician; it takes a head of profession or a"),
        ("a passer-by", WHY, "nobody of this name works here"),
        (OFFICER, "  ", "say why"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"])
def test_a_veto_takes_its_role_and_a_reason(
    desk: Desk, decide: Decide, by: str, reason: str, why: str
) -> None:
    in_doubt(desk)
    with pytest.raises(NotAllowed, match=why):
        decide(RELEASE, by=by, reason=reason)
    assert facts_of(RELEASE)[-1].kind is Kind.LATE_PROVISIONAL


def test_nothing_is_stopped_in_advance_or_once_it_is_over(desk: Desk) -> None:
    work_here()
    with pytest.raises(NotAllowed, match="there is no such release"):
        veto(RELEASE, by=OFFICER, reason=WHY)
    watched()
    with pytest.raises(NotAllowed, match="is not in doubt, so there is nothing to stop"):
        veto(RELEASE, by=OFFICER, reason=WHY)
    happens(Kind.LATE_PROVISIONAL, at(21))
    happens(Kind.CLOSED, at(90_000))
    with pytest.raises(NotAllowed, match="is over"):
        veto(RELEASE, by=OFFICER, reason=WHY)


def test_runners_heed_a_veto_and_go_on_once_it_is_lifted(desk: Desk, tmp_path: Path) -> None:
    a_late_day()
    work_here()
    late_already()
    show(desk, 70)
    veto(RELEASE, by=OFFICER, reason=WHY)
    show(desk, 100)
    with services(desk, tmp_path, "x") as outside, runner(desk) as one:
        rounds(one, until=lambda: "raise_ticket" in done())
        for _ in range(5):
            one.round()
        assert (outside["x"].truth(), told_on("late")) == ([], [])
        lift_veto(RELEASE, by=OFFICER, reason="the platform was wrong after all")
        rounds(one, until=lambda: set(told_on("late")) == TOLD)
        assert len(outside["x"].truth()) == 1


def test_a_veto_is_given_and_lifted_from_the_command_line(desk: Desk) -> None:
    in_doubt(desk)
    happens(Kind.USERS_TOLD, at(29), about="late", channel="x", message=1)
    told = [RELEASE, "--home", str(desk.home), "--by", OFFICER, "--reason", WHY]
    stopped = CliRunner().invoke(veto_command, told)
    assert stopped.output == (f"{RELEASE}: the public steps are stopped\ntold already: late on x\n")
    assert facts_of(RELEASE)[-1].kind is Kind.VETOED
    twice = CliRunner().invoke(veto_command, told)
    assert isinstance(twice.exception, NotAllowed)
    lifted = CliRunner().invoke(veto_command, [*told, "--lift"])
    assert lifted.output == f"{RELEASE}: the public steps go on\n"
    assert facts_of(RELEASE)[-1].kind is Kind.VETO_LIFTED
