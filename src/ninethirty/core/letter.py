"""What a reader tells us: "something is wrong here".

A release page carries a form; the gate takes it as a bounded POST to PATH and keeps it until the
desk has it. No name is asked for, and none is needed: a letter says which page it is about, and
what is wrong.
"""

import json
from dataclasses import dataclass

from ninethirty.core.document import canonical
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.times import Instant

PATH = "/something-is-wrong"

LONGEST_WORDS = 2000
LONGEST_PATH = 300
"""Letters."""


@dataclass(frozen=True)
class Letter:
    """about: the path of the page it was written on. at: when the gate took it."""

    about: str
    words: str
    at: Instant


def write(letter: Letter) -> bytes:
    return canonical({"about": letter.about, "words": letter.words, "at": letter.at.text()})


def read(body: bytes) -> Letter:
    """What `write` wrote. Raises Malformed."""
    try:
        told = json.loads(body)
        about, words, at = told["about"], told["words"], Instant.parse(told["at"])
    except (ValueError, LookupError, TypeError, RecursionError, NotAnInstant) as wrong:
        raise Malformed(f"not a letter ({type(wrong).__name__})") from wrong
    if not isinstance(about, str) or not isinstance(words, str):
        raise Malformed("not a letter (its words are no text)")
    if len(about) > LONGEST_PATH or len(words) > LONGEST_WORDS:
        raise Malformed("not a letter (too long)")
    return Letter(about, words, at)
