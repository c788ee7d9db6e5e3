"""A request that changes something is not sent by somebody who has slept, or lost the step."""

from functools import partial
from pathlib import Path

import pytest

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.runbook import Due
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.tell_users import tell_late
from ninethirty.desk.outside import fence
from ninethirty.desk.outside.fence import fenced, make_sure
from ninethirty.desk.outside.web import ask
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.runner.perform import Try, claim
from tests.desk.services import service
from tests.desk.setting import RELEASE, Desk
from tests.desk.test_perform import STEP, VERDICT, late


def test_without_a_step_there_is_no_fence(tmp_path: Path) -> None:
    make_sure()
    with service("x", tmp_path) as moody:
        assert ask("GET", f"{moody.url}/2/users/me", token=moody.service.secret).ok


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_changed_in_the_name_of_a_step_that_somebody_else_has(
    tmp_path: Path, method: str
) -> None:
    with service("x", tmp_path) as moody, fenced(lambda: False):
        with pytest.raises(OutsideFailed, match="somebody else") as failed:
            ask(method, f"{moody.url}/2/tweets", token=moody.service.secret, json={"text": "a"})
        assert moody.truth() == []
    assert failed.value.retry
    assert not failed.value.happened_perhaps


def test_who_slept_between_making_sure_and_sending_sends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service("x", tmp_path) as moody, fenced(lambda: True):
        post = partial(
            ask, "POST", f"{moody.url}/2/tweets", token=moody.service.secret, json={"text": "a"}
        )
        monkeypatch.setattr(fence, "HOLDS", -1.0)  # as if all that had taken too long
        with pytest.raises(OutsideFailed) as failed:
            post()
        assert moody.truth() == []
        # What is only read has no fence.
        ask("GET", f"{moody.url}/2/users/me", token=moody.service.secret)
        monkeypatch.setattr(fence, "HOLDS", 60.0)
        post()
        assert len(moody.truth()) == 1
    assert failed.value.retry


def test_a_step_taken_over_in_the_middle_of_its_action_posts_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    """Stopped after its claim was read, and woken when another has claimed the step."""
    late(desk)

    def sleeps_first(work: Work) -> list[Happened]:
        other = Try(RELEASE, Due(STEP, 2, unsure=True), sleeps_first, "runner-b", VERDICT)
        assert claim([other]) == [True]
        return tell_late(work, "x")

    with service("x", tmp_path) as moody:
        desk.told(x=moody.url)
        one = Try(RELEASE, Due(STEP, 1), sleeps_first, "runner-a", VERDICT)
        [claimed] = claim([one])
        assert claimed is True
        one.perform(claimed=True)
        assert moody.truth() == []
    last = facts_of(RELEASE)[-1]
    assert last.kind is Kind.STEP_FAILED
    assert last.details == {"step": STEP.name, "attempt": 1, "retry": True}
