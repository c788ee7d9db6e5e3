"""How an incident stands in one sentence, and what to read out to whoever telephones.

No figure is given by telephone before it is public somewhere: that would be unequal access.
"""

from collections.abc import Sequence

from ninethirty.core.cause import Cause
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.times import at_local, latest
from ninethirty.core.watch import ALTERNATE

CAUSES = {
    Cause.CACHED: "the platform's caches answer with an old page; past them it is right",
    Cause.NOT_PUBLISHED: "the platform has not published it: past its caches there is nothing",
    Cause.INCOMPLETE: "the page is there, and a part of it is missing or old",
    Cause.CONTENT: "something else than what was sealed stands there",
    Cause.MIRROR: "the platform's mirror answers with what stood there before",
    Cause.ACCESS: "the address asks to sign in, or leads elsewhere",
    Cause.WALLED: "the platform turns our witnesses away; users may get it",
    Cause.DNS: "the name of the address is not found",
    Cause.TLS: "no secure connection can be made to the address",
    Cause.OUTAGE: "the address does not answer properly",
    Cause.PLATFORM_OUTAGE: "all of the platform does not answer properly",
    Cause.REGIONAL: "it is there on some networks, and not on others",
    Cause.NOT_KNOWN: "from outside nobody can tell why",
}

_STANDS = (
    (Kind.CLOSED, "Over: nothing more is expected of this release."),
    (Kind.RECOVERED, "It is right again at its announced address."),
    (Kind.ON_TIME, "It is at its announced address, whole and in time."),
    (Kind.EARLY, "It was public before its time."),
    (Kind.WRONG, "Something else than what was sealed is public."),
    (Kind.PARTIAL, "A part of it is missing at its announced address."),
    (Kind.LATE, "It is late at its announced address."),
    (Kind.BLIND, "Too few witnesses can see, so nobody knows whether it is there."),
    (Kind.LATE_PROVISIONAL, "It is not there yet; not yet certain that it is late."),
)
"""What matters most comes first."""

TELLING = (*(kind for kind, _ in _STANDS), Kind.ALTERNATE_VERIFIED)
"""The kinds of fact that the sentence rests on."""


def state(progress: Progress) -> str:
    """One sentence; of an incident, where users can get it goes with it."""
    said = next((says for kind, says in _STANDS if progress.first(kind)), "Nothing is wrong.")
    if progress.first(Kind.RECOVERED) or not progress.first(Kind.LATE_PROVISIONAL):
        return said
    if progress.first(Kind.ALTERNATE_VERIFIED):
        return f"{said} It can be read at the second address."
    return f"{said} No second address is verified yet."


def hold_line(title: str, progress: Progress, alternate: str, zone: str) -> list[str]:
    """Sentences to read out, in order."""
    seen = _public(progress.of.get(Kind.FIRST_SEEN, ()))
    verified = progress.first(Kind.ALTERNATE_VERIFIED)
    if progress.first(Kind.RECOVERED):
        return [f"{title} is now at its usual address.", "We are sorry that it was late there."]
    if verified:
        since = f" since {at_local(latest(seen.at), zone):%H:%M}" if seen else ""
        return [
            f"{title} is public{since} at another of our addresses: {alternate}.",
            "Its usual page does not show it yet; we have asked for that to be put right.",
            "I can give you no figure that is not on that page.",
        ]
    return [
        f"{title} is not where it was promised, and we are looking into it.",
        "I can give you no figures by telephone: nobody gets them before everybody can.",
        "We will say on our site where it is as soon as it is public.",
    ]


def _public(seen: Sequence[Fact]) -> Fact | None:
    return next((fact for fact in seen if fact.details["channel"] == ALTERNATE), None)
