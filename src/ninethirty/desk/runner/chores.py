"""What a runner sees to besides the steps of releases: mail, signing, the site, reports."""

import time
from collections.abc import Callable, Set
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from django.db import connection

from ninethirty.core.errors import ChainBroken, NinethirtyError, OutsideFailed
from ninethirty.desk.actions.mail_out import mail_out
from ninethirty.desk.actions.reports.hear import ask_bodies
from ninethirty.desk.actions.reports.remind import remind
from ninethirty.desk.actions.show import is_running_out, roll
from ninethirty.desk.actions.show_punctuality import show_punctuality
from ninethirty.desk.actions.sign_heads import sign_heads
from ninethirty.desk.actions.take_letters import take_letters
from ninethirty.desk.actions.take_returned import take_returned
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.runner.pulse import Pulse
from ninethirty.desk.runner.waking import wake
from ninethirty.desk.service import SUBSCRIBERS
from ninethirty.desk.setup import setup

SIGN_EVERY = 1.0
"""Real seconds between two looks whether the ends of the timelines are to be signed."""

MAIL_EVERY = 1.0
"""Real seconds between two looks whether subscribers are to be mailed."""

RETURNED_EVERY = 60.0
"""Real seconds between two looks at mail that came back."""

ROLL_EVERY = 1.0
"""Real seconds between two looks whether pages of the site are to be rendered."""

WAKE_EVERY = 3600.0
"""Real seconds between two pages about one site that stands still."""

ACCOUNT_EVERY = 300.0
"""Real seconds between two looks at what is due for breach reports."""

log = structlog.get_logger()


class Chores:
    """Each in a thread of its own, and not again before it is done: a hundred thousand mails, all
    pages of a large site, a body that does not answer must not keep a round from a release."""

    def __init__(self, pulse: Pulse, workers: ThreadPoolExecutor) -> None:
        self._pulse = pulse
        self._workers = workers
        self._last: dict[str, float] = {}
        """When each was done last (real seconds). Under way: for ever."""
        self._returned = 0.0
        self._woken = float("-inf")

    def begin(self) -> None:
        """Begin with those whose time has come. Raises Lost."""
        self._take_letters()
        if SUBSCRIBERS in setup().services and self._is_due("mail", MAIL_EVERY):
            # Asked here: the pulse is not for other threads.
            self._aside("mail", partial(self._mail, self._pulse.alive()))
        if self._is_due("signing", SIGN_EVERY):
            self._aside("signing", self._sign)
        if setup().public_site and self._is_due("site", ROLL_EVERY):
            self._aside("site", self._roll)
        if not setup().clock().drill and self._is_due("reports", ACCOUNT_EVERY):
            self._aside("reports", self._account)

    def _is_due(self, chore: str, every: float) -> bool:
        return time.monotonic() - self._last.get(chore, 0.0) >= every

    def _aside(self, chore: str, act: Callable[[], None]) -> None:
        self._last[chore] = float("inf")
        self._workers.submit(self._do, chore, act)

    def _do(self, chore: str, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as wrong:  # done at the next turn
            log.error("chore.undone", chore=chore, why=repr(wrong), exc_info=wrong)
        finally:
            self._last[chore] = time.monotonic()
            connection.close()

    def _take_letters(self) -> None:
        try:
            take_letters(by=self._pulse.name)
        except OutsideFailed as failed:
            log.error("letters.wait", why=str(failed))

    def _mail(self, alive: Set[str]) -> None:
        try:
            mail_out(alive, by=self._pulse.name)
            if time.monotonic() - self._returned > RETURNED_EVERY:
                self._returned = time.monotonic()
                take_returned(by=self._pulse.name)
        except OutsideFailed as failed:
            log.warning("mail.waits", why=str(failed))

    def _sign(self) -> None:
        try:
            sign_heads(by=self._pulse.name)
        except ChainBroken as broken:
            log.error("record.broken", why=str(broken))
            wake(Alert(f"lead: {broken}", "record"))

    def _roll(self) -> None:
        """Where the gate is the producer's site: show what is news, and go on with time."""
        try:
            roll(by=self._pulse.name)
        except (NinethirtyError, OSError) as wrong:
            log.error("site.not_rolled", why=str(wrong), exc_info=wrong)
        told = Alert("lead: in a day the pages of the site stand still", "site")
        due = is_running_out() and time.monotonic() - self._woken > WAKE_EVERY
        if due and wake(told):
            self._woken = time.monotonic()

    def _account(self) -> None:
        """Remind people of reports that are due, ask bodies what became of those they have, and
        show how promises were kept."""
        remind(by=self._pulse.name)
        ask_bodies()
        show_punctuality(setup().clock().now())
