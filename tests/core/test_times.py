import copy
import pickle
import time
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import tzdata  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import (
    AmbiguousTime,
    NoSuchTime,
    NotAnInstant,
    TimeError,
    UnknownZone,
)
from ninethirty.core.times import (
    REREAD,
    DrillClock,
    Instant,
    Interval,
    Pace,
    RealClock,
    WallTime,
    at_local,
    at_ns,
    boot_ns,
    clock,
    drill_time,
    earliest,
    latest,
    ns_of,
    read_paces,
    real_time,
    wall_ns,
    write_paces,
    zone_rules,
)
from tests.core.made import (
    AFTER_CLOCKS_CHANGE,
    BEFORE_CLOCKS_CHANGE,
    HALF_PAST,
    at,
    instants_near,
    seconds,
)

instants = st.datetimes(timezones=st.just(UTC)).map(Instant.of)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NotAnInstant):
        Instant(2026, 12, 1, 9, 30)
    with pytest.raises(NotAnInstant, match="no zone"):
        Instant.of(datetime(2026, 12, 1, 9, 30))  # noqa: DTZ001  # the fault under test


def test_an_instant_in_another_zone_is_refused() -> None:
    with pytest.raises(NotAnInstant, match="UTC"):
        Instant(2026, 12, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def test_the_same_moment_in_any_zone_is_the_same_instant() -> None:
    summer_time = timezone(timedelta(hours=1))
    assert Instant.of(datetime(2026, 12, 1, 10, 30, tzinfo=summer_time)) == HALF_PAST
    assert Instant.parse("2026-12-01T10:30:00+01:00") == HALF_PAST


def test_sums_and_differences_stay_instants() -> None:
    assert isinstance(HALF_PAST + seconds(1), Instant)
    assert isinstance(HALF_PAST - seconds(1), Instant)
    assert (HALF_PAST + seconds(1)) - HALF_PAST == seconds(1)


def test_an_instant_survives_copying_and_pickling() -> None:
    assert copy.deepcopy(HALF_PAST) == HALF_PAST
    assert pickle.loads(pickle.dumps(HALF_PAST)) == HALF_PAST


@pytest.mark.parametrize("text", ["half past nine", "2026-12-01T09:30:00", "", None])
def test_what_is_not_a_moment_is_refused(text: str) -> None:
    with pytest.raises(NotAnInstant):
        Instant.parse(text)


def test_a_moment_outside_the_calendar_is_refused() -> None:
    with pytest.raises(NotAnInstant, match="out of range"):
        Instant.parse("0001-01-01T00:00:00+10:00")


def test_the_text_of_an_instant_always_has_microseconds() -> None:
    assert HALF_PAST.text() == "2026-12-01T09:30:00.000000Z"


@given(instants)
def test_an_instant_reads_back_from_its_text(instant: Instant) -> None:
    assert Instant.parse(instant.text()) == instant


@given(instants, instants)
def test_texts_sort_as_time_does(one: Instant, other: Instant) -> None:
    assert (one < other) == (one.text() < other.text())


def test_the_ends_of_an_interval() -> None:
    between = Interval(at(1), at(2))
    assert (earliest(between), latest(between)) == (at(1), at(2))
    assert earliest(Interval(None, at(2))) == at(2)
    assert (earliest(at(3)), latest(at(3))) == (at(3), at(3))


def test_a_promise_means_the_same_wall_time_on_each_side_of_a_clock_change() -> None:
    friday = WallTime.parse("2026-03-27 09:30 Europe/London")
    monday = WallTime.parse("2026-03-30 09:30 Europe/London")
    assert friday.resolve() == BEFORE_CLOCKS_CHANGE
    assert monday.resolve() == AFTER_CLOCKS_CHANGE


def test_a_wall_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NoSuchTime, match="2026-03-29 01:30 Europe/London"):
        WallTime.parse("2026-03-29 01:30 Europe/London").resolve()


def test_a_wall_time_that_exists_twice_is_refused() -> None:
    with pytest.raises(AmbiguousTime, match="twice"):
        WallTime.parse("2026-10-25 01:30 Europe/London").resolve()


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-29 00:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29 02:00:00", "2026-03-29T01:00:00Z"),
        ("2026-10-25 00:59:59", "2026-10-24T23:59:59Z"),
        ("2026-10-25 02:00:00", "2026-10-25T02:00:00Z"),
    ],
)
def test_the_last_second_before_and_the_first_after_a_clock_change_are_taken(
    local: str, utc: str
) -> None:
    assert WallTime.parse(f"{local} Europe/London").resolve() == Instant.parse(utc)


