"""A verdict as the facts that are to be on the timeline; each is written once in the life of a
release, by whichever runner comes first."""

from ninethirty.core.attempt import Happened
from ninethirty.core.cause import Cause
from ninethirty.core.facts import Kind
from ninethirty.core.runbook import ONE_WITNESS
from ninethirty.core.verdict import Call, Verdict
from ninethirty.core.watch import ANNOUNCED

_FACT = {
    Call.EARLY: Kind.EARLY,
    Call.ON_TIME: Kind.ON_TIME,
    Call.LATE_PROVISIONAL: Kind.LATE_PROVISIONAL,
    Call.LATE: Kind.LATE,
    Call.PARTIAL: Kind.PARTIAL,
    Call.WRONG: Kind.WRONG,
    Call.UNKNOWN: Kind.BLIND,
    Call.RECOVERED: Kind.RECOVERED,
}


def concluded(channel: str, verdict: Verdict, *, one_witness_acts: bool = False) -> list[Happened]:
    """one_witness_acts: users may be told by the word of one witness alone."""
    found = _when_seen(channel, verdict)
    if channel == ANNOUNCED:
        found += _announced(verdict, waits=verdict.single and not one_witness_acts)
    return found


def _when_seen(channel: str, verdict: Verdict) -> list[Happened]:
    if verdict.call not in (Call.ON_TIME, Call.RECOVERED):
        return []
    seen = ((Kind.FIRST_SEEN, verdict.first_seen), (Kind.SEEN_BY_ALL, verdict.seen_by_all))
    return [
        Happened(kind, at, f"{kind}/{channel}", {"channel": channel}) for kind, at in seen if at
    ]


def _announced(verdict: Verdict, *, waits: bool) -> list[Happened]:
    kind = _FACT.get(verdict.call)
    if kind is None:
        return []
    reason = {"reason": verdict.reason}
    told = reason | dict([ONE_WITNESS]) if waits else reason
    found = [Happened(kind, verdict.decided, f"verdict/{kind}", told)]
    if kind is Kind.LATE:
        # The provisional verdict opens the incident. Who was not looking at the time (a runner that
        # was down, sightings that came in one lump) must not go without one.
        doubt = Kind.LATE_PROVISIONAL
        found.insert(0, Happened(doubt, verdict.decided, f"verdict/{doubt}", reason))
    if verdict.cause is not Cause.NOT_KNOWN:
        heals = verdict.heals
        between = [heals.after.text() if heals.after else None, heals.by.text()] if heals else None
        cause = {"cause": str(verdict.cause), "heals": between}
        found.append(
            Happened(Kind.CAUSE_INFERRED, verdict.decided, f"cause/{verdict.cause}", cause)
        )
    return found
