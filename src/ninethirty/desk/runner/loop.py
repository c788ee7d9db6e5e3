"""Ask what is due, and do it; nothing is remembered between two rounds that facts do not hold."""

import gc
import queue
import sqlite3
import threading
import time
from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC
from functools import partial

import psycopg
import structlog
from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from ninethirty.core.decide import decide
from ninethirty.core.errors import (
    AlreadyHappened,
    NinethirtyError,
)
from ninethirty.core.escalation import Page
from ninethirty.core.facts import Kind
from ninethirty.core.progress import Claim
from ninethirty.core.runbook import Due, Hold, Step
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Call, Verdict
from ninethirty.desk.actions.ask_platform import hear
from ninethirty.desk.actions.draft_report import out_of_date, redraft
from ninethirty.desk.actions.hear_replies import hear_replies
from ninethirty.desk.actions.on_call import on_call
from ninethirty.desk.actions.page_person import alert, paged
from ninethirty.desk.actions.reports.enter import keep_draft
from ninethirty.desk.actions.step import Happened
from ninethirty.desk.outside.notices.channels import in_use
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.record.facts import append, facts_after
from ninethirty.desk.record.models import Release
from ninethirty.desk.record.newest import newest
from ninethirty.desk.runner.book import ALARMS, STEPS, Action, book_for, paging
from ninethirty.desk.runner.chores import Chores
from ninethirty.desk.runner.perform import Try, claim
from ninethirty.desk.runner.pulse import Lost, Pulse, pulse
from ninethirty.desk.runner.waking import wake
from ninethirty.desk.runner.watched import Watched
from ninethirty.desk.service import SUBSCRIBERS
from ninethirty.desk.setup import setup

POLL = 1.0
"""Real seconds between two rounds if nothing wakes us, and nothing was to be waited for."""

POLL_CLAIMS = 0.2
"""The same while another runner has claimed a step, or one of ours waits for room: the death of
that runner, and a step that turns out to be another's, wake nobody."""

POLL_DRILL = 0.1
"""The same in a drill, where an hour may be over in a second."""

POLL_REST = 0.02
"""The same while sightings wait to be judged."""

LISTEN_EVERY = 1.0
"""Real seconds between two readings of a ticket."""

AGAIN = 0.5
"""Real seconds before we try anew to reach the database."""

FEW = 8
"""With so many steps under way a thread keeps its connection for the next of them."""

MOST_AT_ONCE = 64
"""Steps under way. Threads are made as they are needed; one that hangs takes one."""

ASIDE = 8
"""Threads that steps leave free, for pages by the second route, answers to tickets, signing."""

_NEVER = Instant(9999, 1, 1, tzinfo=UTC)

log = structlog.get_logger()

Running = tuple[str, str, int]
"""A release, one of its steps, and the attempt."""