def test_a_day_the_calendar_left_out_does_not_exist() -> None:
    with pytest.raises(NoSuchTime):
        WallTime.parse("2011-12-30 09:30 Pacific/Apia").resolve()


@pytest.mark.parametrize(
    "text",
    ["2026-12-01 09:30", "tomorrow 09:30 Europe/London", "2026-12-01 09:30+01:00 Europe/London"],
)
def test_what_is_not_a_wall_time_is_refused(text: str) -> None:
    with pytest.raises(TimeError, match=r"2026|tomorrow"):
        WallTime.parse(text)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc/passwd", "Europe", "UTC\0"])
def test_a_zone_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZone):
        WallTime(datetime(2026, 12, 1, 9, 30), zone).resolve()  # noqa: DTZ001  # wall time


def test_a_wall_time_in_an_unknown_zone_is_refused_when_read() -> None:
    with pytest.raises(UnknownZone):
        WallTime.parse("2026-12-01 09:30 Europe/Atlantis")


@given(st.datetimes(min_value=datetime(1971, 1, 1)))  # noqa: DTZ001  # wall time
def test_a_wall_time_reads_back_from_its_text(local: datetime) -> None:
    promise = WallTime(local, "Europe/London")
    assert WallTime.parse(str(promise)) == promise


def test_a_wall_time_is_written_as_a_calendar_shows_it() -> None:
    assert str(WallTime.parse("2026-12-01 09:30:00 Europe/London")) == (
        "2026-12-01 09:30 Europe/London"
    )
    assert str(WallTime.parse("2026-12-01 09:30:15 Europe/London")) == (
        "2026-12-01 09:30:15 Europe/London"
    )


@pytest.mark.parametrize("instant", [BEFORE_CLOCKS_CHANGE, AFTER_CLOCKS_CHANGE])
def test_the_wall_clock_shows_half_past_nine_on_each_side_of_a_clock_change(
    instant: Instant,
) -> None:
    shown = at_local(instant, "Europe/London")
    assert (shown.hour, shown.minute) == (9, 30)


