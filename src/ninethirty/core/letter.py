"""What a reader sends us through a form or a link on our pages.

The gate takes it as a bounded POST and keeps it until the desk has it. It neither knows nor tells
whether the desk will do anything with it: a token that is nobody's is answered like any other.

    /something-is-wrong             what is wrong, and on which page; no name is asked for
    /subscribe                      an address to be told at, and the page of what
    /subscription/ACT/TOKEN         confirm, leave, erase: the links in our mail
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from ninethirty.core.document import canonical
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.times import Instant

PATH = "/something-is-wrong"
SUBSCRIBE_PATH = "/subscribe"

LONGEST_WORDS = 2000
LONGEST_PATH = 300
"""Letters."""


class Sent(StrEnum):
    """What kind of letter it is."""

    WRONG = "wrong"
    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    LEAVE = "leave"
    ERASE = "erase"


LINKS = (Sent.CONFIRM, Sent.LEAVE, Sent.ERASE)

_LINK = re.compile(rf"/subscription/({'|'.join(LINKS)})/([A-Za-z0-9_-]{{1,100}})")


@dataclass(frozen=True)
class Letter:
    """about: the path of the page it was written on. words: what is wrong; an address to be told
    at; the token of a link. at: when the gate took it. late: tell them of lateness too."""

    about: str
    words: str
    at: Instant
    sent: Sent = Sent.WRONG
    late: bool = False


def link(act: Sent, token: str) -> str:
    return f"/subscription/{act}/{token}"


def read_link(path: str) -> tuple[Sent, str] | None:
    """The act and the token; None: no link of ours."""
    found = _LINK.fullmatch(path)
    return (Sent(found[1]), found[2]) if found else None


def write(letter: Letter) -> bytes:
    return canonical(
        {
            "about": letter.about,
            "words": letter.words,
            "at": letter.at.text(),
            "sent": str(letter.sent),
            "late": letter.late,
        }
    )


def read(body: bytes) -> Letter:
    """What `write` wrote, here or in an earlier version. Raises Malformed."""
    try:
        told = json.loads(body)
        about, words, at = told["about"], told["words"], Instant.parse(told["at"])
        sent = Sent(told.get("sent", Sent.WRONG))
        late = told.get("late") is True
    except (ValueError, LookupError, TypeError, RecursionError, NotAnInstant) as wrong:
        raise Malformed(f"not a letter ({type(wrong).__name__})") from wrong
    if not isinstance(about, str) or not isinstance(words, str):
        raise Malformed("not a letter (its words are no text)")
    if len(about) > LONGEST_PATH or len(words) > LONGEST_WORDS:
        raise Malformed("not a letter (too long)")
    return Letter(about, words, at, sent, late)
