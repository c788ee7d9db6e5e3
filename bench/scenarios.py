"""Every fault of the stand-in platform, many seeds each: is the verdict right, and the cause?

Five witnesses on three networks look at their own cadence, at simulated time, through a network
with some noise. What is right is taken from the platform's truth log, not from what the fault was
meant to do; only why is taken from the list of faults.
"""

import os
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, timedelta

from rich.console import Console
from rich.table import Table

from bench.figure import Figure, barred
from bench.simulated import KEY, Place, order_for, sightings
from ninethirty.core.cause import Cause
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Call, Judge, Verdict
from ninethirty.standin.log import Memory
from ninethirty.standin.platform.content import Part, Served
from ninethirty.standin.platform.example import example
from ninethirty.standin.platform.faults import FAULTS, Fault, chosen
from ninethirty.standin.platform.platform import Platform
from ninethirty.standin.platform.truth import Truth, by_the_public

SEEDS = int(os.environ.get("SCENARIO_SEEDS", "20"))
HEALTHY = "none"
NOISE = 0.01
OPENS = Instant(2026, 12, 1, 9, 30, tzinfo=UTC)
EDGES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
ON_IPV6 = ("127.0.0.1", "::1", "127.0.0.3")
BEFORE, LONG_BEFORE = timedelta(minutes=8), timedelta(minutes=62)
"""Watched from; the longer only where something leaks."""
PROVISIONAL, CONFIRMED = timedelta(seconds=20), timedelta(seconds=60)
JUDGED_AT = timedelta(seconds=95)
"""By then a confirmed verdict is due, and a blind one."""
CALLED = OPENS + timedelta(seconds=63)
"""By then two looks have been begun and ended after the second grace."""
UNTIL = timedelta(seconds=100)
CENSUS_UNTIL = timedelta(minutes=35)
AT = [timedelta(seconds=s) for s in (10, 19, 22, 25, 30, 45, 63, 66, 70, 80, 95)]
ALONE = "edge-3"
"""The edge that one witness sees."""
UNSEEN = frozenset({"bot-wall-403", "bot-wall-429", "bot-challenge", "slow-first-byte"})
"""Public for readers, while no witness can know."""
FAST = timedelta(seconds=3)
TIMEOUTS = frozenset({"tcp-timeout", "silence", "slow-first-byte", "thundering-herd"})


LEAST = {"right verdicts": 98, "right causes": 95}
MOST = {
    "on time, and not": 0,
    "provisional after first grace, fast": 3,
    "provisional after first grace, time-outs": 5,
    "heal predictions off": 0,
}


@dataclass(frozen=True)
class Played:
    """One scenario with one seed. latency: seconds from the first grace to a provisional verdict.
    heals_off: seconds between the predicted and the true end, for each prediction of the last."""

    name: str
    seed: int
    call: Call
    cause: Cause
    calls: frozenset[Call]
    causes: frozenset[Cause]
    false_on_time: bool
    latency: float | None
    heals_off: float | None
    looks: int
    reason: str

    @property
    def right(self) -> bool:
        return self.call in self.calls

    @property
    def right_cause(self) -> bool:
        return self.cause in self.causes


