"""What a runner claims in one round, it claims in one transaction: together, and each by itself."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.runbook import Due, Reach, Step
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.runner import loop
from ninethirty.desk.runner.book import BOOK, STEPS, Runbook
from ninethirty.desk.runner.perform import Try, claim
from tests.core.made import at
from tests.desk.setting import Desk, happens, kinds, together, watched
from tests.desk.test_perform import STEP, VERDICT, Deed
from tests.desk.test_runner import rounds, runner, show

RELEASES = [f"release/{n}" for n in range(3)]


def all_late(desk: Desk) -> None:
    for name in RELEASES:
        watched(name)
        happens(Kind.LATE_PROVISIONAL, at(20), subject=name, key=f"{name}/doubt")
    show(desk, 25)


def claims(step: str) -> dict[str, list[int]]:
    """Release -> the attempts at the step, as claimed."""
    return {name: [fact.details["attempt"] for fact in _of(name, step)] for name in RELEASES}


def _of(release: str, step: str, kind: Kind = Kind.STEP_CLAIMED) -> list[Fact]:
    facts = facts_of(release)
    return [fact for fact in facts if fact.kind is kind and fact.details["step"] == step]


def everywhere(attempts: list[int]) -> dict[str, list[int]]:
    return dict.fromkeys(RELEASES, attempts)


def done_everywhere(step: str) -> Callable[[], bool]:
    return lambda: all(_of(name, step, Kind.STEP_DONE) for name in RELEASES)


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> Runbook:
    """Incidents are opened, and nobody is paged; a test may add to it."""
    step = STEPS["open_incident"]
    book = {step: BOOK[step]}
    monkeypatch.setattr(loop, "book_for", lambda *_: book)
    monkeypatch.setattr(loop, "ALARMS", {})
    return book


def step(name: str) -> Step:
    return Step(name, Reach.INTERNAL, Kind.LATE_PROVISIONAL)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_that_claim_the_same_round_each_step_is_done_by_one(
    desk: Desk, turned: bool
) -> None:
    all_late(desk)
    deed = Deed()
    rounds_of = {
        name: [Try(release, Due(STEP, 1), deed, name, VERDICT) for release in RELEASES]
        for name in ("runner-a", "runner-b")
    }
    if turned:
        rounds_of["runner-b"].reverse()

    def play(tries: list[Try]) -> int:
        claimed = claim(tries)
        for one, written in zip(tries, claimed, strict=True):
            one.perform(claimed=written is True)
        return claimed.count(True)

    came = together(*[partial(play, tries) for tries in rounds_of.values()])
    assert sum(came) == deed.done == len(RELEASES)
    assert claims("do_it") == everywhere([1])
    for name in RELEASES:
        check_chain(name)


def test_two_runners_that_find_the_same_due_do_each_step_once(desk: Desk) -> None:
    all_late(desk)
    with runner(desk) as one, runner(desk) as two:
        rounds(one, two, until=done_everywhere("open_incident"))
    assert claims("open_incident") == everywhere([1])


def test_a_step_that_cannot_be_claimed_keeps_none_of_its_round_back(
    desk: Desk, book: Runbook
) -> None:
    all_late(desk)
    unfit = "step-with-a-name-too-long-for-a-key" * 6
    book[step(unfit)] = Deed()
    with runner(desk) as one:
        rounds(one, until=done_everywhere("open_incident"))
    assert claims(unfit) == everywhere([])
    assert claims("open_incident") == everywhere([1])


@pytest.mark.parametrize("unfit", [0.5, "http://platform.example/somebody", "a\0b"])
def test_what_an_action_says_that_is_no_fact_fails_its_own_step_alone(
    desk: Desk, book: Runbook, unfit: object
) -> None:
    all_late(desk)

    def says(work: Work) -> list[Happened]:
        return [Happened(Kind.CHECKED, None, "checked", {"found": unfit})]

    book[step("say_it")] = says
    with runner(desk) as one:
        rounds(one, until=done_everywhere("open_incident"))
        rounds(one, until=lambda: all(_of(n, "say_it", Kind.STEP_FAILED) for n in RELEASES))
        assert one.broken is None
    [failed] = _of(RELEASES[0], "say_it", Kind.STEP_FAILED)
    assert failed.details["retry"] is False


def test_no_more_is_claimed_than_can_be_begun(
    desk: Desk, book: Runbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claimed and waiting it would look like a step whose runner hangs."""
    monkeypatch.setattr(loop, "MOST_AT_ONCE", 2)
    all_late(desk)
    go_on = threading.Event()

    def wait() -> list[Happened]:
        go_on.wait(30)
        return []

    book[step("wait")] = Deed(wait)
    with runner(desk) as one:
        for _ in range(5):
            one.round()
        assert 1 <= _under_way() <= 2
        go_on.set()
        rounds(one, until=done_everywhere("wait"))
        rounds(one, until=done_everywhere("open_incident"))
    assert claims("wait") == everywhere([1])


def _under_way() -> int:
    found = kinds([fact for name in RELEASES for fact in facts_of(name)])
    return found.count(Kind.STEP_CLAIMED) - found.count(Kind.STEP_DONE)


KILLED = """
import os, signal, sys
from pathlib import Path
from ninethirty.desk.command import prepare

prepare(Path(sys.argv[1]))
from django.db import connection
from ninethirty.desk.record import facts
from ninethirty.desk.runner import loop
from ninethirty.desk.runner.pulse import pulse
from ninethirty.desk.setup import setup


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


if sys.argv[2] == "before its claims are committed":
    facts._move = die
else:
    loop.Runner._perform = die
with loop.ThreadPoolExecutor(4) as workers:
    loop.Runner(pulse(setup()), workers).round()
"""


@pytest.mark.parametrize(
    ("when", "attempts"),
    [("before its claims are committed", [1]), ("before it begins with any", [1, 2])],
)
def test_all_of_a_round_whose_runner_is_killed_is_done_by_the_next(
    desk: Desk, when: str, attempts: list[int]
) -> None:
    all_late(desk)
    before = [facts_of(name) for name in RELEASES]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(desk.home), when],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    if attempts == [1]:
        assert [facts_of(name) for name in RELEASES] == before
    else:
        assert claims("open_incident") == everywhere([1])
    with runner(desk) as second:
        rounds(second, until=done_everywhere("open_incident"))
    assert claims("open_incident") == everywhere(attempts)
    for name in RELEASES:
        assert len(_of(name, "open_incident", Kind.STEP_DONE)) == 1
        check_chain(name)
