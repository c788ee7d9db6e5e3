"""Drive one attempt at a step: answer from the record and from the services what it asks."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

from ninethirty.core.attempt import Act, Ask, Came, Failed, LetSettle, Read, Write, attempt
from ninethirty.core.errors import AlreadyHappened, NotYet, OutsideFailed
from ninethirty.core.facts import Fact
from ninethirty.core.runbook import Due
from ninethirty.core.verdict import Verdict
from ninethirty.desk.actions.step import Work
from ninethirty.desk.outside import web
from ninethirty.desk.record.facts import New, facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.runner.book import Action
from ninethirty.desk.runner.together import write_together
from ninethirty.desk.setup import setup

PATIENCE = 300.0
"""Real seconds to go on asking a database that cannot be reached: what was done must be written."""

AGAIN = 0.5

log = structlog.get_logger()

T = TypeVar("T")


def perform(release: str, due: Due, action: Action, runner: str, verdict: Verdict) -> None:
    """Claim a step, act, and write what came of it, unless it is another's.

    Raises:
        OperationalError: the record could not be reached for so long that we give up.
    """
    driven = attempt(due, runner)
    answer: object = None
    while True:
        try:
            ask = driven.send(answer)
        except StopIteration:
            return
        answer = _answer(ask, release, due, action, runner, verdict)


def _answer(
    ask: Ask, release: str, due: Due, action: Action, runner: str, verdict: Verdict
) -> object:
    match ask:
        case Write():
            return _patiently(lambda: _write(release, ask, runner))
        case Read():
            return _patiently(lambda: facts_of(release))
        case LetSettle():
            time.sleep(sum(web.TIMEOUT))
            return None
        case Act():
            return _act(release, ask.facts, due, action, verdict)


def _write(release: str, ask: Write, runner: str) -> bool:
    now = setup().clock().now()
    news = [
        New(release, one.kind, one.at or now, f"{release}/{one.key}", one.details)
        for one in ask.facts
    ]
    try:
        write_together(news, actor=runner, recorded=now)
    except AlreadyHappened as written:
        log.info("step.written_already", release=release, why=str(written))
        return False
    return True


def _act(
    release: str, facts: Sequence[Fact], due: Due, action: Action, verdict: Verdict
) -> Came | Failed:
    step = due.step.name
    try:
        work = Work(
            release=Release.objects.get(id=release),
            facts=facts,
            effect_key=f"{release}/{step}",
            attempt=due.attempt,
            verdict=verdict,
        )
        return Came(action(work))
    except OutsideFailed as failed:
        log.warning("step.failed", release=release, step=step, retry=failed.retry, why=str(failed))
        return Failed(retry=failed.retry, perhaps=failed.happened_perhaps)
    except NotYet as lacking:
        log.info("step.not_yet", release=release, step=step, why=str(lacking))
        return Failed(retry=True, lacks=str(lacking))
    except (OperationalError, InterfaceError) as lost:
        # The database went away under it: whether it acted, the next attempt finds out.
        log.warning("step.record_lost", release=release, step=step, why=str(lost))
        connection.close()
        return Failed(retry=True, perhaps=True)
    except Exception:  # one bad step must not stop the others
        log.exception("step.broken", release=release, step=step)
        return Failed(retry=False)


def _patiently(ask: Callable[[], T]) -> T:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except (OperationalError, InterfaceError) as lost:
            connection.close()
            if time.monotonic() > end:
                raise
            log.warning("record.unreachable", why=str(lost))
            time.sleep(AGAIN)
