"""What the platform's support is told: one verdict, the evidence, and what we ask for.

Order and content of `detection.md` section 4.
"""

from collections.abc import Iterable
from datetime import datetime

from ninethirty.core.cause import Cause
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.times import at_local
from ninethirty.core.verdict import Verdict
from ninethirty.core.watch import ANNOUNCED, PAGE_PART, WatchOrder

_IN_WORDS = {
    Cause.CACHED: "your caches answer with an old page; past them the answer is right",
    Cause.NOT_PUBLISHED: "it is not published: past the caches there is nothing either",
    Cause.INCOMPLETE: "the page is there, and a part of it is missing or old",
    Cause.CONTENT: "something else than the release stands there",
    Cause.MIRROR: "a mirror answers with what stood there before",
    Cause.ACCESS: "the address asks to sign in, or leads elsewhere",
    Cause.WALLED: "the address turns our requests away (forbidden, or too many)",
    Cause.DNS: "the name of the address is not resolved",
    Cause.TLS: "no secure connection can be made to the address",
    Cause.OUTAGE: "the address does not answer properly",
    Cause.PLATFORM_OUTAGE: "neither the address nor other pages of yours answer properly",
    Cause.REGIONAL: "it is there for some networks, and not for others",
    Cause.NOT_KNOWN: "we cannot tell why from outside",
}
_ASK = {
    Cause.CACHED: "Please remove the page from your caches at once.",
    Cause.NOT_PUBLISHED: "Please run the scheduled publication at once.",
    Cause.INCOMPLETE: "Please publish what is missing at once.",
    Cause.CONTENT: "Please put what we gave you in its place at once.",
    Cause.MIRROR: "Please restore the origin; a mirror of an earlier day cannot hold the release.",
    Cause.ACCESS: "Please open the address to everyone at once.",
    Cause.WALLED: "Please tell us whether the public is turned away too, and let us in.",
    Cause.DNS: "Please restore the name.",
    Cause.TLS: "Please put the certificate or its chain right.",
    Cause.OUTAGE: "Please restore the address.",
    Cause.PLATFORM_OUTAGE: "Please restore the service.",
    Cause.REGIONAL: "Please restore the address for all networks.",
    Cause.NOT_KNOWN: "Please find out why, and put it right.",
}
_SHOWN = ("age", "cache-control", "x-cache", "x-served-by", "cache-status")


def subject(title: str, promised: datetime) -> str:
    return f"LATE: {title}, promised for {promised:%H:%M} today, is not at its address"


def body(
    order: WatchOrder,
    verdict: Verdict,
    sightings: Iterable[Sighting],
    *,
    zone: str,
    alternate: str,
    contact: str,
) -> str:
    """The ticket's text. `sightings`: those of the announced page."""
    page = order.channel(ANNOUNCED).page
    local = at_local(order.opens, zone)
    last = _last_of_each(s for s in sightings if s.part == PAGE_PART and s.started >= order.opens)
    lines = [
        f"A release promised to everyone at one instant is missing: {_IN_WORDS[verdict.cause]}.",
        "",
        f"Address:  {page.url}",
        f"Promised: {local:%Y-%m-%d %H:%M:%S %Z} ({order.opens.text()})",
        f"Decided:  {verdict.decided.text()}: {verdict.reason}",
        f"Meanwhile readers are sent to {alternate}",
        "",
        _ASK[verdict.cause],
    ]
    if verdict.heals and verdict.heals.after:
        lines.append(
            f"Going by your own headers the caches would let go between "
            f"{at_local(verdict.heals.after, zone):%H:%M:%S} and "
            f"{at_local(verdict.heals.by, zone):%H:%M:%S}, if they are not filled with it again."
        )
    lines += ["", "What we last saw (witness, network, view, started, answer):"]
    lines += [_row(sighting) for sighting in last]
    lines += [
        "",
        f"To see it yourself: curl -sS -D - -o /dev/null '{page.url}'",
        f"and past the caches: curl -sS -D - -o /dev/null '{page.url}?x=1'",
        "",
        f"Questions: {contact or 'reply to this ticket'}. We go on watching and add what changes.",
    ]
    return "\n".join(lines)


def recovered(verdict: Verdict, zone: str) -> str:
    """The note added when the announced address is whole again."""
    seen = verdict.seen_by_all or verdict.first_seen
    when = f"{at_local(seen.by, zone):%H:%M:%S}" if seen else "now"
    return (
        f"Every part of the release has been right for all our witnesses since {when} or before."
        " Please tell us what the cause was, and what has been done so that it does not come back;"
        " both go into our report of the breach."
    )


def reminder(number: int, raised: datetime) -> str:
    """Added when nobody has answered; raised: on the clocks of the promise's zone."""
    return (
        f"Nobody has answered this since {raised:%H:%M} (message {number + 1} on it), and the"
        " release is still not right at its address. Please tell us who is working on it; if we"
        " hear nothing we shall telephone."
    )


def _last_of_each(sightings: Iterable[Sighting]) -> list[Sighting]:
    last: dict[tuple[str, View], Sighting] = {}
    for sighting in sorted(sightings, key=lambda s: s.started):
        last[(sighting.witness, sighting.view)] = sighting
    return [last[key] for key in sorted(last)]


def _row(sighting: Sighting) -> str:
    headers = {name.lower(): value for name, value in sighting.headers.items()}
    shown = "; ".join(f"{name}: {headers[name]}" for name in _SHOWN if name in headers)
    signs = "".join(f" {sign}" for sign in sighting.signs)
    answer = sighting.trouble or f"{sighting.status}{' placeholder' * sighting.placeholder}{signs}"
    return (
        f"  {sighting.witness}, {sighting.network}, {sighting.view}, {sighting.started.text()}, "
        f"{answer}, from {sighting.peer or 'nobody'}; {shown}"
    )
