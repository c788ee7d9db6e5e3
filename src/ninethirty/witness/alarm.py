"""The witness's own alarm: for the day on which the desk is down and the release is not there.

It pages a person if the desk has not taken the sightings of a confirmed failure within 30 s. It
knows an e-mail server and one webhook, and nothing else; it cannot publish, hold or tell users.
"""

import json
import smtplib
import tomllib
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from typing import Any

import structlog

from ninethirty.core.document import digest
from ninethirty.core.errors import CannotStart
from ninethirty.core.times import RealClock
from ninethirty.core.webhook import HEADER, sign
from ninethirty.witness.onward import host_of

log = structlog.get_logger()

PATIENCE = 30.0
"""Real seconds for the desk to take what a failure was found from."""

REPEATED_EVERY = 900.0
"""Real seconds. A page is repeated while the desk still takes nothing."""

TRIED_AGAIN = 10.0
"""Real seconds, when neither way took the page."""

TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class AlarmSetup:
    """smtp: HOST:PORT; sender, to: addresses. webhook: an address that takes a POST, which is
    signed with `secret` as `core.webhook` says."""

    smtp: str = ""
    sender: str = ""
    to: str = ""
    webhook: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Page:
    """key: the same for every page of an incident, so that a receiver can tell a repeat."""

    key: str
    subject: str
    text: str


def read_alarm(file: Path) -> AlarmSetup:
    """Raises CannotStart naming what is missing, unknown or of the wrong type."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise CannotStart(f"--alarm {file}: expected a TOML file, found none ({wrong})") from wrong
    names = [one.name for one in fields(AlarmSetup)]
    for name, value in told.items():
        if name not in names:
            raise CannotStart(f"--alarm {file}: expected {', '.join(names)}; found {name}")
        if not isinstance(value, str) or not value:
            raise CannotStart(f"--alarm {file}: {name}: expected a text, found {value!r}")
    found = AlarmSetup(**told)
    _check_whole(file, found, ("smtp", "sender", "to"))
    _check_whole(file, found, ("webhook", "secret"))
    if not found.smtp and not found.webhook:
        raise CannotStart(f"--alarm {file}: expected smtp or webhook, found neither")
    if found.smtp and not found.smtp.rpartition(":")[2].isdecimal():
        raise CannotStart(f"--alarm {file}: smtp: expected HOST:PORT, found {found.smtp}")
    if found.webhook and not host_of(found.webhook):
        raise CannotStart(f"--alarm {file}: webhook: expected an address, found {found.webhook}")
    return found


def _check_whole(file: Path, found: AlarmSetup, names: Sequence[str]) -> None:
    given = [name for name in names if getattr(found, name)]
    for name in names:
        if given and name not in given:
            raise CannotStart(f"--alarm {file}: expected {name} beside {given[0]}, found none")


class Alarm:
    """Told of failures; told the time; pages when it must. For one thread.

    taken: up to which place of the journal the desk has taken it. `folder` remembers who was
    paged, so that a witness started again does not begin anew.
    """

    def __init__(
        self,
        setup: AlarmSetup,
        folder: Path,
        taken: Callable[[], int],
        patience: float = PATIENCE,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._setup = setup
        self._folder = folder
        self._taken = taken
        self._patience = patience
        self._open: dict[str, _Open] = {}

    def failure(self, incident: str, words: str, place: int, now: float) -> None:
        """A confirmed failure, found from the journal up to `place`. Said again, it changes
        nothing. now: seconds of a monotonic clock."""
        if incident not in self._open and not self._done(incident).exists():
            self._open[incident] = _Open(words, place, now + self._patience)

    def turn(self, now: float) -> None:
        """Page for what the desk has not taken in time."""
        for incident, waiting in list(self._open.items()):
            if self._taken() >= waiting.place:
                # The desk knows, and pages people itself.
                del self._open[incident]
                self._done(incident).touch()
            elif now >= waiting.due:
                paged = page(self._setup, _page(incident, waiting.words, waiting.pages))
                waiting.pages += paged
                waiting.due = now + (REPEATED_EVERY if paged else TRIED_AGAIN)

    def _done(self, incident: str) -> Path:
        return self._folder / digest(incident.encode())


@dataclass
class _Open:
    words: str
    place: int
    due: float
    pages: int = 0


def page(setup: AlarmSetup, what: Page) -> bool:
    """By every way there is; whether one of them took it."""
    took = [way for way, send in _WAYS.items() if _sent(way, send, setup, what)]
    if took:
        log.warning("alarm.paged", key=what.key, by=took)
    return bool(took)


def _page(incident: str, words: str, before: int) -> Page:
    again = f" (page {before + 1})" if before else ""
    return Page(
        key=digest(incident.encode())[:16],
        subject=f"ninethirty: {incident}{again}",
        text=f"{words}\n\nThe desk has not taken what this witness saw, so nobody there may know.\n"
        f"Look yourself, and see to the desk. Repeated every {REPEATED_EVERY / 60:.0f} minutes "
        "until it has.\n",
    )


def _sent(
    way: str, send: Callable[[AlarmSetup, Page], bool], setup: AlarmSetup, what: Page
) -> bool:
    try:
        return send(setup, what)
    except (OSError, smtplib.SMTPException, HTTPException) as failed:
        log.error("alarm.failed", by=way, why=f"{type(failed).__name__}: {failed}")
        return False


def _mail(setup: AlarmSetup, what: Page) -> bool:
    if not setup.smtp:
        return False
    message = EmailMessage()
    message["From"] = setup.sender
    message["To"] = setup.to
    message["Subject"] = what.subject
    message["X-Ninethirty-Key"] = what.key
    message.set_content(what.text)
    host, _, port = setup.smtp.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=TIMEOUT_SECONDS) as server:
        server.send_message(message)
    return True


def _hook(setup: AlarmSetup, what: Page) -> bool:
    if not setup.webhook:
        return False
    said: dict[str, Any] = {"key": what.key, "subject": what.subject, "text": what.text}
    body = json.dumps(said).encode()
    # Real time, also in a drill: whoever receives it compares it with their own.
    signature = sign(setup.secret, RealClock().now(), body)
    headers = {"Content-Type": "application/json", HEADER: signature}
    request = urllib.request.Request(setup.webhook, body, headers)  # noqa: S310  # web only
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=TIMEOUT_SECONDS):
        return True


_WAYS: dict[str, Callable[[AlarmSetup, Page], bool]] = {"mail": _mail, "webhook": _hook}
