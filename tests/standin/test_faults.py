"""What each fault looks like from outside, by plain requests at simulated time."""

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.times import Instant
from ninethirty.standin.exchange import Endless, Reset, Silence
from ninethirty.standin.platform.faults import FAULTS, FaultRefused, chosen
from ninethirty.standin.platform.scene import Wire
from tests.standin.day import EDGES, A, B, Day, seconds, words
from tests.standin.drill import HALF_PAST, at

SEEDS = range(3)
BOT = "watcher/1"

every_seed = pytest.mark.parametrize("seed", SEEDS)


def api(day: Day, now: Instant) -> Any:
    return json.loads(day.ask(now, day.path("api")).body)


def test_every_fault_is_shown_here() -> None:
    source = Path(__file__).read_text()
    assert [name for name in FAULTS if f'"{name}' not in source] == []


# --- the list ---


@pytest.mark.parametrize("name", FAULTS)
def test_the_same_seed_makes_the_same_day(name: str) -> None:
    edges = (A, B, "::1")

    def lines() -> list[Any]:
        day = Day.of(name, seed=7, edges=edges)
        for now in seconds(-30, 90, 10):
            for edge in edges:
                day.outcome(now, edge=edge)
                day.outcome(now, day.file(), edge=edge)
        return day.log.lines

    assert lines() == lines()


@pytest.mark.parametrize("name", FAULTS)
@every_seed
def test_the_list_says_of_each_fault_what_the_truth_log_says(name: str, seed: int) -> None:
    fault = FAULTS[name]
    day = Day.of(name, seed=seed, edges=(A, B, "::1"), begins=at(minutes=-15))
    truth = day.truth(at(seconds=100))
    watchers_only = {"bot-wall-403", "bot-wall-429", "bot-challenge", "slow-first-byte"}
    first = truth.first_right()
    whole = truth.whole_everywhere_from()
    if fault.calls == {"early"}:
        assert first is not None
        assert first < at(seconds=-1)
    elif "early" not in fault.calls:
        assert first is None or first >= HALF_PAST
    if "on_time" not in fault.calls and "early" not in fault.calls and name not in watchers_only:
        assert whole is None or whole > at(seconds=60)
    if fault.calls == {"on_time"}:
        assert whole is not None
        assert whole <= at(seconds=20)


@every_seed
def test_a_good_day_is_whole_at_every_edge_in_seconds(seed: int) -> None:
    truth = Day.of(seed=seed).truth(at(minutes=1))
    assert truth.first_right() == at(seconds=1)
    assert truth.whole_everywhere_from() == at(seconds=1)


def test_a_fault_that_is_none_and_a_parameter_that_is_none_are_refused() -> None:
    with pytest.raises(FaultRefused, match="is no fault"):
        chosen("no-such")
    with pytest.raises(FaultRefused, match="takes minutes; found hours"):
        chosen("head-of-line:hours=1")


def test_a_parameter_takes_the_place_of_chance() -> None:
    day = Day.of("head-of-line:minutes=5")
    assert day.says(at(minutes=4, seconds=59)) == "placeholder"
    assert day.says(at(minutes=5, seconds=5)) == "release"


def test_two_faults_compose() -> None:
    day = Day.of("region-differs:minutes=10", "missing-file")
    said = {edge: day.says(at(seconds=30), edge=edge) for edge in EDGES}
    assert sorted(said.values()) == ["placeholder", "release", "release"]
    right = next(edge for edge in EDGES if said[edge] == "release")
    assert "404" in [day.says(at(seconds=30), path, right) for path in day.files()]


def test_one_fault_can_be_chosen_twice() -> None:
    day = Day.of("wrong-page", "wrong-page")
    assert b"There were 99" in day.ask(at(seconds=5)).body


# --- the publisher ---


def test_a_short_queue_within_the_leeway_ends_seconds_after_the_wait() -> None:
    day = Day.of("queue-delay:wait_seconds=105,leeway_seconds=300")
    right = next(now for now in seconds(0, 200) if day.says(now) == "release")
    assert at(seconds=120) <= right <= at(seconds=130)


def test_without_leeway_a_queue_delay_of_two_minutes_becomes_half_an_hour() -> None:
    day = Day.of("queue-delay:wait_seconds=105,leeway_seconds=0")
    assert day.says(at(seconds=121)) == "placeholder"
    assert words(day.busted(at(seconds=121))) == "release"
    assert day.says(at(minutes=29)) == "placeholder"