class Runner:
    def __init__(self, pulse: Pulse, workers: ThreadPoolExecutor) -> None:
        self.pulse = pulse
        self._workers = workers
        self._chores = Chores(pulse, workers)
        self._clock = setup().clock()
        self._watched: dict[str, Watched] = {}
        self._waking: set[str] = set()
        """Pages on their way by the second route."""
        self._sightings: dict[str, int] = {}
        """How many of each release were read."""
        self._due: list[Try] = []
        """What this round has found due, to be claimed at its end."""
        self._running: dict[Running, float] = {}
        """What we perform, since when (real seconds)."""
        self._ended: queue.SimpleQueue[Running] = queue.SimpleQueue()
        self._kept: set[BaseDatabaseWrapper] = set()
        """Connections that threads keep open for their next step."""
        self._first_seen: dict[tuple[str, Claim], float] = {}
        """When we first saw a claim of another (real seconds): two machines' clocks may differ."""
        self._alive: set[str] | None = None
        told = (SUBSCRIBERS,) if SUBSCRIBERS in setup().services else ()
        self._book = book_for((*in_use(setup()), *told), len(setup().copies), setup().languages)
        self._rest = False
        """There are sightings that wait to be judged."""
        self._seen_now: dict[tuple[str, Claim], float] = {}
        self._looked_at_ours = 0.0
        self._look_at_ours = True
        self._listened: dict[str, float] = {}
        self.broken: Exception | None = None
        """What kept a step from even being recorded. The step is claimed by us, so nobody takes it
        over while we live: end the process."""

    def round(self) -> None:
        """Look at every release of which there is news, or whose time has come."""
        self._alive = None
        self._rest = False
        self._look_at_ours = time.monotonic() - self._looked_at_ours > POLL
        if self._look_at_ours:
            self._looked_at_ours = time.monotonic()
        # Before the facts are read: what ended is then among them.
        while not self._ended.empty():
            self._running.pop(self._ended.get(), None)
        there = newest()
        self._meet(there.keys())
        news = facts_after(
            {
                id: one.progress.n
                for id, one in self._watched.items()
                if there[id].facts > one.progress.n
            }
        )
        for id, watched in list(self._watched.items()):
            seen_more = there[id].sightings != self._sightings.get(id, 0)
            if seen_more and watched.rests:
                seen_more, self._rest = False, True
            try:
                watched.heard(news.get(id, ()))
                self._advance(watched, news=id in news, seen_more=seen_more)
                if seen_more:
                    self._sightings[id] = there[id].sightings
            except Lost:
                raise
            except Exception as wrong:  # one bad release must not stop the others
                log.error("release.skipped", release=id, why=repr(wrong), exc_info=wrong)
        self._claim()
        self._first_seen, self._seen_now = self._seen_now, {}
        self._chores.begin()

    def wait(self) -> None:
        """Until there is news, or a time has come. Raises Lost."""
        if self._rest:
            self.pulse.wait(POLL_REST)
            return
        if self._clock.drill:
            self.pulse.wait(POLL_DRILL)
            return
        waits = any(one.waits for one in self._watched.values())
        pause = POLL_CLAIMS if waits or self._first_seen else POLL
        wakes = [one.wake for one in self._watched.values() if one.wake]
        if wakes:
            pause = min(pause, max(0.0, self._clock.seconds_until(min(wakes))))
        self.pulse.wait(pause)

    def _meet(self, open_now: Set[str]) -> None:
        """Know the releases that are open, and forget those that are not."""
        for gone in self._watched.keys() - open_now:
            del self._watched[gone]
            self._sightings.pop(gone, None)
            self._listened.pop(gone, None)
        for new in sorted(open_now - self._watched.keys()):
            self._watched[new] = Watched(new)

    def _advance(self, watched: Watched, *, news: bool, seen_more: bool) -> None:
        now = self._clock.now()
        self._listen(watched)
        # What we perform ourselves brings news when it ends; that it hangs is seen soon enough.
        claimed = any(
            tries.unfinished and (self._look_at_ours or tries.unfinished.runner != self.pulse.name)
            for tries in watched.progress.tries.values()
        )
        due_now = watched.wake is None or watched.wake <= now
        may_begin = watched.waits and self._has_room()
        if not (news or seen_more or claimed or due_now or may_begin):
            return
        if watched.judge(now, news=seen_more):
            # What was concluded is a fact; act on it in this round.
            watched.heard(
                facts_after({watched.release: watched.progress.n}).get(watched.release, ())
            )
        self._act(watched, now)
        self._redraft(watched)

    def _act(self, watched: Watched, now: Instant) -> None:
        hold = partial(self._hold, watched.release)
        made = decide(self._book, ALARMS, watched.progress, now, hold)
        watched.waits = False
        wakes = [watched.next_judgement(now), made.wake]
        watched.wake = min((at for at in wakes if at), default=_NEVER)
        for due in made.due:
            page = made.pages.get(due.step.name)
            self._start(watched, due, paging(page) if page else self._book[due.step])
        for step, page in made.second_route:
            self._page_for(watched.release, step, page, now)

    def _hold(self, release: str, claim: Claim) -> Hold:
        """How a claim stands, by real time: a drill's hour is no hour for a service."""
        limit = STEPS[claim.step].limit.total_seconds() if claim.step in STEPS else 30.0
        if claim.runner == self.pulse.name:
            since = self._running.get((release, claim.step, claim.attempt))
            if since is None:
                return Hold.FREE
        else:
            if self._alive is None:
                self._alive = self.pulse.alive()
            if claim.runner not in self._alive:
                return Hold.FREE
            since = self._first_seen.get((release, claim), time.monotonic())
            self._seen_now[release, claim] = since
        return Hold.LAPSED if time.monotonic() - since > limit else Hold.HELD

    def _start(self, watched: Watched, due: Due, action: Action | None) -> None:
        running = (watched.release, due.step.name, due.attempt)
        if running in self._running:
            return
        assert action is not None, f"{due.step.name} is done by people"
        if not self._has_room():
            # Claimed now it would wait, and others would take us for stopped.
            watched.waits = True
            return
        self._running[running] = time.monotonic()
        verdict = watched.verdict or Verdict(Call.WAITING, self._clock.now())
        self._due.append(Try(watched.release, due, action, self.pulse.name, verdict, watched.facts))

    def _has_room(self) -> bool:
        return len(self._running) < MOST_AT_ONCE

    def _claim(self) -> None:
        """All that is due in one transaction, and begin with it. Whatever else may be wrong with
        one of them, the others are begun."""
        due, self._due = self._due, []
        for one, claimed in zip(due, claim(due), strict=True):
            running = (one.release, one.due.step.name, one.due.attempt)
            if isinstance(claimed, Exception):
                log.error("step.not_claimed", step=running, why=repr(claimed), exc_info=claimed)
                del self._running[running]
            else:
                self._workers.submit(self._perform, running, one, claimed)

    def _perform(self, running: Running, one: Try, claimed: bool) -> None:
        try:
            one.perform(claimed=claimed)
        except Exception as broken:  # ends the process, which is seen to
            log.error("runner.broken", why=repr(broken), exc_info=broken)
            self.broken = broken
        finally:
            self._ended.put(running)
            if len(self._running) < FEW:
                connection.close()
            else:
                self._kept.add(connections[DEFAULT_DB_ALIAS])

    def leave(self) -> None:
        """When its threads have ended: close what they had kept open for the next step."""
        for one in self._kept:
            one.inc_thread_sharing()
            one.close()

    def _page_for(self, release: str, step: Step, page: Page, now: Instant) -> None:
        """By the second route, past whatever the step is stuck in, and aside: it may take a while.
        A page may come twice, so it goes out before it is written down."""
        person = on_call(now).get(page.to, "")
        told = alert(release, page, f"{step.name} is not done", person)
        if told.key not in self._waking:
            self._waking.add(told.key)
            self._workers.submit(self._wake_and_tell, release, told, paged(page, step=step.name))

    def _wake_and_tell(self, release: str, told: Alert, happened: Happened) -> None:
        try:
            if not wake(told):
                if release in self._watched:
                    self._watched[release].wake = None  # and try again in the next round
                return
            now = self._clock.now()
            with suppress(AlreadyHappened):
                append(
                    release,
                    happened.kind,
                    at=now,
                    recorded=now,
                    actor=self.pulse.name,
                    key=f"{release}/{happened.key}",
                    details=happened.details,
                )
        except Exception as wrong:
            log.error("page.not_recorded", release=release, why=repr(wrong), exc_info=wrong)
        finally:
            self._waking.discard(told.key)
            connection.close()

    def _listen(self, watched: Watched) -> None:
        if not (watched.progress.first(Kind.TICKET_RAISED) or watched.progress.pages):
            return
        last = self._listened.get(watched.release, 0.0)
        if time.monotonic() - last < LISTEN_EVERY:
            return
        # Not before this one is heard out, however long that takes.
        self._listened[watched.release] = float("inf")
        self._workers.submit(self._hear, watched.release)

    def _hear(self, release: str) -> None:
        try:
            row = Release.objects.get(id=release)
            if row.ticket:
                hear(row)
            hear_replies(release, by=self.pulse.name)
        except NinethirtyError as silent:
            log.info("ticket.unheard", release=release, why=str(silent))
        except Exception as wrong:  # heard again in a second
            log.error("ticket.unheard", release=release, why=repr(wrong), exc_info=wrong)
        finally:
            self._listened[release] = time.monotonic()
            connection.close()

    def _redraft(self, watched: Watched) -> None:
        if not out_of_date(watched.facts):
            return
        now = self._clock.now()
        drafted = redraft(Release.objects.get(id=watched.release), watched.facts)
        with suppress(AlreadyHappened):
            append(
                watched.release,
                drafted.kind,
                at=drafted.at or now,
                recorded=now,
                actor=self.pulse.name,
                key=f"{watched.release}/{drafted.key}",
                details=drafted.details,
            )
        keep_draft(Release.objects.get(id=watched.release))


def run(stop: threading.Event) -> None:
    """Rounds until told to stop, or until a step could not be recorded; steps begun are finished
    first. The service manager starts us again, and what we had claimed is taken over at once."""
    # What is loaded by now stays: no need to look through it for garbage in the middle of a day.
    gc.freeze()
    runner: Runner | None = None
    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE + ASIDE) as workers:
        try:
            while not stop.is_set():
                try:
                    close_old_connections()
                    if runner is None:
                        runner = Runner(pulse(setup()), workers)
                    runner.round()
                    if runner.broken:
                        raise runner.broken
                    runner.wait()
                except (Lost, *_UNREACHABLE) as lost:
                    # Our lock may be free: go on under another name, with nothing remembered.
                    # Steps under way read their claim again before they act.
                    log.warning("runner.cut_off", why=repr(lost))
                    if runner and runner.broken:
                        raise
                    if runner:
                        runner.pulse.stop()
                        runner = None
                    stop.wait(AGAIN)
        finally:
            if runner:
                runner.pulse.stop()
    if runner:
        runner.leave()


_UNREACHABLE = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    sqlite3.OperationalError,
)
