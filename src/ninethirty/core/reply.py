"""What a body answers by mail: its first line says so, in one of a few words, or a person reads."""

from dataclasses import dataclass

from ninethirty.core.report import Advice
from ninethirty.core.submission import Says


@dataclass(frozen=True)
class Reply:
    """advice: of ADVISED. text: all that was written below the first line."""

    says: Says
    advice: str
    text: str


FIRST_LINES = {
    "received": (Says.RECEIVED, ""),
    "is a breach": (Says.ADVISED, Advice.IS),
    "is not a breach": (Says.ADVISED, Advice.IS_NOT),
    "questions": (Says.RETURNED, ""),
    "accepted": (Says.ACCEPTED, ""),
}


def read_reply(words: str) -> Reply:
    """A line that says anything more or less is not taken for any of them: such a reply shows that
    the report arrived, and no more."""
    first, _, rest = words.strip().partition("\n")
    says, advice = FIRST_LINES.get(first.strip().strip(".:!").casefold(), (None, ""))
    text = rest.strip()
    if says is None or (says is Says.RETURNED and not text):
        return Reply(Says.RECEIVED, "", words.strip())
    return Reply(says, str(advice), text)
