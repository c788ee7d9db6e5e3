"""Pages put in force on a shelf, and what a gate makes of them at T."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.rolling import HORIZON
from ninethirty.core.schedule import Content, Gone, Opening
from ninethirty.core.site import Promise, Site, Version
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.public.build import render
from ninethirty.desk.public.site import pages, pages_shared, pages_showing
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.shelving.show import Armed, arm
from tests.desk.public.sites import FILES, NOW, ZONE, T, edition, every_state, promised, site, wall
from tests.gate.in_front import an_nginx
from tests.gate.made import CLOCK, Gate, a_gate, a_shelf


def armed(shelf: Shelf, known: Site, now: Instant = NOW) -> Armed:
    return arm(shelf, [render(page, now) for page in pages(known)], now)


def moved(known: Site, at: Instant = NOW) -> Site:
    old = known.editions["confirmed"]
    again = Promise(wall("2026-12-10T09:30"), at, "A holiday.")
    new = replace(old, promises=(*old.promises, again))
    return replace(known, editions={**known.editions, "confirmed": new}, as_of=at)


def test_arming_the_same_site_again_signs_nothing(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, NOW)
    first = armed(shelf, every_state())
    assert first.changed > 60
    assert first.version
    again = armed(shelf, every_state(), NOW + timedelta(seconds=1))
    assert (again.changed, again.documents, again.version) == (0, 0, "")


def test_a_change_of_one_release_is_shown_where_it_is_and_nowhere_else(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, NOW)
    armed(shelf, every_state())
    now = NOW + timedelta(minutes=1)
    changed = moved(every_state(), now)
    done = arm(shelf, [render(page, now) for page in pages_showing(changed, ["confirmed"])], now)
    names = {page.name for page in pages(changed)}
    turned = {name for name in names if any(opening.opens == now for opening in shelf.says(name))}
    assert done.documents == len(turned)
    assert {
        "release/confirmed",
        "site/series/work",
        "site/producers/office",
        "site/calendar/2026/12",
        "site/calendar/2026/12/08",
        "site/calendar/2026/12/10",
        "site/search/2026-12.json",
        "site/changes",
        "site/today",
        "site/calendar",
    } <= turned
    assert not {"site/series/fuel", "site/calendar/2027/02", "release/moved"} & turned
    # Nothing else would have been different, but what is made when pages are rolled forward.
    every = [page for page in pages(changed) if page.name != "site/calendar/all"]
    rest = arm(shelf, [render(page, now) for page in every], now)
    assert (rest.changed, rest.documents) == (0, 0)


def test_files_that_a_release_has_at_its_address_stay(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, NOW)
    body = b"month,rate\n"
    file = Content(shelf.put(body), len(body), "text/csv")
    opening = Opening("/releases/fuel-2026-11/rates.csv", T, file)
    shelf.publish("release/fuel-2026-11", [opening], NOW)
    armed(shelf, every_state())
    assert opening in shelf.says("release/fuel-2026-11")


def test_what_stood_a_moment_ago_is_kept_for_gates_whose_clocks_are_behind(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, NOW)
    armed(shelf, every_state())
    armed(shelf, moved(every_state()), NOW + timedelta(minutes=1))
    told = [one.opens for one in shelf.says("release/confirmed") if one.path.endswith("confirmed")]
    assert told[:2] == [NOW, NOW + timedelta(minutes=1)]


def test_a_shared_page_that_was_rolled_forward_says_what_it_would_say_if_made_then(
    tmp_path: Path,
) -> None:
    shelf, later = a_shelf(tmp_path, NOW), NOW + timedelta(hours=30)
    armed(shelf, every_state())
    known = replace(every_state(), as_of=later)
    shared = [render(page, later) for page in pages_shared(known)]
    done = arm(shelf, shared, later)
    today = shelf.says("site/today")
    assert max(one.opens for one in today) > NOW + HORIZON
    assert done.documents > 0
    again = arm(shelf, shared, later)
    assert again.documents == 0


def soon(seconds: float) -> Site:
    """The next release opens in so many seconds."""
    opens = (CLOCK.now() + timedelta(seconds=seconds)).rounded_up()
    local = at_local(opens, ZONE).replace(tzinfo=None)
    now = edition(
        "now", "fuel", promised(local.isoformat()), versions=(Version(opens, FILES, "<p>4.0</p>"),)
    )
    return site([*every_state().editions.values(), now], CLOCK.now())


BURST = (
    "/releases/now",
    "/",
    f"/calendar/{CLOCK.now():%Y/%m}",
    f"/calendar/{CLOCK.now():%Y/%m/%d}",
    "/series/fuel",
    "/producers/office",
    "/status",
    "/calendar",
    "/releases/now.json",
    "/index.json",
    "/feed/releases.atom",
    "/series/fuel/feed.rss",
    "/producers/office/calendar.ics",
)


TO_ARM = (6, 20, 60)
"""Seconds from arming to T; a busy machine gets more."""

Turns = dict[str, tuple[bytes, bytes]]
"""What each path answers before T, and from then on."""


@contextmanager
def a_site_at_a_gate(folder: Path) -> Iterator[tuple[Gate, Instant, Turns]]:
    """T is set when the gate is up: nobody knows how busy the machine is."""
    shelf = a_shelf(folder, CLOCK.now())
    shelf.publish("site/ready", [Opening("/ready", CLOCK.now(), Gone("It is."))], CLOCK.now())
    with a_gate(folder, shelf) as gate:
        for seconds in TO_ARM:
            opens, told = armed_at_the_gate(shelf, gate, seconds)
            if CLOCK.now() < opens:
                break
        else:
            pytest.fail("the machine is too slow for this test")
        yield gate, opens, told


def armed_at_the_gate(shelf: Shelf, gate: Gate, seconds: float) -> tuple[Instant, Turns]:
    known = soon(seconds)
    opens = known.editions["now"].versions[0].opens
    made = [render(page, CLOCK.now()) for page in pages_showing(known, ["now"])]
    arm(shelf, made, CLOCK.now())
    told: Turns = {}
    for path in BURST:
        page = next(page for page in made if path in page.turns[0][1])
        turns = [(at, files[path].body) for at, files in page.turns]
        before = [body for at, body in turns if at < opens][-1]
        after = [body for at, body in turns if at <= opens][-1]
        # A calendar tells when it opens, which was told before.
        assert before != after or path.endswith(".ics"), f"{path} does not turn at T"
        told[path] = before, after
    while CLOCK.now() < opens and any(gate.get(path)[2] != told[path][0] for path in BURST):
        time.sleep(0.05)
    return opens, told


def burst(gate: Gate, number: int) -> list["Look"]:
    found = []
    for path in BURST[number % 3 :] + BURST[: number % 3]:
        begun = CLOCK.now()
        status, _, body = gate.get(path)
        assert status == 200, path
        found.append((path, begun, body, CLOCK.now()))
    return found


Look = tuple[str, Instant, bytes, Instant]
"""Path, when it was asked for, what came, and when."""


def looks_around_t(folder: Path) -> tuple[Instant, Turns, list[Look]]:
    """T, what there was to see before and after it, and what bursts saw at a gate and through
    nginx."""
    with (
        a_site_at_a_gate(folder) as (gate, opens, told),
        an_nginx(folder / "nginx", gate.port) as front,
    ):
        ways = [gate, Gate(gate.process, front)]
        seen: list[Look] = []
        with ThreadPoolExecutor(4) as readers:
            while CLOCK.now() < opens + timedelta(seconds=1):
                asked = [readers.submit(burst, ways[n % 2], n) for n in range(4)]
                seen += [look for one in asked for look in one.result()]
                time.sleep(0.05)
    return opens, told, seen


def test_the_whole_site_turns_at_t_and_no_burst_is_mixed(tmp_path: Path) -> None:
    opens, told, seen = looks_around_t(tmp_path)
    after = [look for look in seen if look[1] >= opens]
    before = [look for look in seen if look[3] < opens]
    assert len(after) >= 2 * len(BURST)
    assert len(before) >= 2 * len(BURST)
    assert {path for path, _, body, _ in after if body != told[path][1]} == set()
    assert {path for path, _, body, _ in before if body != told[path][0]} == set()
