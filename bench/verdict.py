"""The judge against made-up days: false alarms, false praise, how soon, and at what cost.

No sockets: looks are drawn, and the real judge judges them. The delays of a healthy platform are
assumed, not measured: log-normal with a median of 3 s and a p99 of 20 s, and up to 5 s more at each
edge.
"""

import math
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from bench.figure import Figure, barred
from ninethirty.core.document import keyed
from ninethirty.core.sighting import Sighting, Sign, Trouble, View
from ninethirty.core.times import Instant
from ninethirty.core.track import SILENT_ROW
from ninethirty.core.verdict import Call, Judge, judge
from ninethirty.core.watch import ANNOUNCED, PAGE_PART, Channel, Part, Policy, WatchOrder

RATES = (0.01, 0.05, 0.10, 0.20)
RELEASES = int(os.environ.get("VERDICT_RELEASES", "100000"))
"""Of healthy platforms, for each rate of request errors."""
SAMPLE = 150
"""Of those, how many are judged look by look as well, for each rate."""
PLATFORMS = int(os.environ.get("VERDICT_PLATFORMS", "10000"))
FAILURES = 1_000
"""Releases that are not there, for each way of failing."""

T = Instant(2026, 12, 1, 9, 30, tzinfo=UTC)
KEY = b"opens at T"
POLICY = Policy()
G1, G2 = POLICY.provisional_after.total_seconds(), POLICY.confirmed_after.total_seconds()
NETWORKS = ("north", "north", "south", "south", "west")
FILE, LISTING = "data.csv", "listing:1"
PARTS = (PAGE_PART, FILE, LISTING)
CHANNEL = Channel(
    ANNOUNCED,
    Part(PAGE_PART, "https://example.org/gdp", keyed(KEY, "new"), keyed(KEY, "previous")),
    (Part(FILE, "https://example.org/gdp/data.csv", keyed(KEY, "new")),),
    timedelta(minutes=31),
    cache_busting=True,
    listings=(Part(LISTING, "https://example.org/all"),),
)
ORDER = WatchOrder("gdp", T, (CHANNEL,), ("coming soon",), POLICY, issued=T - timedelta(hours=1))

CLOSE = [float(n) for n in range(30)]
THEN = [30.0 + 2 * n for n in range(60)]
STARTS = {
    PAGE_PART: CLOSE + THEN,
    FILE: [start + 0.3 for start in CLOSE + THEN],
    LISTING: [0.6 + 10 * n for n in range(15)],
}
"""Seconds after T at which the first witness begins a look; the others follow by fifths."""

ALARMS = {Call.EARLY, Call.LATE, Call.PARTIAL, Call.WRONG}


MOST = {
    **{f"healthy, {rate:.0%} errors: false": 0 for rate in RATES},
    "generated: on time of": 0,
    "latency after G1, fast failures: p99": 3,
    "latency after G1, time-outs: p99": 5,
    "healing: predicted": 5,
}


def measure() -> list[Figure]:
    found: dict[str, float] = {}
    for bench in (cost, healthy, generated, latency, healing):
        begun = time.monotonic()
        found |= bench()
        found[f"{bench.__name__}: seconds it took"] = round(time.monotonic() - begun, 1)
    return barred(found, most=MOST)


def at(offset: float) -> Instant:
    return T + timedelta(seconds=offset)


def look(witness: int, start: float, part: str, took: float, **more: Any) -> Sighting:
    """As sealed, unless `more` says otherwise."""
    seen: dict[str, Any] = {
        "status": 200,
        "digest": "new",
        "text_digest": "new" if part == PAGE_PART else "",
        "mentions": part == LISTING,
        "size_bytes": 100,
    }
    return Sighting(
        witness=f"w{witness}",
        network=NETWORKS[witness],
        release="gdp",
        channel=ANNOUNCED,
        part=part,
        view=more.pop("view", View.USER),
        started=at(start),
        ended=at(start + took),
        **seen | more,
    )


NOT_YET: dict[str, dict[str, Any]] = {
    PAGE_PART: {"placeholder": True, "text_digest": "soon"},
    FILE: {"status": 404, "digest": ""},
    LISTING: {"mentions": False},
}
ERRORS: tuple[tuple[float, dict[str, Any]], ...] = (
    (3.0, {"trouble": Trouble.TIMEOUT, "status": 0, "digest": "", "text_digest": ""}),
    (0.05, {"trouble": Trouble.RESET, "status": 0, "digest": "", "text_digest": ""}),
    (0.1, {"status": 503, "digest": "e", "text_digest": "e"}),
)