def measure() -> list[Figure]:
    names = [HEALTHY, *FAULTS]
    jobs = [(name, seed) for name in names for seed in range(SEEDS)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        played = list(pool.map(_play, jobs, chunksize=5))
    _print(played)
    judged = [one for one in played if one.causes]
    fast = [one.latency for one in played if one.latency is not None and one.name not in TIMEOUTS]
    slow = [one.latency for one in played if one.latency is not None and one.name in TIMEOUTS]
    heals = [one.heals_off for one in played if one.heals_off is not None]
    found = {
        "scenarios": len(names),
        "releases": len(played),
        "looks": sum(one.looks for one in played),
        "right verdicts, %": _percent(one.right for one in played),
        "right causes, %": _percent(one.right_cause for one in judged),
        "on time, and not wholly public": sum(one.false_on_time for one in played),
        "provisional after first grace, fast failures: p99 s": _p99(fast),
        "provisional after first grace, time-outs: p99 s": _p99(slow),
        "heal predictions": len(heals),
        "heal predictions off by more than 5 s": sum(off > 5 for off in heals),
        "heal prediction off at most, s": round(max(heals, default=0), 1),
    }
    return barred(found, LEAST, MOST)


def _play(job: tuple[str, int]) -> Played:
    name, seed = job
    edges = ON_IPV6 if name == "ipv6-differs" else EDGES
    faults = [] if name == HEALTHY else [chosen(name)]
    leaks = name != HEALTHY and FAULTS[name].calls == {"early"}
    begins = OPENS - (LONG_BEFORE if leaks else BEFORE)
    log = Memory()
    platform = Platform(edges=edges, seed=seed, faults=faults, clock=_NoClock(), log=log)
    release = example(OPENS, seed)
    scene = platform.put(release, begins)
    order = order_for(release)
    seen = sightings(
        order,
        platform,
        scene,
        _places(edges),
        OPENS + UNTIL,
        begins=begins,
        chance=random.Random(f"{name}/{seed}"),
        noise=NOISE,
    )
    seen.sort(key=lambda sighting: sighting.ended)
    _read_on(platform, edges, release.path)
    truth = Truth.read(log.lines)
    judge = Judge(order, order.channels[0])
    said: dict[timedelta, Verdict] = {}
    done = 0
    for after in AT:
        now = OPENS + after
        until = next((n for n in range(done, len(seen)) if seen[n].ended > now), len(seen))
        judge.add(seen[done:until])
        done = until
        said[after] = judge.verdict(now, KEY)
    last = said[JUDGED_AT]
    calls = _calls(truth, name)
    return Played(
        name,
        seed,
        last.call,
        last.cause,
        calls,
        _causes(truth, name) if last.call in _BAD and last.call in calls else frozenset(),
        any(_false(truth, verdict, after) for after, verdict in said.items()),
        _latency(said.values()),
        _heals_off(truth, last),
        len(seen),
        last.reason,
    )


def _read_on(platform: Platform, edges: Sequence[str], path: str) -> None:
    """The public goes on asking after the witnesses have been judged, so that caches refill."""
    now = OPENS + UNTIL + timedelta(seconds=5)
    while now < OPENS + CENSUS_UNTIL:
        for edge in edges:
            platform.answer(by_the_public(edge, path), now)
        now += timedelta(seconds=2)


_BAD = {Call.LATE, Call.PARTIAL, Call.WRONG, Call.LATE_PROVISIONAL}


class _NoClock:
    drill = True

    def now(self) -> Instant:
        raise AssertionError("a simulated day is told the time")

    def seconds_until(self, instant: Instant) -> float:
        raise AssertionError(f"a simulated day does not wait for {instant}")


def _places(edges: Sequence[str]) -> list[Place]:
    """Five witnesses on three networks, each network led to an edge of its own."""
    networks = ("north", "north", "south", "south", "west")
    edge = dict(zip(("north", "south", "west"), edges, strict=True))
    return [Place(f"w{n}", network, edge[network]) for n, network in enumerate(networks)]


def _calls(truth: Truth, name: str) -> frozenset[Call]:
    """What may rightly be said at T+95 s, by what was really there."""
    now = OPENS + JUDGED_AT
    first = truth.first_right()
    if first and first < OPENS - timedelta(seconds=1):
        return frozenset({Call.EARLY})
    if name in UNSEEN:
        return frozenset({Call.UNKNOWN, Call.LATE, Call.LATE_PROVISIONAL})
    whole = truth.whole_everywhere_from()
    if whole and whole <= OPENS + PROVISIONAL:
        return frozenset({Call.ON_TIME})
    # A look or two after it turned, nobody can be blamed for either word.
    slack = timedelta(seconds=12)
    calls: set[Call] = set()
    if whole and whole <= now:
        calls |= {Call.RECOVERED}
        if whole <= OPENS + PROVISIONAL + timedelta(seconds=3):
            calls |= {Call.ON_TIME}
        if whole > now - slack:
            calls |= _failing(truth, whole - timedelta(seconds=2)) | _failing(truth, CALLED)
        return frozenset(calls)
    # What was late when that was due stays so, although some see it by now.
    return frozenset(_failing(truth, now) | (_failing(truth, CALLED) & {Call.LATE}))


def _failing(truth: Truth, now: Instant) -> set[Call]:
    parts = {edge: truth.parts_at(now, edge) for edge in truth.edges}
    pages = [was for edge in parts.values() for was in edge.values() if was.part is Part.PAGE]
    other = any(
        was.served in {Served.OTHER, Served.PREVIOUS} and was.part in {Part.PAGE, Part.FILE}
        for edge in parts.values()
        for was in edge.values()
    )
    if any(was.right for was in pages):
        calls = {Call.PARTIAL, Call.WRONG} if other else {Call.PARTIAL}
        lacking = {edge for edge in truth.edges if not truth.whole_at(now, edge)}
        # One witness alone may be the one that is wrong.
        return calls | {Call.UNKNOWN} if lacking == {ALONE} else calls
    if other and all(was.served is Served.OTHER for was in pages):
        return {Call.WRONG}
    heal = truth.whole_everywhere_from()
    soon = heal is not None and heal <= now + timedelta(seconds=60)
    return {Call.LATE, Call.LATE_PROVISIONAL} if soon else {Call.LATE}


def _causes(truth: Truth, name: str) -> frozenset[Cause]:
    fault: Fault = FAULTS[name]
    causes = {Cause(word) for word in fault.causes}
    if {Cause.CACHED, Cause.NOT_PUBLISHED} <= causes:
        at_origin = truth.right_at_origin(OPENS + JUDGED_AT)
        causes.discard(Cause.NOT_PUBLISHED if at_origin else Cause.CACHED)
    return frozenset(causes)


def _false(truth: Truth, verdict: Verdict, after: timedelta) -> bool:
    """On time, and something was missing at some edge for more than a look or two."""
    if verdict.call is not Call.ON_TIME:
        return False
    now = OPENS + after
    return not any(truth.whole_at(now - timedelta(seconds=back)) for back in (0, 1, 2, 3))


def _latency(said: Iterable[Verdict]) -> float | None:
    """To the first word that it is late. What stands in part or wrong is told from a hiccup by
    looks ten seconds apart, and is not counted here."""
    for verdict in said:
        if verdict.call in {Call.LATE_PROVISIONAL, Call.LATE}:
            return (verdict.decided - OPENS - PROVISIONAL).total_seconds()
    return None


def _heals_off(truth: Truth, verdict: Verdict) -> float | None:
    """Between the last cache's predicted end and when everything was whole, if it was seen."""
    if verdict.cause is not Cause.CACHED or verdict.heals is None:
        return None
    now = OPENS + JUDGED_AT
    missing = {w.name for e in truth.edges for w in truth.parts_at(now, e).values() if not w.right}
    # A verdict that misses the page speaks of the page: its files are not asked for.
    whole = truth.whole_everywhere_from(*({"page"} & missing or missing))
    if whole is None:
        return None
    return abs((verdict.heals.by - whole).total_seconds())


def _print(played: Sequence[Played]) -> None:
    table = Table(title="scenarios", title_justify="left")
    for column in ("scenario", "said at T+95 s", "right", "cause", "right", "unlike the truth"):
        table.add_column(column)
    for name in dict.fromkeys(one.name for one in played):
        mine = [one for one in played if one.name == name]
        caused = [one for one in mine if one.causes]
        wrong = [one for one in mine if not one.right]
        example = wrong[0] if wrong else None
        table.add_row(
            name,
            _counted(one.call for one in mine),
            f"{sum(one.right for one in mine)}/{len(mine)}",
            _counted(one.cause for one in caused),
            f"{sum(one.right_cause for one in caused)}/{len(caused)}" if caused else "",
            f"seed {example.seed}: {'/'.join(sorted(example.calls))}" if example else "",
        )
    Console(width=140).print(table)


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {n}" for word, n in Counter(map(str, words)).most_common())


def _percent(right: Iterable[bool]) -> float:
    found = list(right)
    return round(100 * sum(found) / max(1, len(found)), 2)


def _p99(seconds: Sequence[float]) -> float:
    ordered = sorted(seconds)
    return round(ordered[int(len(ordered) * 0.99)], 2) if ordered else 0.0
