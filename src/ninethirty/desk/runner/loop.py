"""Ask what is due, and do it; nothing is remembered between two rounds that facts do not hold."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import structlog
from django.db import close_old_connections, connection

from ninethirty.core import runbook
from ninethirty.core.errors import AlreadyHappened, NinethirtyError
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.runbook import Due
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Judge, Verdict
from ninethirty.core.watch import ANNOUNCED, read_order
from ninethirty.desk.actions.ask_platform import hear
from ninethirty.desk.actions.conclude import conclude
from ninethirty.desk.actions.draft_report import out_of_date, redraft
from ninethirty.desk.outside.pagers.printed import Printed
from ninethirty.desk.record.facts import append, facts_of, happened
from ninethirty.desk.record.models import Release
from ninethirty.desk.record.sightings import Reader
from ninethirty.desk.runner.alive import Pulse
from ninethirty.desk.runner.book import BOOK
from ninethirty.desk.runner.perform import claim, perform
from ninethirty.desk.setup import setup

ROUND = 0.1
"""Real seconds between two rounds."""

LISTEN_EVERY = 1.0
"""Real seconds between two readings of a ticket."""

log = structlog.get_logger()


class Watched:
    """A release between arming and closing, and what this process has read of it."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.key = bytes.fromhex(release.key)
        self.sightings = Reader(release.id)
        order = read_order(bytes(release.order), setup().key().public)
        self.judges = {channel.name: Judge(order, channel) for channel in order.channels}
        self.written: set[str] = set()
        self.listened = time.monotonic()


class Runner:
    def __init__(self, pulse: Pulse, workers: ThreadPoolExecutor) -> None:
        self._pulse = pulse
        self._workers = workers
        self._clock = setup().clock()
        self._watched: dict[str, Watched] = {}
        self._listening: set[str] = set()
        self.broken: Exception | None = None
        """What kept a step from even being recorded. The step is claimed by us, so nobody takes it
        over while we live: end the process."""

    def round(self) -> None:
        for release in Release.objects.filter(closed=False).exclude(order=b""):
            try:
                watched = self._watched.get(release.id)
                if watched is None or bytes(release.order) != bytes(watched.release.order):
                    watched = self._watched[release.id] = Watched(release)
                self._advance(watched)
            except Exception as wrong:  # one bad release must not stop the others
                log.error("release.skipped", release=release.id, why=repr(wrong), exc_info=wrong)

    def _advance(self, watched: Watched) -> None:
        now = self._clock.now()
        new = watched.sightings.read()
        for judge in watched.judges.values():
            judge.add(new)
        release = watched.release.id
        verdicts = conclude(release, watched.judges, watched.key, now, watched.written)
        facts = facts_of(watched.release.id)
        steps = list(BOOK)
        for due in runbook.due(steps, facts, now, self._pulse.alive()):
            if claim(watched.release.id, due, self._pulse.name):
                self._later(self._perform, watched.release.id, due, verdicts[ANNOUNCED])
        self._page_if_stuck(watched.release.id, facts, now)
        self._listen(watched, facts)
        self._redraft(watched.release.id, facts)

    def _later(self, act: Callable[..., None], *told: Any) -> None:
        self._workers.submit(act, *told).add_done_callback(_say_if_broken)

    def _perform(self, release: str, due: Due, verdict: Verdict) -> None:
        try:
            perform(release, due, BOOK[due.step], self._pulse.name, verdict)
        except Exception as broken:
            self.broken = broken
            raise
        finally:
            connection.close()

    def _page_if_stuck(self, release: str, facts: list[Fact], now: Instant) -> None:
        paged = {fact.details.get("step") for fact in facts if fact.kind is Kind.PAGED}
        for step in runbook.stuck(BOOK, facts, now):
            if step.name in paged:
                continue
            # A page may come twice, so it goes out before it is written down.
            Printed().page(f"{release}: {step.name} is not done")
            with suppress(AlreadyHappened):
                append(
                    release,
                    Kind.PAGED,
                    at=now,
                    recorded=now,
                    actor=self._pulse.name,
                    key=f"{release}/{step.name}/paged",
                    details={"step": step.name},
                )

    def _listen(self, watched: Watched, facts: list[Fact]) -> None:
        if not happened(facts, Kind.TICKET_RAISED) or watched.release.id in self._listening:
            return
        if time.monotonic() - watched.listened < LISTEN_EVERY:
            return
        watched.listened = time.monotonic()
        self._listening.add(watched.release.id)
        self._later(self._hear, watched.release.id)

    def _hear(self, release: str) -> None:
        try:
            hear(Release.objects.get(id=release))
        except NinethirtyError as silent:
            log.info("ticket.unheard", release=release, why=str(silent))
        finally:
            self._listening.discard(release)
            connection.close()

    def _redraft(self, release: str, facts: list[Fact]) -> None:
        if not out_of_date(facts):
            return
        now = self._clock.now()
        drafted = redraft(Release.objects.get(id=release), facts)
        with suppress(AlreadyHappened):
            append(
                release,
                drafted.kind,
                at=drafted.at,
                recorded=now,
                actor=self._pulse.name,
                key=f"{release}/{drafted.key}",
                details=drafted.details,
            )


def _say_if_broken(done: Future[None]) -> None:
    broken = done.exception()
    if broken:
        log.error("runner.broken", why=repr(broken), exc_info=broken)


def run(stop: threading.Event) -> None:
    """Rounds until told to stop, or until a step could not be recorded; steps begun are finished
    first. The service manager starts us again, and what we had claimed is taken over at once."""
    pulse = Pulse(setup().home / "runners")
    try:
        with ThreadPoolExecutor(max_workers=12) as workers:
            runner = Runner(pulse, workers)
            while not stop.is_set():
                runner.round()
                if runner.broken:
                    raise runner.broken
                close_old_connections()
                stop.wait(ROUND)
    finally:
        pulse.stop()
