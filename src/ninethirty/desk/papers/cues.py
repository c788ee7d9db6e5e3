"""Cues: the turns of phrase that show what happened at a time in an account.

Read the table as: a sentence that says this, tells of that. It is meant to miss rather than to
guess; a phrase that could mean two things is not in it.
"""

import re
from dataclasses import dataclass

from ninethirty.core.breach import Event

_MADE_PUBLIC = r"(?:upload|publish|post|made|make|mov|plac|put|available|accessible)\w*"
_SUPPORT = r"(?:support|help ?desk|service desk|platform|gds|gov\.uk|web team|supplier|provider)"
_SOCIAL = r"(?:twitter|linkedin|facebook|social media|mailing list)"

CUES: tuple[tuple[Event, str], ...] = (
    (Event.PROMISED, r"scheduled (?:\w+ ){0,2}time|scheduled (?:for|at)\b"),
    (Event.PROMISED, r"\b(?:pre-?)?(?:announced|planned|promised|agreed|set) (?:\w+ ){0,2}time"),
    (Event.PROMISED, r"\bdue (?:at|for|out at|to be (?:published|released)|to go live)\b"),
    (Event.PROMISED, r"\b(?:planned for|promised (?:for|at))\b"),
    (Event.PROMISED, r"\bshould have been (?:published|released|available)"),
    (
        Event.ALTERNATE_PUBLIC,
        _MADE_PUBLIC + r"\b.{0,60}\b(?:alternative|alternate|different|another|temporary)"
        r" (?:\S+ ){0,2}(?:link|part|page|location|address|url|site|website|section)\b",
    ),
    (Event.ALTERNATE_PUBLIC, _MADE_PUBLIC + r"\b.{0,60}\belsewhere"),
    (Event.ALTERNATE_PUBLIC, _MADE_PUBLIC + r"\b.{0,60}\bas an? news (?:story|item|article)"),
    (Event.USERS_TOLD, r"\btweet(?:ed)?\b"),
    (
        Event.USERS_TOLD,
        r"\b(?:publish|post|shar|announc|inform|told|notif|alert|sent|put)\w*\b.{0,60}"
        r"\b(?:on|via|through|by|to) (?:\w+ and )?" + _SOCIAL,
    ),
    (
        Event.USERS_TOLD,
        r"\b(?:informed|told|notified|alerted|e-?mailed)"
        r" (?:(?:our|all|the|its|their|key|registered) ){0,2}(?:users|subscribers|stakeholders)",
    ),
    (Event.USERS_TOLD, r"\b(?:users|subscribers) were (?:informed|told|notified|alerted)"),
    (
        Event.TICKET_RAISED,
        r"\b(?:raised|reported|logged|escalated|flagged)\b.{0,60}\b(?:with|to)\b.{0,40}\b"
        + _SUPPORT,
    ),
    (Event.TICKET_RAISED, r"\b(?:raised|logged|opened|submitted) an? (?:\w+ ){0,2}ticket\b"),
    (Event.TICKET_RAISED, r"\bticket (?:was|had been) (?:raised|logged|opened|submitted)"),
    (Event.TICKET_RAISED, r"\bcontacted (?:\S+ ){0,4}" + _SUPPORT),
    (
        Event.ANNOUNCED_PUBLIC,
        r"\b(?:actual|original|planned|scheduled|announced|intended)"
        r" (?:\S+ ){0,2}(?:link|page|address|url)\b.{0,40}"
        r"\b(?:working|worked|live|available|accessible|published|appeared)",
    ),
    (
        Event.CAUSE_STATED,
        r"\b(?:found|identified|established|discovered|confirmed|explained)\b.{0,50}\bcause\b",
    ),
    (
        Event.CAUSE_STATED,
        r"\bcause (?:was|had been|has been) (?:found|identified|established|discovered|confirmed)",
    ),
    (Event.FIX_REPORTED, r"\bfix\b.{0,60}\b(?:deployed|applied|released|in place|rolled out)"),
    (
        Event.FIX_REPORTED,
        r"\b(?:deployed|applied|released|implemented|rolled out) (?:a|the) (?:\w+ )?fix\b",
    ),
    (Event.FIX_REPORTED, r"\b(?:problem|issue|fault) (?:was|had been|has been) fixed\b"),
)

_PATTERNS = tuple((event, re.compile(phrase, re.IGNORECASE)) for event, phrase in CUES)
# Of what did not happen, or has not yet, no cue tells, save a promise.
_DENIED = re.compile(
    r"\b(?:not|never|unable|failed|will|would|should|could|might|may (?:have|be|not)|to be)\b"
    r"|n't\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cue:
    event: Event
    start: int
    end: int


def cues(sentence: str, starts_of_clauses: list[int]) -> list[Cue]:
    """The cues in a sentence, save those denied from the beginning of their clause on."""
    found = []
    for event, pattern in _PATTERNS:
        for match in pattern.finditer(sentence):
            clause = max((at for at in starts_of_clauses if at <= match.start()), default=0)
            if event is Event.PROMISED or not _DENIED.search(sentence, clause, match.end()):
                found.append(Cue(event, match.start(), match.end()))
    return found