def test_a_wait_longer_than_the_leeway_falls_off_it() -> None:
    day = Day.of("queue-delay:wait_seconds=400,leeway_seconds=300")
    assert day.says(at(seconds=310)) == "placeholder"
    assert day.ask(at(seconds=310)).headers["Cache-Control"] == "max-age=1800"
    assert day.says(at(seconds=420)) == "placeholder"


@every_seed
def test_behind_a_queue_of_other_jobs_all_waits(seed: int) -> None:
    day = Day.of("head-of-line", seed=seed)
    assert day.says(at(seconds=70)) == "placeholder"
    assert {words(day.busted(at(seconds=71), path)) for path in day.files()} == {"404"}
    assert day.says(at(minutes=31)) == "release"


@pytest.mark.parametrize(
    ("instead", "seen"),
    [("sign-in", "to /sign-in"), ("absent", "404"), ("previous", "something else")],
)
def test_attachments_come_after_their_page(instead: str, seen: str) -> None:
    day = Day.of(f"attachments-late:seconds=90,instead={instead}")
    assert day.says(at(seconds=3)) == "release"
    assert day.says(at(seconds=3), day.file()) == seen
    late = "something else" if instead == "previous" else seen
    assert day.says(at(seconds=80), day.file()) == late
    after = day.busted(at(seconds=95), day.file())
    assert after.body == day.scene.release.files["births.csv"]
    if instead == "previous":  # Kept for half an hour by the edge that was asked too soon.
        assert day.ask(at(minutes=20), day.file()).body != after.body


@every_seed
def test_the_page_comes_before_its_data(seed: int) -> None:
    day = Day.of("page-before-data", seed=seed)
    assert day.says(at(seconds=10)) == "release"
    assert day.says(at(minutes=4, seconds=50), day.file()) == "404"
    assert day.ask(at(minutes=66), day.file()).status == 200


@every_seed
def test_the_data_come_before_their_page(seed: int) -> None:
    day = Day.of("data-before-page", seed=seed)
    assert day.says(at(minutes=4)) == "placeholder"
    assert day.ask(at(minutes=4), day.file()).status == 200


def test_a_serial_bundle_is_old_and_new_at_once_for_moments() -> None:
    day = Day.of("serial-bundle:ahead=0")
    now = at(seconds=1.2)
    assert words(day.busted(now)) == "release"
    assert words(day.busted(now, day.path("births-by-month.csv"))) == "404"
    truth = Day.of("serial-bundle:ahead=1000").truth(at(minutes=4))
    whole = truth.whole_everywhere_from()
    assert whole is not None
    assert at(seconds=131) < whole < at(seconds=132)


@every_seed
def test_a_swallowed_error_looks_published_from_inside(seed: int) -> None:
    day = Day.of("swallowed-error", seed=seed)
    document = api(day, at(seconds=10))
    assert document["document_type"] == "official_statistics"
    assert document["scheduled_publishing_delay_seconds"] == 1
    assert words(day.busted(at(minutes=30))) == "placeholder"


def test_a_scheduler_that_never_ran_tries_again_or_not() -> None:
    for retry, later in ((120, "release"), (0, "placeholder")):
        day = Day.of(f"scheduler-never:retry_seconds={retry}")
        assert words(day.busted(at(seconds=119))) == "placeholder"
        assert words(day.busted(at(seconds=121))) == later


@every_seed
def test_late_approval_is_a_minute_or_two(seed: int) -> None:
    day = Day.of("approved-late", seed=seed)
    assert words(day.busted(at(seconds=60))) == "placeholder"
    assert words(day.busted(at(seconds=121))) == "release"


@every_seed
def test_what_was_not_approved_waits_for_a_person(seed: int) -> None:
    day = Day.of("not-approved", seed=seed)
    assert words(day.busted(at(minutes=9))) == "placeholder"
    assert words(day.busted(at(minutes=91))) == "release"


@every_seed
def test_a_double_run_announces_twice_and_changes_nothing(seed: int) -> None:
    day = Day.of("double-run", seed=seed)
    assert day.says(at(seconds=12)) == "release"
    now = at(seconds=45)
    assert day.says(now) == "release"
    assert day.busted(now, day.path("feed")).body.count(b"<entry>") == 3
    history = json.loads(day.busted(now, day.path("api")).body)["details"]["change_history"]
    assert len(history) == 2


