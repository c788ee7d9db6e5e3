"""Faults planted into what is simulated, one at a time: each must be found within some days.

A plant changes one thing in the real rules, or in what stands for the desk, as somebody might who
did not see what it is for.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ninethirty.core import attempt, decide, draft, facts, runbook, telling
from ninethirty.core.facts import Fact
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Hold, Step
from ninethirty.desk.outside import fence
from tests.simulation import day, invariants, memory
from tests.simulation.day import Day, Told
from tests.simulation.services import BOOK, Services

Plant = Callable[[pytest.MonkeyPatch], None]


def claim_not_read_again(patch: pytest.MonkeyPatch) -> None:
    """And the fence is open, which alone keeps nearly all of them from sending."""
    patch.setattr(attempt, "still_ours", lambda *_: True)
    patch.setattr(fence, "HOLDS", float("inf"))


def keys_not_unique(patch: pytest.MonkeyPatch) -> None:
    whole = memory.Memory.__init__

    def forgetful(self: Any) -> None:
        whole(self)
        self._keys = _Forgetful()

    patch.setattr(memory.Memory, "__init__", forgetful)


class _Forgetful(set[str]):
    def __contains__(self, _: object) -> bool:
        return False


def key_of_the_effect_missing(patch: pytest.MonkeyPatch) -> None:
    def anew(self: Services, told: Told) -> str:
        return f"{told.edition.id}/{told.due.step.name}/{told.due.attempt}"

    patch.setattr(Services, "effect_key", anew)


def no_look_before_posting_again(patch: pytest.MonkeyPatch) -> None:
    def tell(*, only_look: bool) -> Any:
        kept = yield telling.Keep(make=not only_look)
        if not (kept.told or only_look):
            posted = yield telling.Post()
            yield telling.Note(posted)
        return not only_look

    patch.setattr(telling, "tell", tell)


def moot_and_never_looked_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(runbook, "to_be_found", lambda *_: None)


def nothing_let_settle(patch: pytest.MonkeyPatch) -> None:
    def hasty(due: Any, runner: str) -> Any:
        return attempt.attempt(replace(due, unsure=False), runner)

    patch.setattr(day, "attempt", hasty)


def stopped_taken_for_dead(patch: pytest.MonkeyPatch) -> None:
    """And the fence is open, which alone would keep who was stopped from sending."""
    patch.setattr(fence, "HOLDS", float("inf"))
    patch.setattr(Services, "_still_ours", lambda *_: True)
    patch.setattr(Step, "repeatable", property(lambda _: True))


def no_window_for_a_veto(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(runbook, "VETO_WINDOW", timedelta(0))


def veto_not_heard(patch: pytest.MonkeyPatch) -> None:
    never = property(lambda _: False, lambda *_: None)
    patch.setattr(Progress, "vetoed", never, raising=False)


def told_before_verified(patch: pytest.MonkeyPatch) -> None:
    book = {replace(step, needs=()): act for step, act in BOOK.items()}
    patch.setattr(day, "BOOK", book)


def stuck_and_nobody_paged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        decide, "_page_for", lambda _step, _progress, now, _made: now + timedelta(hours=1)
    )


def alarm_and_nobody_paged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "ringing", lambda *_: None)


def outcome_without_its_facts(patch: pytest.MonkeyPatch) -> None:
    whole = Day._write

    def half(self: Day, told: Told, ask: attempt.Write) -> None:
        whole(self, told, replace(ask, facts=ask.facts[-1:]))

    patch.setattr(Day, "_write", half)


def dead_never_followed(patch: pytest.MonkeyPatch) -> None:
    """And nobody is told, because deadlines are not looked at either."""

    def patient(*_: Any) -> Any:
        return lambda _: Hold.HELD

    patch.setattr(Day, "_holds", patient)
    stuck_and_nobody_paged(patch)


def fact_changed_after_it_was_written(patch: pytest.MonkeyPatch) -> None:
    whole = memory.Memory.append_all

    def changed(self: Any, news: Any, **more: Any) -> list[Fact]:
        written = whole(self, news, **more)
        if written[-1].n == 30:
            written[-1].details["more"] = 1
        return written

    patch.setattr(memory.Memory, "append_all", changed)


def time_left_out_of_the_chain(patch: pytest.MonkeyPatch) -> None:
    """Read back, the fact is not the one that was chained."""
    whole = facts.body
    read = [0]

    def without(fact: Fact) -> Any:
        read[0] += 1
        return whole(replace(fact, recorded=fact.recorded + timedelta(microseconds=read[0])))

    patch.setattr(facts, "body", without)


def report_by_order_of_reading(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(draft, "sorted", lambda facts, **_: list(facts), raising=False)
    patch.setattr(invariants, "draft", draft.draft)


PLANTS: tuple[Plant, ...] = (
    claim_not_read_again,
    keys_not_unique,
    key_of_the_effect_missing,
    no_look_before_posting_again,
    moot_and_never_looked_for,
    nothing_let_settle,
    stopped_taken_for_dead,
    no_window_for_a_veto,
    veto_not_heard,
    told_before_verified,
    stuck_and_nobody_paged,
    alarm_and_nobody_paged,
    outcome_without_its_facts,
    dead_never_followed,
    fact_changed_after_it_was_written,
    time_left_out_of_the_chain,
    report_by_order_of_reading,
)
