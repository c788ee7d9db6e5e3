"""Write down what the sightings say, as far as it is new."""

from collections.abc import Mapping
from contextlib import suppress

from ninethirty.core.concluded import concluded
from ninethirty.core.document import Json
from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.facts import Kind
from ninethirty.core.runbook import CORRECTION
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Judge, Verdict
from ninethirty.desk.record.facts import append
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup

ACTOR = "witnesses"


def conclude(
    release: str, judges: Mapping[str, Judge], key: bytes, now: Instant, known: set[str]
) -> dict[str, Verdict]:
    """The verdict on each channel by now; what was not known yet becomes a fact.

    judges: by channel. known: keys of facts already written, which this function adds to.
    """
    acts = setup().watch.one_witness_acts
    verdicts = {channel: judge.verdict(now, key) for channel, judge in judges.items()}
    for channel, verdict in verdicts.items():
        for happened in concluded(channel, verdict, one_witness_acts=acts):
            name = f"{release}/{happened.key}"
            if name in known:
                continue
            # The other runner may be first; it saw the same.
            with suppress(AlreadyHappened):
                append(
                    release,
                    happened.kind,
                    at=happened.at or now,
                    recorded=now,
                    actor=ACTOR,
                    key=name,
                    details=happened.details | _of(release, happened.kind),
                )
            known.add(name)
    return verdicts


def _of(release: str, kind: Kind) -> Json:
    """What users are to be told depends on it, where it is public now and corrects another."""
    if kind not in (Kind.ON_TIME, Kind.RECOVERED):
        return {}
    corrects = Release.objects.filter(id=release).exclude(replaces="").exists()
    return dict([CORRECTION]) if corrects else {}
