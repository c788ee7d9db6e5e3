"""When a witness looks, and when it must not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from ninethirty.core.cause import Cause
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.times import Clock, Pace, RealClock, clock, write_paces
from ninethirty.core.verdict import Call, judge
from ninethirty.core.watch import Policy, WatchOrder
from ninethirty.witness.budget import DRILL_A_SECOND, drill_budget
from ninethirty.witness.watch import Outfit, Watches
from tests.witness.setting import (
    HALF_PAST,
    KEY,
    NEW,
    SOON,
    TABLE,
    Asked,
    Server,
    Told,
    channel,
    drill,
    drill_file,
    eventually,
    file,
    order,
    probe,
    served,
)

GATE = timedelta(0)
QUIET = timedelta(hours=1)


@contextmanager
def watching(
    told: Clock, *orders: WatchOrder, witness: str = "w1", network: str = "n1"
) -> Iterator[list[Sighting]]:
    seen: list[Sighting] = []
    eyes = probe(told, witness=witness, network=network)
    watches = Watches(Outfit([eyes], told, drill_budget(), seen.append))
    try:
        for each in orders:
            watches.follow(each)
        yield seen
    finally:
        watches.close()


def until(told: Clock, after: timedelta) -> None:
    time.sleep(max(0.0, told.seconds_until(HALF_PAST + after)))


def plain(server: Server) -> list[Asked]:
    """Asked as a user would; addresses that nobody has made left aside."""
    return [asked for asked in server.asked if not asked.query and "no-such" not in asked.path]


def real(server: Server) -> list[Asked]:
    return [asked for asked in server.asked if "no-such" not in asked.path]


def test_in_the_quiet_window_nobody_asks_as_a_user_would_and_the_first_look_is_at_t(
    tmp_path: Path,
) -> None:
    told = drill(tmp_path, before=timedelta(seconds=22), speed=10)
    with (
        served(lambda _: Told(body=SOON)) as server,
        watching(told, order(channel(server.url, quiet=QUIET))),
    ):
        opens = time.monotonic() + told.seconds_until(HALF_PAST)
        until(told, timedelta(seconds=5))

    as_user = [asked.at - opens for asked in plain(server)]
    assert 0 <= as_user[0] < 0.2
    past_caches = [asked for asked in server.asked if asked.query and asked.at < opens]
    assert len(past_caches) >= 4
    assert len({asked.query for asked in past_caches}) == len(past_caches)


def test_where_a_random_query_does_not_pass_the_caches_none_is_sent(tmp_path: Path) -> None:
    told = drill(tmp_path, before=timedelta(seconds=5), speed=20)
    with (
        served(lambda _: Told(body=SOON)) as server,
        watching(told, order(channel(server.url, quiet=QUIET, cache_busting=False))),
    ):
        until(told, timedelta(seconds=5))
    assert real(server)
    assert plain(server) == real(server)


def test_a_gate_is_watched_for_leaks_before_t_page_and_files(tmp_path: Path) -> None:
    told = drill(tmp_path, before=timedelta(minutes=30), speed=20)
    with served(lambda asked: Told(200 if asked.path == "/t.csv" else 404, TABLE)) as server:
        gate = channel(server.url, quiet=GATE, files=(file(f"{server.url}/t.csv"),))
        with watching(told, order(gate)) as seen:
            eventually(lambda: len(server.asked) > 8)

    as_user = {asked.path for asked in plain(server)}
    assert as_user == {"/prices", "/t.csv"}
    verdict = judge(order(gate), gate, seen, seen[-1].ended, KEY)
    assert verdict.call is Call.EARLY


def test_a_file_that_is_out_before_its_time_is_seen_past_the_caches_and_not_as_a_user(
    tmp_path: Path,
) -> None:
    told = drill(tmp_path, before=timedelta(minutes=5), speed=20)

    def tell(asked: Asked) -> Told:
        return Told(body=TABLE if asked.path == "/t.csv" else SOON)

    with served(tell) as server:
        platform = channel(server.url, quiet=QUIET, files=(file(f"{server.url}/t.csv"),))
        with watching(told, order(platform)) as seen:
            eventually(lambda: sum(look.part == "t.csv" for look in seen) >= 2)
    assert plain(server) == []
    assert judge(order(platform), platform, seen, seen[-1].ended, None).call is Call.EARLY


def test_while_all_wait_for_the_page_an_answer_that_hangs_does_not_put_off_the_next_look(
    tmp_path: Path,
) -> None:
    told = drill(tmp_path, before=timedelta(seconds=1))

    def hang(asked: Asked) -> Told:
        if not asked.query and asked.path == "/prices":
            time.sleep(2.5)
        return Told(body=SOON)

    with (
        served(hang) as server,
        watching(told, order(channel(server.url, quiet=QUIET))) as seen,
    ):
        until(told, timedelta(seconds=4.5))
        asked = [one.at for one in plain(server)]
        until(told, timedelta(seconds=7))
    assert len(asked) >= 4, "one each second, though each takes two and a half"
    as_user = [look for look in seen if look.view is View.USER]
    assert len(as_user) >= 3, "and all of them are written down"


def test_files_are_asked_for_only_once_their_page_is_there(tmp_path: Path) -> None:
    bodies = {"/prices": SOON, "/t.csv": TABLE}
    told = drill(tmp_path, before=timedelta(0), speed=10)
    with served(lambda asked: Told(body=bodies[asked.path])) as server:
        here = channel(server.url, files=(file(f"{server.url}/t.csv"),))
        with watching(told, order(here)):
            eventually(lambda: len(plain(server)) > 3)
            assert "/t.csv" not in server.paths()
            bodies["/prices"] = NEW
            eventually(lambda: "/t.csv" in server.paths())


def test_what_is_whole_and_stays_is_looked_at_seldom_once_no_verdict_waits_for_it(
    tmp_path: Path,
) -> None:
    bodies = {"/prices": NEW, "/t.csv": TABLE}
    told = drill(tmp_path, before=timedelta(0), speed=60)
    with served(lambda asked: Told(body=bodies[asked.path])) as server:
        here = channel(server.url, files=(file(f"{server.url}/t.csv"),), cache_busting=False)
        with watching(told, order(here)) as seen:
            until(told, timedelta(seconds=300))
            calm = [look.started - HALF_PAST for look in seen if look.part == "page"]
            # As soon as a file is another, it is looked at often again.
            bodies["/t.csv"] = b"replaced"
            began = len(seen)
            eventually(lambda: len([look for look in seen[began:] if look.part == "page"]) > 4)
            gaps = [
                b.started - a.started for a, b in zip(seen[began:], seen[began + 2 :], strict=False)
            ]

    assert len([since for since in calm if since < timedelta(seconds=75)]) > 8
    assert 2 <= len([since for since in calm if since > timedelta(seconds=85)]) <= 4
    assert min(gaps) < timedelta(seconds=30)


def test_a_placeholder_never_counts_as_calm(tmp_path: Path) -> None:
    told = drill(tmp_path, before=timedelta(0), speed=40)
    with (
        served(lambda _: Told(body=SOON)) as server,
        watching(told, order(channel(server.url, cache_busting=False))) as seen,
    ):
        until(told, timedelta(seconds=180))
    assert len([k for k in seen if k.started - HALF_PAST > timedelta(seconds=85)]) > 8


def test_a_change_of_pace_is_noticed_by_those_who_sleep(tmp_path: Path) -> None:
    paces = drill_file(tmp_path, before=timedelta(hours=1), speed=1)
    told = clock(paces)
    with (
        served(lambda _: Told(body=SOON)) as server,
        watching(told, order(channel(server.url, quiet=QUIET, cache_busting=False))),
    ):
        time.sleep(0.2)
        now = RealClock().now()
        write_paces(paces, [Pace(now, HALF_PAST - timedelta(seconds=10), 100)])
        eventually(lambda: real(server), within=1.0)


def test_a_newer_order_for_the_release_takes_the_place_of_the_older(tmp_path: Path) -> None:
    told = drill(tmp_path, before=timedelta(seconds=1), speed=5)
    with served(lambda _: Told(body=SOON)) as old, served(lambda _: Told(body=SOON)) as new:
        first = order(channel(old.url, quiet=QUIET, cache_busting=False))
        second = order(channel(new.url, quiet=QUIET, cache_busting=False))
        with watching(told, first, second, second):
            until(told, timedelta(seconds=5))
    assert not real(old)
    assert real(new)


def test_a_watch_ends_a_day_after_t(tmp_path: Path) -> None:
    told = drill(tmp_path, before=-timedelta(hours=24, seconds=1))
    with (
        served(lambda _: Told(body=SOON)) as server,
        watching(told, order(channel(server.url))),
    ):
        time.sleep(0.3)
    assert not server.asked


def test_a_witness_looks_at_most_twenty_times_a_second(tmp_path: Path) -> None:
    told = drill(tmp_path, before=timedelta(0), speed=1000)
    with served(lambda _: Told(body=SOON)) as server:
        channels = [channel(server.url, name=f"c{n}") for n in range(6)]
        with watching(told, order(*channels)) as seen:
            time.sleep(2.5)

    begun = sorted(told.seconds_until(look.started) for look in seen)
    # A little less than a second: a busy machine may hold up a thread after its turn was given.
    busiest = max(sum(start <= each < start + 0.95 for each in begun) for start in begun)
    assert 12 <= busiest <= DRILL_A_SECOND
    assert {look.channel for look in seen} == {each.name for each in channels}


def test_the_sightings_of_a_cached_coming_soon_page_are_judged_late_and_cached(
    tmp_path: Path,
) -> None:
    told = drill(tmp_path, before=timedelta(seconds=5), speed=40)
    policy = Policy(witnesses=2)

    def platform(asked: Asked) -> Told:
        """Caches keep the old page from T-5 min until T+150 s."""
        now = told.now()
        if asked.path == "/t.csv":
            return Told(200, TABLE) if now >= HALF_PAST else Told(404)
        published = now >= HALF_PAST if asked.query else now >= HALF_PAST + timedelta(seconds=150)
        return Told(200, NEW if published else SOON)

    with served(platform) as server:
        here = channel(server.url, quiet=QUIET, files=(file(f"{server.url}/t.csv"),))
        ordered = order(here, policy=policy)
        with (
            watching(told, ordered, witness="w1", network="n1") as one,
            watching(told, ordered, witness="w2", network="n2") as two,
        ):
            until(told, timedelta(seconds=220))

    def verdict(after: timedelta) -> tuple[Call, Cause]:
        found = judge(ordered, here, one + two, HALF_PAST + after, KEY)
        return found.call, found.cause

    assert verdict(timedelta(seconds=15)) == (Call.WAITING, Cause.NOT_KNOWN)
    assert verdict(timedelta(seconds=35)) == (Call.LATE_PROVISIONAL, Cause.CACHED)
    assert verdict(timedelta(seconds=80)) == (Call.LATE, Cause.CACHED)
    assert verdict(timedelta(seconds=210)) == (Call.RECOVERED, Cause.NOT_KNOWN)
    whole = judge(ordered, here, one + two, HALF_PAST + timedelta(seconds=210), KEY).seen_by_all
    assert whole
    assert whole.after
    assert whole.after <= HALF_PAST + timedelta(seconds=150) <= whole.by
    assert {look.view for look in one} == {View.USER, View.BUSTED}
