"""A reader signs in: by a code mailed to the one address they were listed with, in one browser."""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction

from ninethirty.core.browser_key import read_key
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.times import Instant
from ninethirty.desk.actions.access.act import note, subject_of
from ninethirty.desk.actions.access.link import Asking, key_for, mail
from ninethirty.desk.actions.access.stands import check_stands
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import AccessEntry
from ninethirty.desk.setup import setup

CODE_LIVES = timedelta(minutes=10)
SENT_AGAIN_AFTER = timedelta(seconds=30)
MOST_TRIES = 5
_DIGITS = 8


def send_code(asking: Asking, *, by: str) -> None:
    """The one before is over. Nothing is sent to whoever would be shown nothing.

    Raises:
        NotAllowed: as `check_stands`, or one was sent just now. OutsideFailed: it was not mailed.
    """
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    with transaction.atomic():
        lock([subject_of(asking.release)])
        entry = check_stands(asking)
        now = setup().clock().now()
        if entry.code and entry.code_at and now < Instant.of(entry.code_at) + SENT_AGAIN_AFTER:
            raise NotAllowed("A code was sent to you just now. Look for it, or wait half a minute.")
        entry.code, entry.code_at, entry.tries = _digest(asking, code), now, 0
        entry.save(update_fields=["code", "code_at", "tries"])
    text = (
        f"Your code is {code}. It is good once, for ten minutes, on the page that your personal "
        "link leads to.\n\nIf you did not ask for it, somebody else has your link: tell whoever "
        "sent it to you.\n"
    )
    mail(entry.reader.address, "Your code", text, f"access/{entry.id}/code/{now.text()}")


def sign_in(asking: Asking, code: str, browser: str, *, accepts: bool, by: str) -> AccessEntry:
    """From now on this browser asks for them, and no other. browser: its public key; empty where it
    runs no script, so that everything takes a code of its own.

    Raises NotAllowed: as `check_stands`, a wrong or old code, or duties not accepted yet.
    """
    if browser:
        read_key(browser)
    wrong = ""
    with transaction.atomic():
        lock([subject_of(asking.release)])
        entry = check_stands(asking)
        if not entry.accepted and not accepts:
            raise NotAllowed("Accept the duties first: whoever sees it early has them by law.")
        wrong = use_code(entry, asking, code)
        if not wrong:
            entry.browser = browser
            note(asking.release, Kind.ACCESS_SIGNED_IN, by, entry=entry.id)
            if not entry.accepted:
                entry.accepted = setup().clock().now()
                note(asking.release, Kind.ACCESS_ACCEPTED, by, entry=entry.id)
            entry.save(update_fields=["browser", "accepted"])
    if wrong:
        raise NotAllowed(wrong)
    return entry


def use_code(entry: AccessEntry, asking: Asking, code: str) -> str:
    """Why it is not good, or nothing; either way it is written that it was tried. Its head is
    locked."""
    now = setup().clock().now()
    live = entry.code and entry.code_at and now < Instant.of(entry.code_at) + CODE_LIVES
    if not live or entry.tries >= MOST_TRIES:
        return "That code is over. Ask for another one."
    good = hmac.compare_digest(entry.code, _digest(asking, "".join(code.split())))
    entry.tries += 1
    entry.code = "" if good else entry.code
    entry.save(update_fields=["code", "tries"])
    return "" if good else "That is not the code. Look at the newest mail, and type all its digits."


def _digest(asking: Asking, code: str) -> str:
    """Whoever reads the database cannot try all codes: it takes the desk's key."""
    told = f"{asking.entry} {asking.number} {code}".encode()
    return hmac.new(key_for("codes of readers"), told, "sha256").hexdigest()