# What a judgement costs


def cost() -> dict[str, float]:
    looks = [
        look(witness, start + witness / 5, part, 0.2)
        for witness in range(5)
        for part in PARTS
        for start in STARTS[part][: {PAGE_PART: 60, FILE: 50, LISTING: 10}[part]]
    ]
    assert len(looks) == 5 * 120
    rounds = 50
    begun = time.process_time()
    for _ in range(rounds):
        judge(ORDER, CHANNEL, looks, at(150), KEY)
    at_once = (time.process_time() - begun) / rounds
    one = Judge(ORDER, CHANNEL)
    begun = time.process_time()
    for place, seen in enumerate(sorted(looks, key=lambda s: s.ended)):
        one.add([seen])
        if place % 10 == 0:
            one.verdict(seen.ended, KEY)
    in_step = (time.process_time() - begun) / (len(looks) // 10)
    return {
        "cost: one release, 5 witnesses x 120 looks, ms": round(at_once * 1000, 2),
        "cost: a verdict after ten more looks, ms": round(in_step * 1000, 3),
    }


# False alarms on healthy platforms


@dataclass(frozen=True)
class Day:
    """live: from when on each edge has it all. errors: which looks, by number, fail."""

    live: tuple[float, ...]
    errors: dict[tuple[int, str], list[int]]


def healthy() -> dict[str, float]:
    found: dict[str, float] = {}
    chance = random.Random("healthy")
    for rate in RATES:
        calls: Counter[str] = Counter()
        for n in range(RELEASES):
            day = drawn(chance, rate)
            if n >= SAMPLE and quiet(day):
                continue
            said = judged(day, chance)
            if quiet(day) and said & ALARMS:
                raise AssertionError(f"the short cut calls a day quiet that the judge calls {said}")
            calls.update(said)
        for call in sorted(ALARMS):
            found[f"healthy, {rate:.0%} errors: false {call} of {RELEASES:,}"] = calls[call]
        found[f"healthy, {rate:.0%} errors: judged in full"] = calls.total() and calls[Call.WAITING]
    return found


def drawn(chance: random.Random, rate: float) -> Day:
    """Out for everybody within the first grace; each request fails at that rate."""
    delay = math.inf
    while delay > G1 - 5:
        delay = chance.lognormvariate(math.log(3), math.log(20 / 3) / 2.326)
    live = tuple(delay + chance.uniform(0, 5) for _ in NETWORKS)
    stay = 1 / math.log(1 - rate)
    errors = {}
    for witness in range(len(NETWORKS)):
        for part in PARTS:
            many, failed = len(STARTS[part]), []
            place = int(math.log(1 - chance.random()) * stay)
            while place < many:
                failed.append(place)
                place += 1 + int(math.log(1 - chance.random()) * stay)
            errors[witness, part] = failed
    return Day(live, errors)


def quiet(day: Day) -> bool:
    """Whether no alarm is possible, by the rules: somebody saw the page within the first grace (so
    it cannot be late), and fewer than two witnesses had a row of silence (so it cannot be partial:
    everything that is answered is right)."""
    in_a_row = {
        witness for (witness, _), failed in day.errors.items() if longest_row(failed) >= SILENT_ROW
    }
    if len(in_a_row) >= POLICY.agree:
        return False
    for witness, live in enumerate(day.live):
        failed = day.errors[witness, PAGE_PART]
        for place, start in enumerate(CLOSE[: int(G1) - 1]):
            if start + witness / 5 >= live and place not in failed:
                return True
    return False


def longest_row(places: list[int]) -> int:
    longest = row = 0
    last = -2
    for place in places:
        row = row + 1 if place == last + 1 else 1
        last = place
        longest = max(longest, row)
    return longest


def judged(day: Day, chance: random.Random) -> set[Call]:
    """Every verdict of the day, second by second."""
    one = Judge(ORDER, CHANNEL)
    looks = sorted(looks_of(day, chance), key=lambda seen: seen.ended)
    said = set()
    place = 0
    for second in range(151):
        until = place
        while until < len(looks) and looks[until].ended <= at(second):
            until += 1
        one.add(looks[place:until])
        place = until
        said.add(one.verdict(at(second), KEY).call)
    return said


def looks_of(day: Day, chance: random.Random) -> Iterator[Sighting]:
    for (witness, part), failed in day.errors.items():
        fails = set(failed)
        for place, start in enumerate(STARTS[part]):
            begins = start + witness / 5
            if place in fails:
                took, error = chance.choice(ERRORS)
                yield look(witness, begins, part, took, **error)
            elif begins < day.live[witness]:
                yield look(witness, begins, part, 0.1, **NOT_YET[part])
            else:
                yield look(witness, begins, part, 0.1)


# False praise for generated platforms


BODIES: tuple[dict[str, Any], ...] = (
    {"placeholder": True, "text_digest": "soon", "digest": "soon"},
    {"text_digest": "previous", "digest": "previous"},
    {"text_digest": "other", "digest": "other"},
    {"text_digest": "lost", "digest": "lost", "similar_permille": 960},
    {"text_digest": "lost", "digest": "lost", "signs": (Sign.NOT_FOUND,)},
    {"text_digest": "who", "digest": "who", "signs": (Sign.SIGN_IN,)},
    {"text_digest": "home", "digest": "home", "home": True},
    {"text_digest": "", "digest": "", "size_bytes": 0},
    {"text_digest": "x", "digest": "x", "headers": {"X-Backend": "mirror"}},
    {"text_digest": "x", "digest": "x", "headers": {"Content-Type": "text/html"}},
    *({"status": status} for status in (0, 201, 204, 206, 301, 302, 304, 400, 401, 404, 410, 418)),
    *({"status": status} for status in (500, 502, 503, 504, 451, 600)),
    *({"trouble": trouble} for trouble in Trouble if trouble),
)
"""What stands there instead of the release. Even an answer with the sealed content is none if its
status is not 200."""

HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Age": "12", "Cache-Control": "max-age=5"},
    {"X-Cache": "HIT"},
    {"Cache-Status": "Edge; hit; ttl=90"},
    {"Retry-After": "1"},
)

