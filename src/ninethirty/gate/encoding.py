"""Which encodings a reader takes (RFC 9110, section 12.5.3)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ninethirty.core.schedule import IDENTITY

ANY = "*"

_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def choose(accept_encoding: str, held: Mapping[str, int]) -> str:
    """The encoding to send, of those held (name -> size in bytes; identity is always held).

    What the reader likes best; among equals the smallest. Identity if nothing held is acceptable:
    a file too large for the reader's taste is better than none.
    """
    if not accept_encoding or len(held) == 1:
        return IDENTITY
    liked = qualities(accept_encoding)
    # Not named, identity is taken, but after everything that is.
    unnamed = liked.get(ANY, 0.0)
    ranked = [
        (liked.get(name, 0.0005 if name == IDENTITY and ANY not in liked else unnamed), -size, name)
        for name, size in held.items()
    ]
    best = max(ranked)
    return best[2] if best[0] > 0 else IDENTITY


@lru_cache(maxsize=512)
def qualities(accept_encoding: str) -> Mapping[str, float]:
    """Encoding -> how much it is liked, 0 to 1. What cannot be read counts as not wanted."""
    return dict(_quality(part) for part in accept_encoding.split(","))


def _quality(part: str) -> tuple[str, float]:
    name, *parameters = (word.strip() for word in part.split(";"))
    return name.lower(), _weight(parameters)


def _weight(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        found = _QUALITY.fullmatch(parameter.replace(" ", ""))
        return float(found[1]) if found else 0.0
    return 1.0
