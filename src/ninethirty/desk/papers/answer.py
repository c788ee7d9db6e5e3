"""What a help desk's answer states: a cause, a fix. Cues only; a person reads the words."""

import re

from ninethirty.core.facts import Kind

_CAUSE = re.compile(r"\b(caused? (?:by|was|of)|the cause|because|due to|reason (?:was|is))\b", re.I)
_FIX = re.compile(r"\b(fix(?:ed)?|deploy(?:ed|ing)?|resolved|put right)\b", re.I)


def states(text: str) -> list[Kind]:
    found = []
    if _CAUSE.search(text):
        found.append(Kind.CAUSE_STATED)
    if _FIX.search(text):
        found.append(Kind.FIX_REPORTED)
    return found