def test_two_dates_disagree_in_public() -> None:
    day = Day.of("two-dates")
    assert api(day, at(minutes=-5))["publishing_scheduled_at"].startswith("2018-03-15")
    said = json.loads(day.ask(at(minutes=-5), day.path("announcement-api")).body)
    assert said["details"]["display_date"] == "8 March 2018 9:30am"
    assert words(day.busted(at(minutes=30))) == "placeholder"


@pytest.mark.parametrize(("slow", "first_byte"), [("no", 0.0), ("yes", 10.0)])
def test_a_herd_brings_the_origin_down_at_t(slow: str, first_byte: float) -> None:
    day = Day.of(f"thundering-herd:slow={slow},minutes=2")
    assert day.says(at(seconds=-6)) == "placeholder"
    for edge in EDGES:
        reply = day.ask(at(seconds=5), edge=edge)
        assert (reply.status, reply.first_byte_after) == (503, first_byte)
    assert day.says(at(minutes=2, seconds=1)) == "release"


def test_a_wrong_zone_is_an_hour() -> None:
    late, early = Day.of("wrong-zone:hours=1"), Day.of("wrong-zone:hours=-1", begins=at(-90))
    assert words(late.busted(at(minutes=59))) == "placeholder"
    assert words(late.busted(at(minutes=61))) == "release"
    assert words(early.busted(at(minutes=-61))) == "placeholder"
    assert words(early.busted(at(minutes=-59))) == "release"


@every_seed
def test_a_half_rollback_leaves_the_files_out(seed: int) -> None:
    day = Day.of("half-rollback", seed=seed)
    assert day.says(at(seconds=30)) == "placeholder"
    assert [day.ask(at(seconds=30), path).status for path in day.files()] == [200, 200]


def test_a_publisher_with_a_slow_clock_is_late_by_that_much() -> None:
    day = Day.of("publisher-clock-slow:seconds=90")
    assert words(day.busted(at(seconds=90))) == "placeholder"
    assert words(day.busted(at(seconds=91))) == "release"


def test_a_slow_alarm_holds_publishing_up_for_ten_seconds() -> None:
    truth = Day.of("slow-alarm").truth(at(minutes=1))
    assert truth.whole_everywhere_from() == at(seconds=11)


# --- the caches ---


@every_seed
def test_the_day_of_2018_ends_before_eleven(seed: int) -> None:
    day = Day.of("countdown-lost", seed=seed)
    assert {day.says(at(minutes=27), edge=edge) for edge in EDGES} == {"placeholder"}
    assert words(day.busted(at(minutes=27))) == "release"
    for minute in range(28, 91):
        said = {day.says(at(minutes=minute), edge=edge) for edge in EDGES}
    assert said == {"release"}


@every_seed
def test_an_edge_filled_after_the_loss_is_right_a_whole_lifetime_later(seed: int) -> None:
    day = Day.of("countdown-lost-at-edges:ttl_seconds=1800", seed=seed)
    filled = {visit.edge: visit.at for visit in day.scene.visits}
    for edge in EDGES:
        assert day.says(at(seconds=7), edge=edge) == (
            "placeholder" if filled[edge] >= at(minutes=-3) else "release"
        )
    truth = day.truth(at(minutes=31))
    for n, edge in enumerate(EDGES, start=1):
        whole = truth.whole_from(f"edge-{n}")
        assert whole is not None
        if filled[edge] >= at(minutes=-3):
            assert abs((whole - filled[edge]).total_seconds() - 1800) <= 1


def test_an_edge_filled_before_the_loss_is_right_at_t_whatever_the_others_hold() -> None:
    days = [Day.of("countdown-lost-at-edges:ttl_seconds=1800", seed=seed) for seed in range(10)]
    for day in days:
        held = {visit.edge: visit.at >= at(minutes=-3) for visit in day.scene.visits}
        said = {edge: day.says(at(seconds=7), edge=edge) for edge in EDGES}
        assert said == {edge: "placeholder" if held[edge] else "release" for edge in EDGES}
    assert {day.says(at(seconds=8)) for day in days} == {"placeholder", "release"}


