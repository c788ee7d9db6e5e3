"""Write down what the sightings say, as far as it is new."""

from collections.abc import Sequence

from ninethirty.core.document import Json
from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.facts import Kind
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant, When
from ninethirty.core.verdict import Call, Cause, Verdict, judge
from ninethirty.core.watch import ANNOUNCED, WatchOrder
from ninethirty.desk.record.facts import append

ACTOR = "witnesses"

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


def conclude(
    order: WatchOrder, key: bytes, sightings: Sequence[Sighting], now: Instant, known: set[str]
) -> dict[str, Verdict]:
    """The verdict on each channel by now; what was not known yet becomes a fact.

    known: keys of facts already written, which this function adds to.
    """
    verdicts: dict[str, Verdict] = {}
    for channel in order.channels:
        verdict = judge(order, channel, sightings, now, key)
        verdicts[channel.name] = verdict
        if channel.name == ANNOUNCED:
            _announced(order.release, verdict, now, known)
        if verdict.call in (Call.ON_TIME, Call.RECOVERED):
            details = {"channel": channel.name}
            if verdict.first_seen:
                _once(
                    order.release,
                    Kind.FIRST_SEEN,
                    f"first_seen/{channel.name}",
                    verdict.first_seen,
                    now,
                    details,
                    known,
                )
            if verdict.seen_by_all:
                _once(
                    order.release,
                    Kind.SEEN_BY_ALL,
                    f"seen_by_all/{channel.name}",
                    verdict.seen_by_all,
                    now,
                    details,
                    known,
                )
    return verdicts


def _announced(release: str, verdict: Verdict, now: Instant, known: set[str]) -> None:
    kind = _FACT.get(verdict.call)
    if kind is None:
        return
    _once(
        release,
        kind,
        f"verdict/{verdict.call}",
        verdict.decided,
        now,
        {"reason": verdict.reason},
        known,
    )
    if verdict.cause is not Cause.NOT_KNOWN:
        heals = verdict.heals
        _once(
            release,
            Kind.CAUSE_INFERRED,
            f"cause/{verdict.cause}",
            now,
            now,
            {
                "cause": str(verdict.cause),
                "heals": [heals.after.text() if heals.after else None, heals.by.text()]
                if heals
                else None,
            },
            known,
        )


def _once(
    release: str,
    kind: Kind,
    name: str,
    at: When,
    now: Instant,
    details: Json,
    known: set[str],
) -> None:
    key = f"{release}/{name}"
    if key in known:
        return
    known.add(key)
    try:
        append(release, kind, at=at, recorded=now, actor=ACTOR, key=key, details=details)
    except AlreadyHappened:
        # The other runner was first; it saw the same.
        return
