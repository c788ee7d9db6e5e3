"""When what is there may be looked at seldom: it is whole, and has stayed the same."""

from collections.abc import Collection

from ninethirty.core.sighting import Sighting, Trouble
from ninethirty.core.watch import PAGE_PART

ROUNDS = 5
"""Looks at the page in a row with nothing changed anywhere."""


class Calm:
    """The content of each part as last seen, and for how many rounds nothing has changed.

    A witness cannot tell right from wrong (it holds keyed hashes only), but it can tell that
    something is there and stays.
    """

    def __init__(self, parts: Collection[str]) -> None:
        self._content = dict.fromkeys(parts, "")
        self._rounds = 0

    def add(self, look: Sighting) -> None:
        if look.part not in self._content:
            return
        found = _content(look)
        if found != self._content[look.part]:
            self._content[look.part] = found
            self._rounds = 0
        if look.part == PAGE_PART and all(self._content.values()):
            self._rounds += 1

    def __bool__(self) -> bool:
        return self._rounds >= ROUNDS and all(self._content.values())


def is_there(look: Sighting) -> bool:
    """Something that could be the release was answered."""
    return look.trouble is Trouble.NONE and look.status == 200 and not look.placeholder


def _content(look: Sighting) -> str:
    if not is_there(look):
        return ""
    if look.part.startswith("listing:"):
        return "linked" if look.mentions else ""
    # A page's bytes change by the minute (nonces); its words do not.
    return look.text_digest or look.digest