def test_stale_while_revalidate_adds_its_seconds_for_the_first_reader() -> None:
    day = Day.of("countdown-lost-at-edges:ttl_seconds=600,stale_seconds=30")
    [filled] = [visit.at for visit in day.scene.visits if visit.edge == B]
    ends = (filled - HALF_PAST).total_seconds() + 600
    reply = day.ask(at(seconds=ends + 1), edge=B)
    assert (words(reply), reply.headers["X-Cache"]) == ("placeholder", "STALE")
    assert reply.headers["Cache-Control"] == "max-age=600, stale-while-revalidate=30"
    assert day.says(at(seconds=ends + 2), edge=B) == "release"
    turned = [was.at for was in day.truth(at(minutes=11)).edges["edge-2"] if was.name == "page"]
    assert turned[-1] == at(seconds=ends + 1)  # The first reader's stale answer fetched it.


@every_seed
def test_a_404_asked_for_too_soon_is_kept_for_minutes(seed: int) -> None:
    day = Day.of("not-found-cached", seed=seed)
    assert {day.says(at(seconds=60), edge=edge) for edge in EDGES} == {"404"}
    assert words(day.busted(at(seconds=60))) == "release"
    assert {day.says(at(minutes=5), edge=edge) for edge in EDGES} == {"release"}


@every_seed
def test_a_cached_404_of_one_file_leaves_the_page_right(seed: int) -> None:
    day = Day.of("file-not-found-cached", seed=seed)
    now = at(minutes=4)
    assert day.says(now) == "release"
    assert sorted(day.ask(now, path).status for path in day.files()) == [200, 404]
    assert {day.busted(now, path).status for path in day.files()} == {200}


@every_seed
def test_a_lifetime_that_is_too_long_shows_in_the_headers_before_t(seed: int) -> None:
    day = Day.of("ttl-too-long", seed=seed)
    reply = day.ask(at(minutes=-14))
    assert reply.headers["Cache-Control"] == "max-age=1800"
    assert words(day.ask(at(minutes=10))) == "placeholder"
    assert words(day.busted(at(minutes=10))) == "release"


def test_a_lifetime_that_is_too_short_shows_in_the_headers_only() -> None:
    day = Day.of("ttl-too-short")
    assert day.ask(at(minutes=-14)).headers["Cache-Control"] == "max-age=1"
    assert day.says(at(seconds=3)) == "release"


@every_seed
def test_edges_go_on_with_yesterday_when_the_origin_is_down(seed: int) -> None:
    day = Day.of("origin-down-stale", seed=seed)
    reply = day.ask(at(minutes=2, seconds=30))
    assert (words(reply), reply.headers["X-Cache"]) == ("placeholder", "STALE")
    assert int(reply.headers["Age"]) > 150
    assert day.busted(at(minutes=2, seconds=30)).status == 503
    assert day.says(at(minutes=21)) == "release"


@every_seed
def test_a_mirror_answers_200_with_what_it_has(seed: int) -> None:
    day = Day.of("mirror", seed=seed)
    reply = day.ask(at(seconds=30))
    assert words(reply) == "placeholder"
    assert reply.headers["X-Backend"] == "mirror"
    assert reply.headers["Last-Modified"].endswith("2018 0" + reply.headers["Last-Modified"][18:])
    assert reply.headers["Cache-Control"] == "max-age=900"
    assert words(day.busted(at(minutes=31))) == "release"


# --- early ---


@pytest.mark.parametrize(
    ("name", "early"),
    [
        ("date-moved:hours=0.5", at(minutes=-30)),
        ("early-stage-flag", at(minutes=-565)),
        ("publisher-clock-fast:seconds=60", at(minutes=-1)),
    ],
)
def test_everything_is_out_before_t(name: str, early: Instant) -> None:
    day = Day.of(name, begins=at(minutes=-600))
    before = early.replace(microsecond=0)
    truth = day.truth(HALF_PAST)
    first = truth.first_right()
    assert first is not None
    assert 0 <= (first - before).total_seconds() <= 30
    assert truth.whole_at(at(seconds=-1))


@every_seed
def test_a_file_is_out_at_an_address_that_was_guessed(seed: int) -> None:
    day = Day.of("early-file", seed=seed, begins=at(minutes=-150))
    truth = day.truth(at(seconds=-30))
    tries = [line for line in day.log.lines if line["what"] == "request"]
    assert len(tries) == 44
    assert {line["status"] for line in tries} == {404}
    assert truth.first_right() is not None
    assert [day.ask(at(seconds=-20), path, B).status for path in day.files()].count(200) == 1
    assert day.says(at(seconds=-20)) == "placeholder"


