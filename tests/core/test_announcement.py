"""What a producer's own rules say of a date before it is promised."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.announcement import (
    ELSEWHERE,
    Circumstances,
    Leave,
    Provisional,
    Rhythm,
    Usual,
    Weight,
    check_confirms,
    editions_until,
    exact_by,
    judge,
    judge_provisional,
    next_edition,
)
from ninethirty.core.errors import TimeError
from ninethirty.core.times import WallTime, at_local, zone_of

TODAY = date(2026, 1, 5)
CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2026, 5, 25): "Spring bank holiday"}
ZONES = [
    "Europe/London",
    "Europe/Dublin",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Luxembourg",
    "Europe/Athens",
    "Europe/Lisbon",
    "Europe/Moscow",
    "America/New_York",
    "America/Toronto",
    "America/St_Johns",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "UTC",
]


def promise(text: str) -> WallTime:
    return WallTime.parse(f"{text} Europe/London")


def found(
    text: str, usual: Usual | None = None, known: Circumstances | None = None
) -> list[tuple[str, str]]:
    wanted = promise(text) if text.count(" ") == 1 else WallTime.parse(text)
    findings = judge(wanted, usual or Usual(), known or Circumstances(TODAY, CHRISTMAS.get))
    return [(str(finding.weight), finding.code) for finding in findings]


def test_half_past_nine_on_a_weekday_a_month_ahead_needs_no_second_thought() -> None:
    assert found("2026-03-03 09:30") == []


@pytest.mark.parametrize("day", ["2026-03-07", "2026-03-08"])
def test_a_weekend_is_refused(day: str) -> None:
    assert found(f"{day} 09:30") == [("refused", "weekend")]


def test_another_time_is_refused_unless_leave_for_it_covers_the_day() -> None:
    seven = Leave("ART 2020/7", time(7), date(2020, 3, 25), date(2026, 3, 31))
    known = Circumstances(TODAY, leave=(seven,))
    assert found("2026-03-03 07:00") == [("refused", "other-time")]
    assert found("2026-03-03 07:00", known=known) == []
    assert found("2026-03-31 07:00", known=known) == []
    assert found("2026-04-01 07:00", known=known) == [("refused", "other-time")]
    assert found("2026-03-03 12:00", known=known) == [("refused", "other-time")]


def test_leave_without_an_end_still_has_a_beginning() -> None:
    leave = Leave("exemption", time(14), date(2026, 3, 1))
    assert not leave.covers(date(2026, 2, 28))
    assert leave.covers(date(2099, 1, 1))


def test_a_bank_holiday_is_warned_of_by_name() -> None:
    (finding,) = judge(promise("2026-12-25 09:30"), Usual(), Circumstances(TODAY, CHRISTMAS.get))
    assert (finding.weight, finding.code) == (Weight.WARNED, "day-off")
    assert finding.says == ("2026-12-25 09:30 Europe/London: is a day off, Christmas Day")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-02", []),
        ("2026-01-30", [("warned", "short-notice")]),
        ("2026-01-05", [("warned", "short-notice")]),
        ("2026-01-02", [("refused", "past")]),
    ],
)
def test_four_weeks_notice_is_reckoned_to_the_day(
    day: str, expected: list[tuple[str, str]]
) -> None:
    assert found(f"{day} 09:30") == expected


def test_a_producer_may_ask_for_longer_notice() -> None:
    wales = Usual(notice=timedelta(days=182))
    (finding,) = judge(promise("2026-03-03 09:30"), wales, Circumstances(TODAY))
    assert finding.says.endswith("57 days ahead; an exact date is promised 182 days ahead")


def test_one_day_is_not_called_1_days() -> None:
    (finding,) = judge(promise("2026-01-06 09:30"), Usual(), Circumstances(TODAY))
    assert "1 day ahead" in finding.says


def test_a_producer_that_would_rather_not_use_mondays_is_told_of_one() -> None:
    usual = Usual(shunned=frozenset({0, 4}))
    assert found("2026-03-02 09:30", usual) == [("warned", "shunned-day")]
    assert found("2026-03-03 09:30", usual) == []


def test_how_many_share_the_instant_is_said() -> None:
    def says(others: int) -> str:
        known = Circumstances(TODAY, others=others)
        return judge(promise("2026-03-03 09:30"), Usual(), known)[0].says

    assert says(1).endswith("1 other release opens at that instant")
    assert says(24).endswith("24 other releases open at that instant")


def test_another_zone_than_the_producers_is_warned_of() -> None:
    assert found("2026-03-03 09:30 Europe/Paris") == [("warned", "other-zone")]


def test_a_time_the_clocks_skip_is_refused_and_what_refuses_stands_first() -> None:
    at_one = Usual(at=time(1, 30), shunned=frozenset({6}), weekend=frozenset())
    assert found("2026-03-29 01:30", at_one) == [
        ("refused", "no-such-time"),
        ("warned", "shunned-day"),
    ]


@pytest.mark.parametrize(
    ("body", "utc"),
    [
        ("uk", "09:30"),
        ("us-bls", "13:30"),
        ("eu-eurostat", "10:00"),
        ("ca-statcan", "13:30"),
        ("au-abs", "00:30"),
        ("fr-insee", "07:45"),
        ("de-destatis", "07:00"),
    ],
)
def test_other_countries_are_data(body: str, utc: str) -> None:
    usual = ELSEWHERE[body]
    wanted = WallTime(datetime.combine(date(2026, 1, 20), usual.at), usual.zone)
    assert f"{wanted.resolve():%H:%M}" == utc
    assert judge(wanted, usual, Circumstances(date(2025, 12, 1))) == []


def test_an_exact_date_outside_the_month_it_was_promised_for_is_warned_of() -> None:
    march = Provisional.month(2026, 3)
    assert check_confirms(promise("2026-03-01 09:30"), march) is None
    assert check_confirms(promise("2026-03-31 09:30"), march) is None
    outside = check_confirms(promise("2026-04-01 09:30"), march)
    assert outside is not None
    assert outside.says.endswith("was promised for 2026-03-01 to 2026-03-31")


@pytest.mark.parametrize(
    ("last", "rhythm", "expected"),
    [
        ("2026-03-03", Rhythm.WEEKLY, "2026-03-10"),
        ("2026-03-03", Rhythm.MONTHLY, "2026-04-07"),  # first Tuesday to first Tuesday
        ("2026-03-31", Rhythm.MONTHLY, "2026-04-28"),  # April has no fifth Tuesday
        ("2026-11-18", Rhythm.QUARTERLY, "2027-02-17"),
        ("2025-12-18", Rhythm.YEARLY, "2026-12-17"),
        ("2026-05-18", Rhythm.WEEKLY, "2026-05-26"),  # the Monday is a bank holiday
        ("2026-12-18", Rhythm.WEEKLY, "2026-12-28"),  # Christmas Day, then a weekend
    ],
)
def test_the_next_edition_is_proposed_from_the_rhythm_of_the_series(
    last: str, rhythm: Rhythm, expected: str
) -> None:
    proposed = next_edition(promise(f"{last} 09:30"), rhythm, Usual(), CHRISTMAS.get)
    assert str(proposed) == f"{expected} 09:30 Europe/London"


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(Rhythm), st.sampled_from(ZONES)
)
def test_what_is_proposed_is_never_refused(day: date, rhythm: Rhythm, zone: str) -> None:
    usual = Usual(zone=zone)
    last = WallTime(datetime.combine(day, time(9, 30)), zone)
    proposed = next_edition(last, rhythm, usual, CHRISTMAS.get)
    assert proposed.local.date() > day
    said = {finding.code for finding in judge(proposed, usual, Circumstances(day, CHRISTMAS.get))}
    assert said <= {"short-notice"}


@pytest.mark.parametrize("zone", ZONES)
def test_on_every_clock_change_of_ten_years_the_wall_clock_shows_what_was_promised(
    zone: str,
) -> None:
    for day in _changes(zone, 2020, 2030):
        for minute in range(0, 24 * 60, 15):
            local = datetime.combine(day, time(minute // 60, minute % 60))
            wanted = WallTime(local, zone)
            refused = judge(wanted, Usual(zone=zone, at=local.time()), Circumstances(day))
            try:
                assert at_local(wanted.resolve(), zone).replace(tzinfo=None) == local
            except TimeError:
                assert refused[0].code == "no-such-time"
            else:
                assert "no-such-time" not in [finding.code for finding in refused]


def _changes(zone: str, since: int, until: int) -> list[date]:
    """Days on which the clocks change there."""
    offset = zone_of(zone)
    day, found = date(since, 1, 1), []
    while day < date(until, 1, 1):
        before, after = (
            datetime.combine(at, time(12), offset).astimezone(UTC)
            for at in (day, day + timedelta(1))
        )
        if after - before != timedelta(days=1):
            found += [day, day + timedelta(days=1)]
        day += timedelta(days=1)
    return found


def test_where_a_promise_binds_already_weekday_and_time_are_warned_of() -> None:
    known = Circumstances(TODAY, binding=False)
    assert found("2026-03-07 12:00", known=known) == [
        ("warned", "weekend"),
        ("warned", "other-time"),
    ]
    assert found("2026-01-02 09:30", known=known) == [("refused", "past")]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12 to 2027-01", date(2026, 12, 1), date(2027, 1, 31)),
        ("2026-12-07", date(2026, 12, 7), date(2026, 12, 7)),
        ("2026-12-07 to 2026-12-18", date(2026, 12, 7), date(2026, 12, 18)),
        ("2026-12-01 to 2026-12-30", date(2026, 12, 1), date(2026, 12, 30)),
    ],
)
def test_a_month_or_a_range_is_read_and_written(text: str, first: date, last: date) -> None:
    read = Provisional.parse(text)
    assert read == Provisional(first, last)
    assert str(read) == text


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-02-30", "2026-1", "next month", "2026-12 to x"]
)
def test_no_such_month_is_said(text: str) -> None:
    with pytest.raises(TimeError, match="is neither a month such as"):
        Provisional.parse(text)


def test_a_range_does_not_end_before_it_begins() -> None:
    with pytest.raises(TimeError, match="ends before it begins"):
        Provisional.parse("2026-12 to 2026-11")


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_every_range_is_read_as_it_was_written(first: date, days: int) -> None:
    promised = Provisional(first, first + timedelta(days=days))
    assert Provisional.parse(str(promised)) == promised


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-3, 400))
def test_a_month_is_past_after_its_last_day_and_overdue_four_weeks_before(
    first: date, days: int
) -> None:
    promised = Provisional.month(first.year, first.month)
    today = promised.last - timedelta(days=days)
    codes = [(str(one.weight), one.code) for one in judge_provisional(promised, Usual(), today)]
    if days < 0:
        assert codes == [("refused", "past")]
    elif days < 28:
        assert codes == [("warned", "date-due")]
    else:
        assert codes == []
    assert (exact_by(promised, Usual()) < today) == (days < 28)


def test_an_exact_date_given_on_its_last_day_leaves_the_notice() -> None:
    march = Provisional.month(2026, 3)
    due = exact_by(march, Usual())
    assert judge_provisional(march, Usual(), due) == []
    last = WallTime(datetime.combine(march.last, time(9, 30)), "Europe/London")
    assert judge(last, Usual(), Circumstances(due)) == []


def test_a_month_that_is_past_is_refused_and_one_whose_exact_date_was_due_is_warned_of() -> None:
    def found(month: int, today: date) -> list[tuple[str, str]]:
        judged = judge_provisional(Provisional.month(2026, month), Usual(), today)
        return [(one.weight, one.code) for one in judged]

    assert found(3, date(2026, 4, 1)) == [("refused", "past")]
    assert found(3, date(2026, 3, 31)) == [("warned", "date-due")]
    assert found(6, date(2026, 3, 31)) == []


def test_the_editions_of_a_year_are_proposed_and_a_holiday_moves_one_alone() -> None:
    off = {date(2026, 6, 2): "moved bank holiday"}
    proposed = editions_until(
        promise("2026-03-03 09:30"), Rhythm.MONTHLY, Usual(), off.get, date(2026, 8, 4)
    )
    assert [f"{one.local:%m-%d}" for one in proposed] == [
        "04-07",
        "05-05",
        "06-03",
        "07-07",
        "08-04",
    ]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from(Rhythm), st.integers(0, 400))
def test_proposed_editions_are_in_order_and_not_past_the_end(
    day: date, rhythm: Rhythm, days: int
) -> None:
    until = day + timedelta(days=days)
    last = WallTime(datetime.combine(day, time(9, 30)), "Europe/London")
    proposed = [
        one.local.date() for one in editions_until(last, rhythm, Usual(), lambda day: None, until)
    ]
    assert proposed == sorted(set(proposed))
    assert all(day < one <= until for one in proposed)
