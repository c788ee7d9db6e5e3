"""Drive one attempt at a step: answer from the record and from the services what it asks."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

from ninethirty.core.attempt import (
    Act,
    Ask,
    Came,
    Failed,
    Happened,
    LetSettle,
    Read,
    Write,
    attempt,
    still_ours,
)
from ninethirty.core.errors import AlreadyHappened, NeverDone, NotYet, OutsideFailed
from ninethirty.core.facts import Fact
from ninethirty.core.runbook import Due
from ninethirty.core.verdict import Verdict
from ninethirty.desk.actions.step import Work
from ninethirty.desk.outside import web
from ninethirty.desk.outside.fence import fenced
from ninethirty.desk.record.facts import Lump, New, check_new, facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.runner.book import Action
from ninethirty.desk.runner.together import write_together
from ninethirty.desk.setup import setup

PATIENCE = 300.0
"""Real seconds to go on asking a database that cannot be reached: what was done must be written."""

AGAIN = 0.5

_RELEASE = "SELECT * FROM record_release WHERE id = %s"
"""Django takes longer to make this statement than the database to answer it."""

log = structlog.get_logger()

T = TypeVar("T")


class Try:
    """One attempt at a step: what `core.attempt` asks, answered from the record and the services.

    known: facts of the release that were read before, so that only what is newer is read again.
    """

    def __init__(
        self,
        release: str,
        due: Due,
        action: Action,
        runner: str,
        verdict: Verdict,
        known: Sequence[Fact] = (),
    ) -> None:
        self.release = release
        self.due = due
        self._action = action
        self._runner = runner
        self._verdict = verdict
        self._known = list(known)
        self._driven = attempt(due, runner)
        self._asked: Ask = next(self._driven)

    @property
    def claim(self) -> Lump:
        """The first that it asks is to write this."""
        assert isinstance(self._asked, Write)
        return self._lump(self._asked.facts)

    def perform(self, *, claimed: bool) -> None:
        """Make sure that it is ours, act, and write what came of it.

        Raises:
            OperationalError: the record could not be reached for so long that we give up.
        """
        answer: object = claimed
        while True:
            try:
                ask = self._driven.send(answer)
            except StopIteration:
                return
            answer = self._answer(ask)

    def _answer(self, ask: Ask) -> object:
        match ask:
            case Write():
                return _patiently(lambda: self._write(ask))
            case Read():
                return _patiently(self._read)
            case LetSettle():
                time.sleep(web.SETTLES)
                return None
            case Act():
                return self._act(ask)

    def _act(self, ask: Act) -> Came | Failed:
        step = self.due.step.name
        try:
            work = Work(
                release=Release.objects.raw(_RELEASE, [self.release])[0],
                facts=ask.facts,
                effect_key=f"{self.release}/{step}",
                attempt=self.due.attempt,
                verdict=self._verdict,
                only_look=ask.only_look,
            )
            with fenced(lambda: still_ours(self._read(), self.due, self._runner)):
                came = self._action(work)
            for new in self._lump(came).news:
                check_new(new)
            return Came(came)
        except OutsideFailed as failed:
            log.warning(
                "step.failed", release=self.release, step=step, retry=failed.retry, why=str(failed)
            )
            return Failed(retry=failed.retry, perhaps=failed.happened_perhaps, wait_s=failed.wait_s)
        except NotYet as lacking:
            log.info("step.not_yet", release=self.release, step=step, why=str(lacking))
            return Failed(retry=True, lacks=str(lacking))
        except NeverDone as never:
            log.info("step.never_done", release=self.release, step=step, why=str(never))
            return Failed(retry=False, lacks=str(never), absent=True)
        except (OperationalError, InterfaceError) as lost:
            # The database went away under it: whether it acted, the next attempt finds out.
            log.warning("step.record_lost", release=self.release, step=step, why=str(lost))
            connection.close()
            return Failed(retry=True, perhaps=True)
        except Exception:  # one bad step must not stop the others
            log.exception("step.broken", release=self.release, step=step)
            return Failed(retry=False)

    def _write(self, ask: Write) -> bool:
        [written] = _written([self._lump(ask.facts)])
        if isinstance(written, Exception):
            raise written
        return written

    def _read(self) -> Sequence[Fact]:
        last = self._known[-1].n if self._known else 0
        self._known += facts_of(self.release, after=last)
        return self._known

    def _lump(self, facts: Sequence[Happened]) -> Lump:
        now = setup().clock().now()
        news = [
            New(self.release, one.kind, one.at or now, f"{self.release}/{one.key}", one.details)
            for one in facts
        ]
        return Lump(news, self._runner, now)


def claim(tries: Sequence[Try]) -> list[bool | Exception]:
    """Claim them all in one transaction: whether each is written, or what keeps it from being
    written, which keeps none of the others back.

    Raises:
        OperationalError, InterfaceError: the record could not be reached.
    """
    return _written([one.claim for one in tries]) if tries else []


def _written(lumps: Sequence[Lump]) -> list[bool | Exception]:
    """False: somebody else had written it."""
    answers: list[bool | Exception] = []
    for answer in write_together(lumps):
        if isinstance(answer, AlreadyHappened):
            log.info("step.written_already", why=str(answer))
            answers.append(False)
        else:
            answers.append(answer if isinstance(answer, Exception) else True)
    return answers


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
