"""How many releases one witness can watch, what one costs the platform, how soon a file is missed.

The witness has one core to itself, and nginx the other.
"""

import asyncio
import logging
import os
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import httpx
import structlog

from bench.figure import Figure, barred
from bench.serving import free_port, nginx
from ninethirty.core.document import digest, keyed
from ninethirty.core.page import visible_text
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.times import Instant, RealClock
from ninethirty.core.verdict import Call, Judge, Verdict
from ninethirty.core.watch import ANNOUNCED, PAGE_PART, Channel, Part, Policy, WatchOrder
from ninethirty.witness.alone import Watching, watch_alone
from ninethirty.witness.budget import Budget
from ninethirty.witness.loop import Loop
from ninethirty.witness.probe import Look, Probe
from ninethirty.witness.transfer import Vantage
from ninethirty.witness.watch import Outfit, Watches

CLOCK = RealClock()
KEY = b"opens at T"
ALONE = Policy(witnesses=1, agree=1, networks=1)
PAGE = b"<html><main><h1>Prices</h1>" + b"<p>rose by 2% in November</p>" * 100 + b"</main></html>"
SOON = b"<html><main>Coming soon</main></html>"
LIFTED = 20_000.0
AT_ONE_T = (2000, 2500, 3000, 4000)
SECONDS = 8
LATE_MS = 100
MANY = 10_000
CONNECTIONS = 64
THROUGHPUT_SECONDS = 3
LEAD_SECONDS = 60
FILES = 50
FILE_BYTES = 4_000_000


LEAST = {"releases at one T": 2000, f"{MANY} releases: on time": MANY}
MOST = {
    "2000 at one T: ms after plan, p99": LATE_MS,
    f"{MANY} releases: s from T": 15,
    "one wrong file": 60,
    "one missing file": 60,
    "one on-time release, five witnesses: requests": 1500,
    "one on-time release: most in a second": 12,
    "one on-time release: as a user, in the quiet window": 0,
}


def measure() -> list[Figure]:
    # A line of log for each of ten thousand releases is not what is measured.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as here:
        found |= _beside_others(here)
        found |= _at_one_t(here)
        found |= _many(here)
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as here:
        found |= _files(here, "wrong")
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as here:
        found |= _files(here, "missing")
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as here:
        found |= _one_release(here)
    return barred(found, LEAST, MOST)


class Site:
    """nginx on the files of a folder; what is in `new` comes there at T."""

    def __init__(self, folder: Path, port: int) -> None:
        self.root = folder / "www"
        self.new = folder / "new"
        self.log = folder / "access.log"
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"
        self.root.mkdir()
        self.new.mkdir()

    def publish(self) -> None:
        for file in sorted(self.new.iterdir()):
            file.replace(self.root / file.name)

    def publish_at(self, opens: Instant) -> threading.Timer:
        timer = threading.Timer(CLOCK.seconds_until(opens), self.publish)
        timer.start()
        return timer


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    here = Site(folder, port := free_port())
    config = f"""
        worker_processes 1; worker_cpu_affinity auto 10; error_log stderr;
        worker_rlimit_nofile 20000; events {{ worker_connections 9000; }}
        http {{
            log_format when "$msec $remote_addr $request_uri";
            access_log {here.log} when; default_type "text/html; charset=utf-8";
            types {{ application/vnd.oasis.opendocument.spreadsheet ods; text/csv csv; }}
            server {{
                listen 127.0.0.1:{port} backlog=4096; root {here.root};
                location ~ "^/r/[0-9]+$" {{ try_files /page =404; }}
            }}
        }}"""
    with nginx(folder, config, port), one_core():
        yield here


@contextmanager
def one_core() -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


PAGE_KEYED = keyed(KEY, digest(visible_text(PAGE.decode()).encode()))


def page_part(url: str) -> Part:
    return Part(PAGE_PART, url, PAGE_KEYED)


def order(n: int, here: Site, opens: Instant) -> WatchOrder:
    channel = Channel(
        ANNOUNCED, page_part(f"{here.url}/r/{n}"), (), timedelta(hours=1), cache_busting=False
    )
    return WatchOrder(f"release-{n}", opens, (channel,), ("coming soon",), ALONE, CLOCK.now())


def probe(n: int = 1) -> Probe:
    vantage = Vantage("ninethirty-bench (+nobody)", f"127.0.0.{n + 1}")
    return Probe(witness=f"w{n}", network=f"n{n}", vantage=vantage, clock=CLOCK)


def _beside_others(here: Site) -> dict[str, float]:
    """Looks a second with a connection each, the page hashed and its words read."""
    (here.root / "page").write_bytes(PAGE)
    url = f"{here.url}/r/0"
    return {
        "looks/s, ours": _our_rate(here),
        "looks/s, aiohttp": asyncio.run(_aiohttp_rate(url)),
        "looks/s, httpx": asyncio.run(_httpx_rate(url)),
    }


