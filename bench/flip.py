"""Across many openings: is anything early, is anything old, how soon is the new there?

Sixteen readers ask without pause, directly, through the nginx we ship, and through Varnish as it
comes: two paths that change again and again, then 1,000 releases at one instant, then 10,000.
"""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path as Folder

from bench.figure import Figure, percentile
from bench.reader import ABSENT, Path, Seen, hammer
from bench.sealing import CLOCK, HTML, Desk, yesterday
from bench.serving import a_gate, handed_over, nginx_before, varnish_before
from ninethirty.core.schedule import Opening
from ninethirty.core.times import Instant

READERS = 16
FLIPS = 35
APART = timedelta(seconds=0.3)
CROWDS = (1_000, 10_000)
CROWD_APART = timedelta(seconds=4)
WAYS = ("directly", "through nginx", "through Varnish")
IN_MEMORY = "/dev/shm" if Folder("/dev/shm").is_dir() else None  # noqa: S108
"""Where the files lie: how fast a disk makes 11,000 of them is not what is measured here."""

TO_START = (20, 60, 120)
"""Seconds in which the releases are signed and armed; a busy machine gets more."""


def measure() -> list[Figure]:
    found: list[Figure] = []
    early = old = flips = 0
    for way in WAYS:
        site, seen = _patiently(way)
        found += _figures(way, site, seen)
        early, old = early + seen.early, old + seen.old
        flips += sum(len(path.opens) for path in site if path.path in ("/page", "/file.csv"))
        flips += len(CROWDS)
    return [
        *found,
        Figure("flips, all ways", flips, least=200),
        Figure("early, all ways", early, most=0),
        Figure("old though begun after T, all ways", old, most=0),
    ]


def _patiently(way: str) -> tuple[list[Path], Seen]:
    for seconds in TO_START:
        with tempfile.TemporaryDirectory(dir=IN_MEMORY) as made:
            found = _across(Folder(made), way, timedelta(seconds=seconds))
        if found:
            return found
    raise SystemExit(f"flip: not armed within {TO_START[-1]} s; is this machine busy?")


def _across(folder: Folder, way: str, to_start: timedelta) -> tuple[list[Path], Seen] | None:
    """None: too slow to be ready before the first flip."""
    desk = Desk(folder)
    site = _site(desk, CLOCK.now() + to_start)
    handed_over(desk)
    first, until = site[0].opens[0], site[-1].opens[-1] + CROWD_APART
    with ExitStack() as stack:
        port = stack.enter_context(a_gate(desk)).port
        if way == "through nginx":
            port = stack.enter_context(nginx_before(folder, port))
        elif way == "through Varnish":
            port = stack.enter_context(varnish_before(folder, port))
        if CLOCK.now() >= first:
            return None
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            seen = apart.submit(hammer, port, READERS, until, partial(_route, site)).result()
    return site, seen


def _site(desk: Desk, first: Instant) -> list[Path]:
    """In the order in which they open."""
    noise = os.urandom(20_000)  # no encoding is smaller, so a tag names the flip
    site = []
    for name, kind in (("/page", HTML), ("/file.csv", "text/csv")):
        contents = [
            desk.content(b"%s %d " % (name.encode(), n) + noise, kind) for n in range(FLIPS + 1)
        ]
        opens = tuple(first + APART * n for n in range(FLIPS))
        openings = zip((yesterday(), *opens), contents, strict=True)
        desk.add(f"release{name}", [Opening(name, *one) for one in openings])
        site.append(Path(name, opens, tuple(_tag(one.digest) for one in contents)))
    at = first + APART * FLIPS
    for crowd in CROWDS:
        at += CROWD_APART
        new = desk.content(b"one of many " + noise[:2000])
        desk.add_many(crowd, f"/{crowd}", new, at)
        site += [Path(f"/{crowd}/{n}", (at,), (ABSENT, _tag(new.digest))) for n in range(crowd)]
    desk.sign()
    return site


def _tag(digest: str) -> bytes:
    return f'"{digest}"'.encode()


def _route(site: list[Path], number: int) -> Iterator[Path]:
    """The two by turns while they change; then each reader its own part of what opens next."""
    two, rest = site[:2], site[2:]
    end = two[0].opens[-1] + APART
    for path in cycle(two):
        if CLOCK.now() > end:
            break
        yield path
    for crowd in CROWDS:
        mine = rest[number:crowd:READERS]
        rest = rest[crowd:]
        end = mine[0].opens[0] + CROWD_APART * 0.75
        for path in cycle(mine):
            if CLOCK.now() > end:
                break
            yield path
    yield from cycle(two)


def _figures(way: str, site: list[Path], seen: Seen) -> list[Figure]:
    opens = {(path.path, n): at for path in site for n, at in enumerate(path.opens)}
    late = {one: _ms(first, opens[one]) for one, first in seen.first.items()}
    begun = {one: _ms(first, opens[one]) for one, first in seen.asked.items()}
    two = [one for one in late if one[0] in ("/page", "/file.csv")]
    ours = {one: max(0.0, late[one] - max(0.0, begun[one])) for one in late if one in begun}
    found = [
        Figure(f"{way}: requests", seen.looks),
        Figure(f"{way}: answers that are none of what was sealed", seen.odd, most=0),
        Figure(
            f"{way}: first new answer, median ms after T",
            round(percentile([late[one] for one in two], 0.5), 2),
        ),
        Figure(
            f"{way}: first new answer, p99 ms after T",
            round(percentile([late[one] for one in two], 0.99), 2),
            most=5,
        ),
        Figure(
            f"{way}: of this the readers' own lateness in asking, p99 ms",
            round(percentile([begun[one] for one in two], 0.99), 2),
        ),
        Figure(
            f"{way}: first new answer, p99 ms after it was first asked for",
            round(percentile([ours[one] for one in two if one in ours], 0.99), 2),
        ),
    ]
    for crowd in CROWDS:
        many = [one for one in late if one[0].startswith(f"/{crowd}/")]
        waited = [ours[one] for one in many if one in ours]
        found += [
            Figure(f"{way}: {crowd:,} at once, seen after T", len(many)),
            Figure(
                f"{way}: {crowd:,} at once, first new answer of all, ms after T",
                round(min(late[one] for one in many), 2),
            ),
            Figure(
                f"{way}: {crowd:,} at once, first answer of each, p99 ms after it was asked for",
                round(percentile(waited, 0.99), 2),
            ),
        ]
    return found


def _ms(late: Instant, early: Instant) -> float:
    return (late - early).total_seconds() * 1000