def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    gap = WallTime.parse("2026-03-29 01:30 Europe/London")
    try:
        for zone in ("Pacific/Kiritimati", "America/New_York"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert Instant.parse("2026-12-01T10:30:00+01:00") == HALF_PAST
            assert at_local(AFTER_CLOCKS_CHANGE, "Europe/London").hour == 9
            assert WallTime.parse("2026-12-01 09:30 Europe/London").resolve() == HALF_PAST
            with pytest.raises(NoSuchTime):
                gap.resolve()
    finally:
        monkeypatch.undo()
        time.tzset()


DRILL = (
    Pace(HALF_PAST, Instant.parse("2018-03-08T09:00:00Z"), 120.0),
    Pace(at(15), Instant.parse("2018-03-08T09:30:00Z"), 5.0),
    Pace(at(45), Instant.parse("2018-03-08T09:32:30Z"), 120.0),
)
near_the_drill = instants_near(at(20), timedelta(seconds=60))


def test_a_drill_stands_still_until_it_starts() -> None:
    assert drill_time(DRILL, at(-60)) == DRILL[0].drill
    assert drill_time(DRILL, HALF_PAST) == DRILL[0].drill


def test_a_drill_runs_at_the_pace_then_in_force() -> None:
    assert drill_time(DRILL, at(1)) - DRILL[0].drill == timedelta(minutes=2)
    assert drill_time(DRILL, at(15)) == DRILL[1].drill
    assert drill_time(DRILL, at(16)) - DRILL[1].drill == seconds(5)
    assert drill_time(DRILL, at(46)) - DRILL[2].drill == timedelta(minutes=2)


@given(near_the_drill, near_the_drill)
def test_a_drills_clock_never_goes_back(one: Instant, other: Instant) -> None:
    first, second = sorted((one, other))
    assert drill_time(DRILL, first) <= drill_time(DRILL, second)


@given(near_the_drill)
def test_when_a_drills_clock_will_show_an_instant_is_when_it_does(real: Instant) -> None:
    if real >= DRILL[0].real:
        again = real_time(DRILL, drill_time(DRILL, real))
        assert abs(again - real) <= timedelta(microseconds=1)


def test_the_instant_of_a_change_of_pace_is_the_same_both_ways() -> None:
    for pace in DRILL:
        assert real_time(DRILL, pace.drill) == pace.real
        assert drill_time(DRILL, pace.real) == pace.drill


def test_paces_read_back_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    write_paces(file, DRILL)
    assert read_paces(file) == DRILL
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_without_a_drill_the_clock_is_the_real_one() -> None:
    real = clock(None)
    assert isinstance(real, RealClock)
    assert not real.drill
    before = Instant.of(datetime.fromtimestamp(time.time_ns() / 1e9 - 1, UTC))  # noqa: TID251
    assert before < real.now() < before + seconds(60)


def test_the_real_clock_says_how_long_until_an_instant() -> None:
    real = RealClock()
    assert 50 < real.seconds_until(real.now() + seconds(60)) <= 60
    assert real.seconds_until(real.now() - seconds(60)) < -59


def test_a_drill_clock_says_real_seconds_until_a_drill_instant(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    now = RealClock().now()
    write_paces(file, [Pace(now, HALF_PAST, 100.0)])
    drill = clock(file)
    assert drill.drill
    assert HALF_PAST <= drill.now() < at(100 * 60)
    assert -60 < drill.seconds_until(at(100 * 60)) - 60 <= 0


def test_a_drill_clock_takes_up_a_new_pace_without_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    now = RealClock().now()
    write_paces(file, [Pace(now + timedelta(days=1), HALF_PAST, 1.0)])
    drill = DrillClock(file)
    assert drill.now() == HALF_PAST
    write_paces(file, [Pace(now + timedelta(days=1), at(3600), 1.0)])
    time.sleep(REREAD * 1.5)
    assert drill.now() == at(3600)
    assert drill.now() == at(3600)


def test_a_drill_clock_does_not_read_its_file_at_every_glance(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    write_paces(file, [Pace(RealClock().now() + timedelta(days=1), HALF_PAST, 1.0)])
    drill = DrillClock(file)
    file.unlink()
    assert drill.now() == HALF_PAST


def test_a_moment_whose_zone_is_taken_away_is_no_instant_any_more() -> None:
    bare = HALF_PAST.replace(tzinfo=None)
    assert type(bare) is datetime
    assert bare.tzinfo is None
    assert type(HALF_PAST.replace(minute=0)) is Instant


@pytest.mark.parametrize(("microsecond", "up"), [(0, 0), (1, 1), (999_999, 1)])
def test_by_which_second_is_rounded_up_never_down(microsecond: int, up: int) -> None:
    moment = HALF_PAST.replace(microsecond=microsecond)
    assert moment.rounded_up() == HALF_PAST + timedelta(seconds=up)


@given(st.integers(0, 4_000_000_000_000_000_000))
def test_nanoseconds_become_an_instant_that_is_never_rounded_up(nanoseconds: int) -> None:
    instant = at_ns(nanoseconds)
    assert type(instant) is Instant
    assert instant.tzinfo is UTC
    assert 0 <= nanoseconds - ns_of(instant) < 1000
    assert instant == Instant(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)


def test_the_time_since_the_machine_started_goes_on_and_the_wall_clock_is_the_real_one() -> None:
    before = boot_ns()
    assert abs(at_ns(wall_ns()) - RealClock().now()) < timedelta(seconds=5)
    assert boot_ns() >= before


@pytest.fixture
def zones_in(tmp_path: Path) -> Iterator[Path]:
    """A folder where zones are looked for, instead of those of this machine."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path)])
    zone_rules.cache_clear()
    yield tmp_path
    zoneinfo.reset_tzpath(before)
    zone_rules.cache_clear()


def test_it_is_said_by_which_edition_of_the_zones_a_promise_was_reckoned(zones_in: Path) -> None:
    (zones_in / "tzdata.zi").write_text("# version 2026b\n# more\n")
    assert zone_rules() == "2026b"


def test_without_zones_of_the_machine_those_of_the_package_count(zones_in: Path) -> None:
    assert zone_rules() == tzdata.IANA_VERSION


def test_zones_of_an_edition_that_nobody_tells_are_said_to_be_unknown(zones_in: Path) -> None:
    (zones_in / "Europe").mkdir()
    (zones_in / "Europe" / "London").write_bytes(b"TZif")
    assert zone_rules().startswith("unknown, in ")


@pytest.mark.parametrize("text", ["2026-02-30 09:30 UTC", "2026-12-01 25:00 UTC", "a b c d", ""])
def test_why_a_wall_time_is_none_is_said(text: str) -> None:
    with pytest.raises(TimeError, match=r'such as "2026-12-01 09:30 Europe/London": \w'):
        WallTime.parse(text)
