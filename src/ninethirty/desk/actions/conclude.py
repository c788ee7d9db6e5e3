"""Write down what the sightings say, as far as it is new."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ninethirty.core.cause import Cause
from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.facts import Kind
from ninethirty.core.runbook import ONE_WITNESS
from ninethirty.core.times import Instant, When
from ninethirty.core.verdict import Call, Judge, Verdict
from ninethirty.core.watch import ANNOUNCED
from ninethirty.desk.record.facts import append
from ninethirty.desk.setup import setup

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
    release: str, judges: Mapping[str, Judge], key: bytes, now: Instant, known: set[str]
) -> dict[str, Verdict]:
    """The verdict on each channel by now; what was not known yet becomes a fact.

    judges: by channel. known: keys of facts already written, which this function adds to.
    """
    notes = _Notes(release, now, known)
    verdicts: dict[str, Verdict] = {}
    for channel, judge in judges.items():
        verdict = verdicts[channel] = judge.verdict(now, key)
        if verdict.call in (Call.ON_TIME, Call.RECOVERED):
            _when_seen(channel, verdict, notes)
        if channel == ANNOUNCED:
            _announced(verdict, notes)
    return verdicts


class _Notes:
    """Writes a fact once in the life of a release, whoever comes first."""

    def __init__(self, release: str, now: Instant, known: set[str]) -> None:
        self._release = release
        self._now = now
        self._known = known

    def once(self, kind: Kind, name: str, at: When, **details: Any) -> None:
        key = f"{self._release}/{name}"
        if key in self._known:
            return
        # The other runner may be first; it saw the same.
        with suppress(AlreadyHappened):
            append(
                self._release,
                kind,
                at=at,
                recorded=self._now,
                actor=ACTOR,
                key=key,
                details=details,
            )
        self._known.add(key)


def _when_seen(channel: str, verdict: Verdict, notes: _Notes) -> None:
    if verdict.first_seen:
        name = f"first_seen/{channel}"
        notes.once(Kind.FIRST_SEEN, name, verdict.first_seen, channel=channel)
    if verdict.seen_by_all:
        name = f"seen_by_all/{channel}"
        notes.once(Kind.SEEN_BY_ALL, name, verdict.seen_by_all, channel=channel)


def _announced(verdict: Verdict, notes: _Notes) -> None:
    kind = _FACT.get(verdict.call)
    if kind is None:
        return
    if verdict.call is Call.LATE:
        # The provisional verdict opens the incident. Who was not looking at the time (a runner that
        # was down, sightings that came in one lump) must not go without one.
        name = f"verdict/{Call.LATE_PROVISIONAL}"
        notes.once(Kind.LATE_PROVISIONAL, name, verdict.decided, reason=verdict.reason)
    waits = dict([ONE_WITNESS]) if verdict.single and not setup().watch.one_witness_acts else {}
    notes.once(kind, f"verdict/{verdict.call}", verdict.decided, reason=verdict.reason, **waits)
    if verdict.cause is not Cause.NOT_KNOWN:
        heals = verdict.heals
        notes.once(
            Kind.CAUSE_INFERRED,
            f"cause/{verdict.cause}",
            verdict.decided,
            cause=str(verdict.cause),
            heals=[heals.after.text() if heals.after else None, heals.by.text()] if heals else None,
        )
