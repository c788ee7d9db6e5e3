"""Letters of readers: each a small file beside the store, until a source has taken it.

    STORE/inbox/NAME        a whole letter; NAME.part while it is written

So much is kept and no more: a flood of letters fills no disk, and stops no page from being shown.
"""

import os
import secrets
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs

import structlog

from ninethirty.core import letter
from ninethirty.core.errors import Malformed, OutsideFailed
from ninethirty.core.letter import LONGEST_PATH, LONGEST_WORDS, Letter, Sent
from ninethirty.core.subscription import read_address
from ninethirty.core.times import Instant
from ninethirty.gate.source import Source

MOST = 1000
"""Letters that wait. Of these no more than half are about subscriptions, so that a flood of them
leaves room for whoever tells us that something is wrong."""

LONGEST_FORM = 28_000
"""Bytes: so many letters of four bytes each, percent-encoded, and a path."""

HAND_IN_EVERY = 0.5
REST = 5.0
"""Real seconds, while all is well, and after it was not."""

_PART = ".part"

log = structlog.get_logger()


def read_letter(path: str, body: bytes, now: Instant) -> Letter | None:
    """What was posted to this path; None: nothing can be posted there. The body of a link says
    nothing (RFC 8058 asks mail readers to send List-Unsubscribe=One-Click).

    Raises:
        Malformed: in a sentence for whoever sent it.
    """
    if path == letter.PATH:
        return read_form(body, now)
    if path == letter.SUBSCRIBE_PATH:
        return read_wish(body, now)
    if link := letter.read_link(path):
        act, token = link
        return Letter("/", token, now, act)
    return None


def read_wish(body: bytes, now: Instant) -> Letter:
    """A form as a browser sends it: the fields `about`, `email` and, if it is ticked, `late`.

    Raises:
        Malformed: in a sentence for whoever sent it.
    """
    about, email, late = _fields(body, "about", "email", "late")
    address = read_address(email)
    _check_page(about)
    return Letter(about, address, now, Sent.SUBSCRIBE, late=bool(late))


def read_form(body: bytes, now: Instant) -> Letter:
    """A form as a browser sends it: the fields `about` and `words`.

    Raises:
        Malformed: in a sentence for whoever sent it.
    """
    about, words = _fields(body, "about", "words")
    if not words:
        raise Malformed("Nothing was written. Please say what is wrong.")
    if len(words) > LONGEST_WORDS:
        raise Malformed(f"Please say it in at most {LONGEST_WORDS} letters.")
    _check_page(about)
    # PostgreSQL keeps no text with a NUL in it.
    return Letter(about, words.replace("\0", "\ufffd"), now)


def _fields(body: bytes, *names: str) -> list[str]:
    if len(body) > LONGEST_FORM:
        raise Malformed("That is too long. Please tell us in fewer words.")
    try:
        fields = parse_qs(body.decode(), strict_parsing=True, errors="strict", max_num_fields=8)
    except ValueError as wrong:
        raise Malformed("That could not be read. Please use the form on our page.") from wrong
    return [fields.get(name, [""])[0].strip() for name in names]


def _check_page(about: str) -> None:
    if not about.startswith("/") or len(about) > LONGEST_PATH or not about.isprintable():
        raise Malformed("It is not clear which page that is about. Please use the form there.")


class Inbox:
    def __init__(self, store: Path) -> None:
        self._folder = store / "inbox"

    def put(self, new: Letter) -> bool:
        """False: there is no room; the writer has to be told. Raises OSError."""
        self._folder.mkdir(exist_ok=True)
        most = MOST if new.sent is Sent.WRONG else MOST // 2
        if sum(1 for _ in self._folder.iterdir()) >= most:
            return False
        name = f"{new.at:%Y%m%dT%H%M%S%f}-{secrets.token_hex(8)}"
        part = self._folder / f"{name}{_PART}"
        with part.open("wb") as file:
            file.write(letter.write(new))
            file.flush()
            os.fsync(file.fileno())
        part.rename(self._folder / name)
        return True

    def waiting(self) -> list[Path]:
        """Oldest first."""
        try:
            return sorted(place for place in self._folder.iterdir() if place.suffix != _PART)
        except FileNotFoundError:
            return []

    def hand_in(self, gate: str, sources: Sequence[Source]) -> int:
        """Give what waits to the first source that takes it; how many it took.

        A letter that was taken but is still here, because we died in between, is given again under
        the same name.

        Raises:
            OutsideFailed, OSError: none takes anything now.
        """
        letters = self.waiting()
        for place in letters:
            _give(gate, place, sources)
            place.unlink()
        return len(letters)


def _give(gate: str, place: Path, sources: Sequence[Source]) -> None:
    body = place.read_bytes()
    for source in sources[:-1]:
        try:
            source.hand_in(gate, place.name, body)
        except (OutsideFailed, OSError):
            continue
        return
    sources[-1].hand_in(gate, place.name, body)


def start(store: Path, gate: str, sources: Sequence[Source]) -> None:
    threading.Thread(
        target=_keep_handing_in, args=(Inbox(store), gate, sources), name="inbox", daemon=True
    ).start()


def _keep_handing_in(inbox: Inbox, gate: str, sources: Sequence[Source]) -> None:
    said = ""
    while True:
        try:
            inbox.hand_in(gate, sources)
            said = ""
        except (OutsideFailed, OSError) as failed:
            if str(failed) != said:
                said = str(failed)
                log.error("gate.letters_wait", gate=gate, reason=said)
        time.sleep(REST if said else HAND_IN_EVERY)
