"""What a help desk's answer states: a cause, a fix. Cues only; a person reads the words."""

import re

from ninethirty.core.facts import Kind

_CAUSE = re.compile(r"\b(caused? (?:by|was|of)|the cause|because|due to|reason (?:was|is))\b", re.I)
_FIX = re.compile(r"\b(fix(?:ed)?|deploy(?:ed|ing)?|resolved|put right)\b", re.I)
_NOT_YET = re.compile(
    r"\b(not|no|cannot|\w+n['\u2019]t|yet|unknown|unclear|unable|if|whether|once|when we|will|hope|"
    r"looking|look|investigat\w+|working on|work on|trying|try|to (?:find|fix|establish))\b|\?",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def states(text: str) -> list[Kind]:
    """A sentence that says it is not so, or not so yet, states nothing: what a regulator reads as
    said by the platform must have been said."""
    said = [sentence for sentence in _SENTENCE.split(text) if not _NOT_YET.search(sentence)]
    found = []
    if any(_CAUSE.search(sentence) for sentence in said):
        found.append(Kind.CAUSE_STATED)
    if any(_FIX.search(sentence) for sentence in said):
        found.append(Kind.FIX_REPORTED)
    return found