@every_seed
def test_a_list_gives_it_away(seed: int) -> None:
    day = Day.of("early-listing", seed=seed)
    listing = day.busted(at(seconds=-50), day.path("listing"))
    assert day.scene.release.path.encode() + b'"' in listing.body
    assert day.says(at(seconds=-50)) == "placeholder"


@every_seed
def test_a_notice_comes_before_its_page(seed: int) -> None:
    day = Day.of("early-notice", seed=seed)
    feed = day.busted(at(seconds=-50), day.path("feed"))
    assert day.scene.release.path.encode() + b'"' in feed.body
    assert day.says(at(seconds=-50)) == "placeholder"


@every_seed
def test_the_api_gives_the_figures_away(seed: int) -> None:
    day = Day.of("early-api", seed=seed)
    document = json.loads(day.busted(at(seconds=-50), day.path("api")).body)
    assert "There were" in document["details"]["body"]
    assert day.says(at(seconds=-50)) == "placeholder"


def test_a_rehearsal_is_live_for_minutes_and_then_hidden() -> None:
    day = Day.of("early-then-hidden:minutes=8")
    assert words(day.busted(at(minutes=-8, seconds=1))) == "release"
    assert words(day.busted(at(minutes=-3))) == "placeholder"
    assert words(day.busted(at(seconds=1))) == "release"


# --- documents ---


def test_a_soft_404_says_the_same_at_any_made_up_address() -> None:
    day = Day.of("soft-404")
    page, sibling = day.ask(at(seconds=10)), day.ask(at(seconds=10), "/government/statistics/xyz")
    assert page.status == sibling.status == 200
    assert page.body == sibling.body


def test_a_page_is_gone() -> None:
    assert Day.of("gone").ask(at(seconds=10)).status == 410


def test_the_placeholder_stays_while_all_else_turns() -> None:
    day = Day.of("coming-soon")
    assert words(day.busted(at(minutes=10))) == "placeholder"
    assert day.ask(at(minutes=10), day.file()).status == 200


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("stale-previous", b"The edition before this one"),
        ("wrong-page", b"There were 99"),
        ("one-figure-wrong", b"Revised: 13"),
        ("empty-page", b"<main></main>"),
    ],
)
def test_a_200_that_is_not_the_release(name: str, body: bytes) -> None:
    day = Day.of(name)
    reply = day.busted(at(seconds=10))
    assert reply.status == 200
    assert body in reply.body
    assert not day.truth(at(minutes=10)).whole_at(at(minutes=10))


def test_a_page_that_is_not_utf_8() -> None:
    with pytest.raises(UnicodeDecodeError):
        Day.of("not-utf-8").ask(at(seconds=10)).body.decode()


def test_a_page_is_cut_off() -> None:
    reply = Day.of("truncated-page").ask(at(seconds=10))
    assert reply.missing_bytes > 0
    assert not reply.body.endswith(b"</html>\n")


@every_seed
def test_one_file_is_cut_off(seed: int) -> None:
    day = Day.of("truncated-file", seed=seed)
    replies = [day.ask(at(seconds=10), path) for path in day.files()]
    assert sorted(reply.missing_bytes > 0 for reply in replies) == [False, True]


@every_seed
def test_one_file_is_another(seed: int) -> None:
    day = Day.of("wrong-file", seed=seed)
    files = day.scene.release.files
    same = [day.ask(at(seconds=10), day.path(name)).body == body for name, body in files.items()]
    assert sorted(same) == [False, True]


@every_seed
def test_one_file_is_missing(seed: int) -> None:
    day = Day.of("missing-file", seed=seed)
    assert sorted(day.ask(at(minutes=5), path).status for path in day.files()) == [200, 404]


@pytest.mark.parametrize(("name", "part"), [("listing-absent", "listing"), ("feed-absent", "feed")])
def test_what_should_show_it_is_gone(name: str, part: str) -> None:
    day = Day.of(name)
    assert day.says(at(seconds=10)) == "release"
    assert day.ask(at(seconds=10), day.path(part)).status == 404


@pytest.mark.parametrize(("name", "part"), [("listing-stale", "listing"), ("feed-stale", "feed")])
@every_seed
def test_what_should_show_it_is_old(name: str, part: str, seed: int) -> None:
    day = Day.of(name, seed=seed)
    link = day.scene.release.path.encode() + b'"'
    assert day.says(at(seconds=10)) == "release"
    assert link not in day.busted(at(minutes=2), day.path(part)).body
    assert link in day.busted(at(minutes=61), day.path(part)).body