def _our_rate(here: Site) -> float:
    ordered = order(0, here, CLOCK.now())
    channel = ordered.channels[0]
    look = Look(ordered, ANNOUNCED, channel.page.url, channel.page, View.USER)
    eyes, done = probe(), 0
    with Loop() as loop:

        def again(*_: object) -> None:
            nonlocal done
            done += 1
            eyes.look(loop, look, again)

        for _ in range(CONNECTIONS):
            eyes.look(loop, look, again)
        began = time.monotonic()
        while time.monotonic() < began + THROUGHPUT_SECONDS:
            loop.turn(0.1)
    return round(done / THROUGHPUT_SECONDS)


async def _aiohttp_rate(url: str) -> float:
    connector = aiohttp.TCPConnector(force_close=True, limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get() -> bytes:
            async with session.get(url) as reply:
                return await reply.read()

        return await _rate(get)


async def _httpx_rate(url: str) -> float:
    limits = httpx.Limits(max_keepalive_connections=0, max_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits) as client:

        async def get() -> bytes:
            return (await client.get(url)).content

        return await _rate(get)


async def _rate(get: Callable[[], Awaitable[bytes]]) -> float:
    read: dict[str, str] = {}
    done, until = 0, time.monotonic() + THROUGHPUT_SECONDS

    async def keep_on() -> None:
        nonlocal done
        while time.monotonic() < until:
            body = await get()
            name = digest(body)
            # As ours does: the same page is read once.
            if name not in read:
                read[name] = digest(visible_text(body.decode()).encode())
            done += 1

    await asyncio.gather(*(keep_on() for _ in range(CONNECTIONS)))
    return round(done / THROUGHPUT_SECONDS)


def _at_one_t(here: Site) -> dict[str, float]:
    """The most releases at one T that each get their look a second, on time."""
    (here.root / "page").write_bytes(PAGE)
    found: dict[str, float] = {}
    for releases in AT_ONE_T:
        a_second, p99, cost = _watched(here, releases)
        found[f"{releases} at one T: looks/s"] = a_second
        found[f"{releases} at one T: ms after plan, p99"] = p99
        found[f"{releases} at one T: us of the core for a look"] = cost
        if a_second < 0.97 * releases or p99 > LATE_MS:
            break
        found["releases at one T, 1 look/s each"] = releases
    return found


def _watched(here: Site, releases: int) -> tuple[float, float, float]:
    late: list[float] = []
    looks: list[Sighting] = []
    # Dealt over the second: the first looks at a quarter more than the rate they then keep.
    budget = Budget(lifted={here.host: releases * 1.25})
    outfit = Outfit([probe()], CLOCK, budget, looks.append, lateness=late.append)
    opens = CLOCK.now() + timedelta(seconds=4 + 2 * releases / 1000)
    with closing(Watches(outfit)) as watches:
        for n in range(releases):
            watches.follow(order(n, here, opens))
        time.sleep(max(0.0, CLOCK.seconds_until(opens) + 1))
        del late[:]
        began, before, spent = time.monotonic(), len(looks), time.process_time()
        time.sleep(SECONDS)
        cost = (time.process_time() - spent) / max(1, len(looks) - before)
        a_second = (len(looks) - before) / (time.monotonic() - began)
        dated = sorted(late)
    return round(a_second), round(1000 * dated[int(0.99 * len(dated))], 1), round(1e6 * cost)


def _many(here: Site) -> dict[str, float]:
    """How soon after T ten thousand releases each have their verdict."""
    (here.root / "page").write_bytes(PAGE)
    seen: list[Sighting] = []
    outfit = Outfit([probe()], CLOCK, Budget(lifted={here.host: LIFTED}), seen.append)
    opens = CLOCK.now() + timedelta(seconds=20)
    orders = {o.release: o for o in (order(n, here, opens) for n in range(MANY))}
    judges = {name: Judge(o, o.channels[0]) for name, o in orders.items()}
    calls: Counter[Call] = Counter()
    taken = 0
    with closing(Watches(outfit)) as watches:
        for each in orders.values():
            watches.follow(each)
        while judges and CLOCK.seconds_until(opens) > -60:
            new, taken = seen[taken:], len(seen)
            for sighting in new:
                judge = judges.get(sighting.release)
                if judge is None:
                    continue
                judge.add([sighting])
                verdict = judge.verdict(CLOCK.now(), KEY)
                if verdict.call is not Call.WAITING:
                    calls[verdict.call] += 1
                    del judges[sighting.release]
            time.sleep(0.02)
        seconds = -CLOCK.seconds_until(opens)
    return {
        f"{MANY} releases: s from T to the last verdict": round(seconds, 1),
        f"{MANY} releases: on time": calls[Call.ON_TIME],
    }


class _Nobody:
    def sighting(self, sighting: Sighting) -> None: ...

    def verdict(self, verdict: Verdict, now: Instant, *, final: bool) -> None: ...

    def tick(self, now: Instant) -> None: ...


def _files(here: Site, fault: str) -> dict[str, float]:
    """Fifty files, 200 MB in all, one of them wrong or missing: when the witness says so."""
    chance = random.Random(930)  # the same files every time
    (here.new / "page").write_bytes(PAGE)
    parts = []
    for n in range(FILES):
        content = chance.randbytes(FILE_BYTES)
        name = f"table-{n}.ods"
        parts.append(Part(name, f"{here.url}/{name}", keyed(KEY, digest(content))))
        if n == FILES // 2:
            if fault == "missing":
                continue
            content = content[:-1] + bytes([content[-1] ^ 1])
        (here.new / name).write_bytes(content)
    opens = CLOCK.now() + timedelta(seconds=3)
    channel = Channel(
        ANNOUNCED, page_part(f"{here.url}/page"), tuple(parts), timedelta(hours=1), False
    )
    ordered = WatchOrder("files", opens, (channel,), ("coming soon",), ALONE, CLOCK.now())
    timer = here.publish_at(opens)
    watching = Watching(ordered, KEY, [probe()], CLOCK, Budget(), _Nobody())
    verdict = watch_alone(watching, threading.Event())
    timer.join()
    expected = Call.WRONG if fault == "wrong" else Call.PARTIAL
    assert verdict.call is expected, verdict
    return {
        f"one {fault} file of {FILES}: s from T to the verdict": round(
            -CLOCK.seconds_until(opens), 1
        )
    }


def _one_release(here: Site) -> dict[str, float]:
    """What five witnesses ask for of one release that is on time, as the platform's log has it."""
    (here.root / "page").write_bytes(SOON)
    (here.root / "listing").write_bytes(b"<a href='/other'>older</a>")
    (here.root / "old").write_bytes(PAGE)
    (here.new / "page").write_bytes(PAGE)
    (here.new / "listing").write_bytes(b"<a href='/page'>new</a>")
    files = []
    for n in range(5):
        content = f"table {n}\n".encode() * 1000
        (here.new / f"table-{n}.csv").write_bytes(content)
        files.append(
            Part(f"table-{n}.csv", f"{here.url}/table-{n}.csv", keyed(KEY, digest(content)))
        )
    quiet = timedelta(seconds=30)
    opens = CLOCK.now() + timedelta(seconds=LEAD_SECONDS)
    channel = Channel(
        ANNOUNCED,
        page_part(f"{here.url}/page"),
        tuple(files),
        quiet,
        True,
        (Part("listing:1", f"{here.url}/listing"),),
    )
    ordered = WatchOrder(
        "one",
        opens,
        (channel,),
        ("coming soon",),
        Policy(),
        CLOCK.now(),
        controls=(Part("platform:1", f"{here.url}/old"),),
    )
    seen: list[Sighting] = []
    timer = here.publish_at(opens)
    outfit = Outfit([probe(n) for n in range(1, 6)], CLOCK, Budget(), seen.append)
    with closing(Watches(outfit)) as watches:
        watches.follow(ordered)
        time.sleep(LEAD_SECONDS + 90)
    timer.join()
    judge = Judge(ordered, channel)
    judge.add(seen)
    verdict = judge.verdict(CLOCK.now(), KEY)
    assert verdict.call is Call.ON_TIME, verdict
    asked = sorted(float(line.split()[0]) for line in here.log.read_text().splitlines())
    busiest = max(sum(at <= other < at + 1 for other in asked) for at in asked)
    first = opens - quiet
    in_quiet = [
        line
        for line in here.log.read_text().splitlines()
        if first.timestamp() <= float(line.split()[0]) < opens.timestamp()
        and line.split()[2] in ("/page", "/listing", *(f"/table-{n}.csv" for n in range(5)))
    ]
    waits = [(s.started - opens).total_seconds() for s in seen if s.part == PAGE_PART]
    return {
        "one on-time release, five witnesses: requests": len(asked),
        "one on-time release: most in a second": busiest,
        "one on-time release: as a user, in the quiet window": len(in_quiet),
        "one on-time release: s from T to the verdict": round(
            (verdict.decided - opens).total_seconds(), 2
        ),
        "one on-time release: s from T to the first look": round(
            min(w for w in waits if w >= 0), 3
        ),
    }