SECONDS = 100
MAY_LAST = {PAGE_PART: 2 * SILENT_ROW + 2, FILE: 2 * SILENT_ROW + 2, LISTING: 10 * SILENT_ROW + 10}
"""Seconds for which a part that was there may be away before the verdict must have changed: as
many looks as make silence count."""


def generated() -> dict[str, float]:
    calls: Counter[Call] = Counter()
    wrongly = wholly = 0
    for n in range(PLATFORMS):
        chance = random.Random(f"platform {n}")
        truth = [{part: served(chance) for part in PARTS} for _ in NETWORKS]
        one = Judge(ORDER, CHANNEL)
        looks = sorted(seen_of(truth, chance), key=lambda seen: seen.ended)
        place = 0
        for second in (15, 30, 60, SECONDS):
            until = place
            while until < len(looks) and looks[until].ended <= at(second):
                until += 1
            one.add(looks[place:until])
            place = until
            call = one.verdict(at(second), KEY).call
            is_public = all(public(edge, second) for edge in truth)
            wrongly += call is Call.ON_TIME and not is_public
        calls[call] += 1
        wholly += is_public
    return {
        f"generated: on time of {PLATFORMS:,} though not wholly public": wrongly,
        "generated: wholly public at the end": wholly,
        **{f"generated: called {call} at the end": calls[call] for call in sorted(calls)},
    }


def served(chance: random.Random) -> list[int]:
    """What a part answers in each second: 0 as sealed, else a body's number."""
    other = chance.randrange(1, len(BODIES) + 1)
    match chance.choices(("right", "turns", "never", "flaps", "chaos"), (70, 15, 5, 5, 5))[0]:
        case "right":
            begins = min(int(chance.expovariate(0.5)), SECONDS)
            return [other] * begins + [0] * (SECONDS - begins)
        case "turns":
            turns = chance.randrange(SECONDS)
            return [0] * turns + [other] * (SECONDS - turns)
        case "never":
            return [other] * SECONDS
        case "flaps":
            return [0 if chance.random() < 0.5 else other for _ in range(SECONDS)]
        case _:
            return [chance.randrange(len(BODIES) + 1) for _ in range(SECONDS)]