# --- access ---


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("sign-in-redirect", "/sign-in"),
        ("redirect-home", "/"),
        ("redirect-private", "http://10.0.0.1/"),
        ("redirect-file", "file:///etc/hostname"),
    ],
)
def test_a_page_leads_elsewhere(name: str, to: str) -> None:
    day = Day.of(name)
    assert day.says(at(seconds=10)) == f"to {to}"
    if to.startswith("/"):
        assert day.ask(at(seconds=10), to).status == 200


def test_a_hundred_redirects_end_at_the_release() -> None:
    day = Day.of("redirect-maze")
    path, hops = "", 0
    while (said := day.says(at(seconds=10), path)) != "release":
        path, hops = said.removeprefix("to "), hops + 1
    assert hops == 100


@pytest.mark.parametrize(
    ("name", "status"), [("bot-wall-403", 403), ("bot-wall-429", 429), ("bot-challenge", 200)]
)
def test_a_wall_stands_before_watchers_and_not_before_readers(name: str, status: int) -> None:
    day = Day.of(name)
    walled = day.ask(at(seconds=30), agent=BOT)
    assert walled.status == status
    assert b"There were" not in walled.body
    assert day.says(at(seconds=30)) == "release"


@every_seed
def test_one_region_is_left_behind(seed: int) -> None:
    day = Day.of("region-differs", seed=seed)
    said = sorted(day.says(at(minutes=4), edge=edge) for edge in EDGES)
    assert said == ["placeholder", "release", "release"]
    assert {day.says(at(minutes=31), edge=edge) for edge in EDGES} == {"release"}


def test_ipv6_leads_to_a_forgotten_host() -> None:
    day = Day.of("ipv6-differs", edges=(A, "::1"))
    assert [day.says(at(seconds=30), edge=edge) for edge in (A, "::1")] == [
        "release",
        "placeholder",
    ]


def test_a_platform_without_ipv6_cannot_differ_there() -> None:
    with pytest.raises(FaultRefused, match="::1"):
        Day.of("ipv6-differs")


# --- the wire ---


@every_seed
def test_a_platform_answers_with_errors(seed: int) -> None:
    day = Day.of("server-error", seed=seed)
    assert {day.ask(at(seconds=30), edge=edge).status for edge in EDGES} <= {500, 502, 503}
    assert words(day.busted(at(minutes=31))) == "release"


def test_a_first_byte_is_slow() -> None:
    assert Day.of("slow-first-byte").ask(at(seconds=10)).first_byte_after == 4


def test_nothing_is_said_and_connections_are_torn_down() -> None:
    for name, outcome in (("silence", Silence()), ("tcp-reset", Reset())):
        day = Day.of(name)
        assert {type(day.outcome(at(seconds=9), edge=edge)) for edge in EDGES} == {type(outcome)}
        assert day.says(at(minutes=31)) == "release"


def test_a_page_never_ends_and_a_file_is_2_gb() -> None:
    page = Day.of("endless-bytes").outcome(at(seconds=10))
    assert isinstance(page, Endless)
    assert page.size_bytes is None
    day = Day.of("huge-file")
    outcomes = [day.outcome(at(seconds=10), path) for path in day.files()]
    assert [one.size_bytes for one in outcomes if isinstance(one, Endless)] == [2_000_000_000]


def test_a_gzip_bomb_is_a_thousand_times_itself() -> None:
    reply = Day.of("gzip-bomb").ask(at(seconds=10))
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.body) < 2_000_000
    unpacked = zlib.decompressobj(wbits=31).decompress(reply.body, 50_000_000)
    assert len(unpacked) == 50_000_000


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("tcp-refused", Wire.REFUSED),
        ("tcp-timeout", Wire.DEAF),
        ("tls-expired", Wire.TLS_EXPIRED),
        ("tls-wrong-name", Wire.TLS_NAME),
        ("tls-untrusted", Wire.TLS_CHAIN),
    ],
)
def test_no_edge_can_be_talked_to(name: str, wire: Wire) -> None:
    day = Day.of(name)
    assert set(day.scene.wire.values()) == {wire}
    assert set(day.scene.wire) == set(EDGES)
    assert day.truth(at(minutes=5)).first_right() is None
