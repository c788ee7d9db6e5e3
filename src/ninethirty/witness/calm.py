"""When what is there may be looked at seldom: it is whole, and has stayed the same."""

from collections.abc import Collection

from ninethirty.core.sighting import Sighting, Trouble

ROUNDS = 5
"""Rounds in a row with the same content."""


class Calm:
    """The content of each part as last seen, and for how many rounds nothing has changed.

    A witness cannot tell right from wrong (it holds keyed hashes only), but it can tell that
    something is there and stays.
    """

    def __init__(self, parts: Collection[str]) -> None:
        self._content = dict.fromkeys(parts, "")
        self._rounds = 0

    def add(self, round_of_looks: Collection[Sighting]) -> None:
        found = {look.part: _content(look) for look in round_of_looks}
        whole = found.keys() == self._content.keys() and all(found.values())
        same = found == self._content
        # The first round with new content counts as one.
        self._rounds = (self._rounds if same else 0) + 1 if whole else 0
        self._content |= found

    def __bool__(self) -> bool:
        return self._rounds >= ROUNDS


def is_there(look: Sighting) -> bool:
    """Something that could be the release was answered."""
    return look.trouble is Trouble.NONE and look.status == 200 and not look.placeholder


def _content(look: Sighting) -> str:
    # A page's bytes change by the minute (nonces); its words do not.
    return (look.text_digest or look.digest) if is_there(look) else ""
