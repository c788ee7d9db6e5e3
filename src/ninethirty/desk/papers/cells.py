"""What stands in a cell of the form: an address, a person. Each read or left open."""

import re

from ninethirty.core.breach import Field, Gap, Said
from ninethirty.desk.papers.marks import plain

_URL = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"\u201c\u201d]+", re.IGNORECASE)
_URL_BROKEN = re.compile(r"\s*\n\s*[^\s@]*[/-][^\s@]*\s*$")
"""Below an address: one more word that looks like the rest of it."""
EMAIL = re.compile(r"[\w.+'\u2019-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
TELEPHONE = re.compile(
    r"(?<![\w@./-])(?:\+|\(?0)[0-9()\-\u2013. \xa0]{7,40}[0-9](?!\w)"
    r"(?:\s?(?:ext|x)\.?\s?[0-9]{1,6}\b)?",
    re.IGNORECASE,
)
_SEPARATORS = " \t\n\xa0,;:|/-\u2013\u2014"
_PROMPT = re.compile(
    r"(?:\b(?:e-?mail|tel|telephone|phone|mobile|name|contact)(?:\s+(?:address|number|no))?"
    r"[\s.:]*)+$|^\s*name\s*:",
    re.IGNORECASE,
)
_LONGEST_QUOTE = 200


def blank(asks: str) -> Gap:
    return Gap(f"{asks}: the form does not say")


def unread(asks: str, words: str) -> Gap:
    quoted = plain(words)
    if len(quoted) > _LONGEST_QUOTE:
        quoted = quoted[:_LONGEST_QUOTE] + "…"
    return Gap(f"{asks}: the form says “{quoted}”")


def as_written(words: str, asks: str) -> Field:
    return Said(plain(words), words=words) if words.strip() else blank(asks)


def read_title(words: str, asks: str) -> Field:
    """What is left without the addresses. Two outputs in one report have two titles."""
    titles = [title for piece in _URL.split(words) if (title := _without_edges(piece))]
    match titles:
        case []:
            return unread(asks, words) if words.strip() else blank(asks)
        case [title]:
            return Said(plain(title), words=title)
        case _:
            return Said("; ".join(plain(title) for title in titles), words=words)


def read_link(words: str, asks: str) -> Field:
    found = list(_URL.finditer(words))
    if not words.strip():
        return blank(asks)
    if len(found) != 1 or _URL_BROKEN.match(words, found[0].end()):
        return unread(asks, words)
    address = found[0].group().rstrip(".,;:)]'\u2019\u201d")
    return Said(address, words=address)


def read_links(words: str, asks: str) -> tuple[Field, ...]:
    """Two outputs in one report have two addresses."""
    found = list(_URL.finditer(words))
    if len(found) < 2 or any(_URL_BROKEN.match(words, match.end()) for match in found[:-1]):
        return (read_link(words, asks),)
    return tuple(read_link(one.group(), asks) for one in found)


def read_email(words: str, asks: str) -> Field:
    return _only(set(EMAIL.findall(words)), words, asks)


def read_telephone(words: str, asks: str) -> Field:
    numbers = {match.group() for match in TELEPHONE.finditer(words)}
    # Fewer digits are a date, more are two numbers side by side.
    whole = all(10 <= sum(sign.isdigit() for sign in number) <= 17 for number in numbers)
    return _only(numbers if whole else set(), words, asks)


def read_name(words: str, asks: str) -> Field:
    """What the cell begins with, before any e-mail address or telephone number."""
    starts = [m.start() for p in (EMAIL, TELEPHONE, _URL) for m in p.finditer(words)]
    name = words[: min(starts, default=len(words))]
    before = None
    while name != before:
        before, name = name, _without_edges(_PROMPT.sub("", name))
    if name:
        return Said(plain(name), words=name)
    return unread(asks, words) if words.strip() else blank(asks)


def _only(found: set[str], words: str, asks: str) -> Field:
    if len(found) == 1:
        one = found.pop()
        return Said(plain(one), words=one)
    return unread(asks, words) if words.strip() else blank(asks)


def _without_edges(words: str) -> str:
    """Without the separators and halves of brackets that stood around an address."""
    return words.lstrip(_SEPARATORS + ")>]").rstrip(_SEPARATORS + "(<[")