def public(edge: dict[str, list[int]], second: int) -> bool:
    """Each part was there at some time, and has not been away for long."""
    for part, answers in edge.items():
        there = [n for n, body in enumerate(answers[:second]) if body == 0]
        if not there or second - there[-1] > MAY_LAST[part]:
            return False
    return True


def seen_of(truth: list[dict[str, list[int]]], chance: random.Random) -> Iterator[Sighting]:
    starts = {
        PAGE_PART: [*CLOSE, *range(30, SECONDS - 1, 2)],
        FILE: range(0, SECONDS - 1, 2),
        LISTING: range(0, SECONDS - 1, 10),
    }
    for witness, edge in enumerate(truth):
        for part, answers in edge.items():
            for start in starts[part]:
                begins = start + witness / 5
                body = answers[int(begins)]
                told: dict[str, Any] = {"headers": chance.choice(HEADERS)}
                if body:
                    told |= BODIES[body - 1]
                    if part == LISTING:
                        told["mentions"] = "status" in told or "trouble" in told
                yield look(witness, begins, part, 0.05, **told)


# How soon a failure is called


def latency() -> dict[str, float]:
    fast: tuple[dict[str, Any], ...] = ({"status": 404}, {"status": 503}, NOT_YET[PAGE_PART])
    slow = ({"trouble": Trouble.TIMEOUT}, {"trouble": Trouble.CONNECT_TIMEOUT})
    found: dict[str, float] = {}
    for name, ways, shortest, longest in (
        ("fast failures", fast, 0.02, 0.4),
        ("time-outs", slow, 3.0, 3.05),
    ):
        after = sorted(called_after(n, ways, shortest, longest) for n in range(FAILURES))
        for label, place in (("median", 0.5), ("p99", 0.99), ("most", 1.0)):
            figure = after[min(len(after) - 1, int(place * len(after)))]
            found[f"latency after G1, {name}: {label}, s"] = round(figure, 2)
    return found


def called_after(
    n: int, ways: tuple[dict[str, Any], ...], shortest: float, longest: float
) -> float:
    """Seconds from the first grace to the provisional verdict. One request in a hundred fails in
    another way."""
    chance = random.Random(f"failure {n} {shortest}")
    shift = [chance.random() for _ in NETWORKS]
    way = chance.choice(ways)
    looks = []
    for witness in range(len(NETWORKS)):
        for start in range(int(G1) + 12):
            took, told = chance.uniform(shortest, longest), way
            if chance.random() < 0.01:
                took, told = chance.choice(ERRORS)
            looks.append(look(witness, start + shift[witness], PAGE_PART, took, **told))
    found = judge(ORDER, CHANNEL, looks, at(G1 + 12), KEY)
    assert found.call is Call.LATE_PROVISIONAL, found
    return (found.decided - T).total_seconds() - G1


# When the caches let go


def healing() -> dict[str, float]:
    """Each edge was filled at some moment before T and keeps that answer for its whole life."""
    off = []
    for n in range(FAILURES):
        chance = random.Random(f"cache {n}")
        lifetime = chance.choice((300, 600, 900, 1800))
        filled = [-chance.uniform(0, lifetime - 190) for _ in NETWORKS]
        by_status = chance.random() < 0.5
        looks = []
        for witness, since in enumerate(filled):
            for start in (21.0, 22.0, 23.0):
                age = int(start - since)
                headers = {"Age": str(age), "Cache-Control": f"public, max-age={lifetime}"}
                if by_status:
                    headers = {"Cache-Status": f"Edge; hit; ttl={lifetime - age}"}
                soon = {**NOT_YET[PAGE_PART], "headers": headers}
                looks.append(look(witness, start + witness / 5, PAGE_PART, 0.3, **soon))
            looks.append(look(witness, 20, PAGE_PART, 0.3, view=View.BUSTED))
        found = judge(ORDER, CHANNEL, looks, at(26), KEY)
        assert found.heals, found
        assert found.heals.after, found
        ends = sorted(since + lifetime for since in filled)
        off.append(abs((found.heals.after - at(ends[0])).total_seconds()))
        off.append(abs((found.heals.by - at(ends[-1])).total_seconds()))
    return {"healing: predicted heal time off by at most, s": round(max(off), 2)}
