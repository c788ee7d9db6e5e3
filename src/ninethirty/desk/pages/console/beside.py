"""What changed between the bundle that was sealed last and the one that stands now."""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from ninethirty.core.page import visible_text
from ninethirty.core.seal import File, Manifest

LARGEST_BYTES = 2_000_000
"""Of a file whose lines are laid beside each other."""

MOST_LINES = 200
_WORDS = 12
"""Of a page's text, on a line."""


@dataclass(frozen=True)
class Changed:
    """A file that is not as it was. was, now: None: it was not there, it is there no more.
    lines: what was beside what is, where it is text."""

    name: str
    was: File | None
    now: File | None
    lines: tuple[tuple[str, str], ...] = ()


def beside(was: Manifest, now: Manifest, read: Callable[[str], bytes]) -> list[Changed]:
    """read: the bytes with a digest. Files that did not change are left out."""
    before = {file.name: file for file in was.files}
    after = {file.name: file for file in now.files}
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        both = old and new and max(old.size_bytes, new.size_bytes) <= LARGEST_BYTES
        lines = tuple(_lines(old, new, read)) if both and old and new else ()
        found.append(Changed(name, old, new, lines))
    return found


def _lines(old: File, new: File, read: Callable[[str], bytes]) -> Iterator[tuple[str, str]]:
    if not new.media_type.startswith("text/"):
        return
    left, right = (_text(file, read(file.digest)) for file in (old, new))
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    pairs = (
        pair
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
        for pair in _pairs(left[a:b], right[c:d])
    )
    yield from islice(pairs, MOST_LINES)


def _pairs(left: list[str], right: list[str]) -> Iterator[tuple[str, str]]:
    for place in range(max(len(left), len(right))):
        yield (
            left[place] if place < len(left) else "",
            right[place] if place < len(right) else "",
        )


def _text(file: File, content: bytes) -> list[str]:
    text = content.decode(errors="replace")
    if not file.media_type.startswith("text/html"):
        return text.splitlines()[: 10 * MOST_LINES]
    words = visible_text(text).split()
    return [" ".join(words[at : at + _WORDS]) for at in range(0, len(words), _WORDS)]
