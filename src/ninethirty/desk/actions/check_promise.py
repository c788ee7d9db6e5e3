"""What the producer's own rules say of a date, before it is promised."""

from typing import Any

from ninethirty.core.announcement import (
    Circumstances,
    Finding,
    Provisional,
    Weight,
    judge,
    judge_provisional,
)
from ninethirty.core.errors import NotAllowed
from ninethirty.core.times import Instant, WallTime, at_local, zone_rules
from ninethirty.desk.actions.rules import rules_of
from ninethirty.desk.outside.calendars.days_off import days_off
from ninethirty.desk.promises import Promises
from ninethirty.desk.record.models import Promised, Release
from ninethirty.desk.setup import setup


def check_promise(
    release: str, promise: WallTime | Provisional, *, series: str = "", binding: bool = True
) -> dict[str, Any]:
    """What a fact is to keep of it: the promise itself, and codes of what is warned of.

    binding: as in `Circumstances`.

    Raises:
        NotAllowed: the rules refuse it; says all that speaks against it. A TimeError: for a wall
        time that does not exist or exists twice.
    """
    warned = weighed(release, against(release, promise, series=series, binding=binding))
    if isinstance(promise, Provisional):
        return {"promised": str(promise), "warned": warned}
    return dated(promise, promise.resolve(), rules_of(series)) | {"warned": warned}


def against(
    release: str, promise: WallTime | Provisional, *, series: str = "", binding: bool = True
) -> list[Finding]:
    """All that the rules say against it, for whoever is about to promise it; changes nothing.

    Raises a TimeError: for a wall time that does not exist or exists twice.
    """
    rules = rules_of(series)
    today = at_local(setup().clock().now(), rules.usual.zone).date()
    if isinstance(promise, Provisional):
        return judge_provisional(promise, rules.usual, today)
    known = Circumstances(
        today=today,
        days_off=days_off(rules.places, rules.closures),
        leave=rules.leave,
        others=_others(release, promise.resolve()),
        binding=binding,
    )
    return judge(promise, rules.usual, known)


def weighed(release: str, found: list[Finding]) -> list[str]:
    """Codes of what is warned of. Raises NotAllowed: one of these refuses it."""
    if any(finding.weight is Weight.REFUSED for finding in found):
        raise NotAllowed(f"{release}: " + "; ".join(finding.says for finding in found))
    return [finding.code for finding in found]


def dated(promise: WallTime, instant: Instant, rules: Promises) -> dict[str, str]:
    """The promise as a fact keeps it. tzdata: by which edition of the time-zone database the
    instant was reckoned."""
    day, clock = promise.local.date(), promise.local.time()
    granted = [
        leave.reference
        for leave in rules.leave
        if leave.at == clock != rules.usual.at and leave.covers(day)
    ]
    told = {"opens": str(promise), "instant": instant.text(), "tzdata": zone_rules()}
    return told | ({"leave": granted[0]} if granted else {})


def _others(release: str, instant: Instant) -> int:
    """How many other releases are promised for that instant now, in whatever zone."""
    once = Promised.objects.filter(opens=instant).exclude(release=release).values("release")
    now = Release.objects.filter(id__in=once, closed=False).exclude(opens="")
    return sum(
        WallTime.parse(opens).resolve() == instant for opens in now.values_list("opens", flat=True)
    )
