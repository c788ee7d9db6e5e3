"""Practices of the Code as people write them: T3.6, "Principle 3 … Practice 6", Protocol 2.

Each edition numbers its demands in its own way, so a bare number means something only beside a word
that tells which way is meant. Where nothing tells, the cell stays open.
"""

import re
from collections.abc import Callable, Iterator

from ninethirty.core.breach import Field, Said
from ninethirty.desk.papers.cells import blank, unread

_CODE = re.compile(r"(?<![\w.])(T\s?[1-6]|Q\s?[1-3]|V\s?[1-5])(?:\.([0-9]{1,2}))?(?![\w]|\.[0-9])")
_ALSO = re.compile(r"\s*(?:,|and|&|/)\s*([1-6])\.([0-9]{1,2})(?![\w]|\.[0-9])")
_SPELT_OUT = re.compile(
    r"principle\s*([1-6])\b[^.;]{0,120}?practice\s*([0-9]{1,2})\b", re.IGNORECASE
)
_TRUSTWORTHINESS = re.compile(r"trustworth|orderly release|(?<!\w)T[1-6]\b", re.IGNORECASE)
_PROTOCOL = re.compile(
    r"\b(protocol|principle)\s*([1-8])\b(?:\.([0-9]{1,2})\b"
    r"|[^.;]{0,120}?\bpractices?\s*\(?([0-9]{1,2})\b)?",
    re.IGNORECASE,
)
_STANDARD = re.compile(r"\bstandard\s*([1-9]|10)\b(?!\.[0-9])", re.IGNORECASE)
_NUMBERED = re.compile(r"\bpractices?\s*([1-9]|10)\.([0-9]{1,2})(?![\w]|\.[0-9])", re.IGNORECASE)
_SPELT_OUT_DOUBT = "written as a principle and a practice; read as of the pillar Trustworthiness"

_Found = Iterator[tuple[int, str, str]]
"""Where it stands, its code, and what speaks against it."""


def read_practices(words: str, asks: str) -> tuple[Field, ...]:
    """Codes, each once. A principle stands alone only if none of its practices is there.

    "Principle 3 … Practice 6" is T3.6 if the words show that Trustworthiness is meant: codes of
    other years and pillars count from one too.
    """
    if not words.strip():
        return (blank(asks),)
    for read in _WAYS:
        found = {code: doubt for _, code, doubt in sorted(read(words), reverse=True)}
        codes = [code for code in reversed(found) if not any(_is_of(c, code) for c in found)]
        if codes:
            return tuple(Said(code, words=words, doubt=found[code]) for code in codes)
    return (unread(asks, words),)


def _is_of(practice: str, principle: str) -> bool:
    return practice.startswith(principle + ".")


def _pillars(words: str) -> _Found:
    """Of the editions 2.0 and 2.1."""
    for match in _CODE.finditer(words):
        principle = "".join(match[1].split())
        yield match.start(), f"{principle}.{match[2]}" if match[2] else principle, ""
        also = _ALSO.match(words, match.end())
        while match[2] and also and also[1] == principle[1]:  # T3.3 and 3.4
            yield also.start(), f"{principle}.{also[2]}", ""
            also = _ALSO.match(words, also.end())
    if _TRUSTWORTHINESS.search(words):
        for match in _SPELT_OUT.finditer(words):
            yield match.start(), f"T{match[1]}.{match[2]}", _SPELT_OUT_DOUBT


def _protocols(words: str) -> _Found:
    """Of 2009. Principles are told from later ones by the protocol beside them."""
    found = list(_PROTOCOL.finditer(words))
    if not any(match[1].lower() == "protocol" for match in found):
        return
    for match in found:
        practice = match[3] or match[4]
        whole = f"{match[1].capitalize()} {match[2]}"
        yield match.start(), f"{whole}.{practice}" if practice else whole, ""


def _standards(words: str) -> _Found:
    """Of the edition 3.0."""
    for match in _STANDARD.finditer(words):
        yield match.start(), f"Standard {match[1]}", ""
    for match in _NUMBERED.finditer(words):
        yield match.start(), f"{match[1]}.{match[2]}", ""


_WAYS: tuple[Callable[[str], _Found], ...] = (_pillars, _protocols, _standards)
