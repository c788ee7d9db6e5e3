"""Claim a step, act, write what came of it."""

import structlog
from django.db import transaction

from ninethirty.core.errors import AlreadyHappened, OutsideFailed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.runbook import Due
from ninethirty.core.verdict import Verdict
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import append, facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.runner.book import Action
from ninethirty.desk.setup import setup

log = structlog.get_logger()


def claim(release: str, due: Due, runner: str) -> bool:
    """Whether the step is ours. Of two runners that try, the unique key lets one through."""
    now = setup().clock().now()
    try:
        append(
            release,
            Kind.STEP_CLAIMED,
            at=now,
            recorded=now,
            actor=runner,
            key=f"{release}/{due.step.name}/claim/{due.attempt}",
            details={"step": due.step.name, "attempt": due.attempt, "runner": runner},
        )
    except AlreadyHappened:
        return False
    return True


def perform(release: str, due: Due, action: Action, runner: str, verdict: Verdict) -> None:
    """Act on a step we claimed. Whatever happens is written as its outcome."""
    step = due.step.name
    facts = facts_of(release)
    if not _still_ours(facts, due, runner):
        return
    work = Work(
        release=Release.objects.get(id=release),
        facts=facts,
        effect_key=f"{release}/{step}",
        attempt=due.attempt,
        verdict=verdict,
    )
    try:
        came = action(work)
    except OutsideFailed as failed:
        _failed(release, due, runner, retry=failed.retry, why=str(failed))
    except Exception as broken:  # one bad step must not stop the others
        log.exception("step.broken", release=release, step=step)
        _failed(release, due, runner, retry=False, why=type(broken).__name__)
    else:
        try:
            _done(release, due, runner, came)
        except AlreadyHappened as written:
            # Two attempts, one effect: the other has written what came of it.
            log.warning("step.done_already", release=release, step=step, why=str(written))


def _still_ours(facts: list[Fact], due: Due, runner: str) -> bool:
    """Read again just before the effect: somebody may have taken it over while we slept."""
    claims = [
        fact.details
        for fact in facts
        if fact.kind is Kind.STEP_CLAIMED and fact.details["step"] == due.step.name
    ]
    return bool(claims) and (claims[-1]["runner"], claims[-1]["attempt"]) == (runner, due.attempt)


def _done(release: str, due: Due, runner: str, came: list[Happened]) -> None:
    now = setup().clock().now()
    with transaction.atomic():
        for one in came:
            append(
                release,
                one.kind,
                at=one.at,
                recorded=now,
                actor=runner,
                key=f"{release}/{one.key}",
                details=one.details,
            )
        append(
            release,
            Kind.STEP_DONE,
            at=now,
            recorded=now,
            actor=runner,
            key=f"{release}/{due.step.name}/done",
            details={"step": due.step.name, "attempt": due.attempt},
        )


def _failed(release: str, due: Due, runner: str, *, retry: bool, why: str) -> None:
    log.warning("step.failed", release=release, step=due.step.name, retry=retry, why=why)
    now = setup().clock().now()
    append(
        release,
        Kind.STEP_FAILED,
        at=now,
        recorded=now,
        actor=runner,
        key=f"{release}/{due.step.name}/failed/{due.attempt}",
        details={"step": due.step.name, "attempt": due.attempt, "retry": retry},
    )
