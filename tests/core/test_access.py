"""Who may see a release early: not a second before their window, not at its end, not too long."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.access import (
    LAWS,
    MAY,
    Mark,
    Refusal,
    Standing,
    Tier,
    Window,
    ceiling_on,
    check_may,
    check_within,
    earliest,
    refusal,
    remarks,
    window,
)
from ninethirty.core.errors import AmbiguousTime, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.guard import Trust
from ninethirty.core.release import Role
from ninethirty.core.times import Instant, WallTime, at_local

DAY, SECOND, NEXT = timedelta(days=1), timedelta(seconds=1), timedelta.resolution
TUESDAY = WallTime.parse("2026-12-01 09:30 Europe/London")
AFTER_SPRING = WallTime.parse("2026-03-30 09:30 Europe/London")
AFTER_AUTUMN = WallTime.parse("2026-10-26 09:30 Europe/London")
EASTER = {date(2026, 4, 3): "Good Friday", date(2026, 4, 6): "Easter Monday"}
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "UTC"]

promises = st.builds(
    lambda moment, zone: WallTime(moment.replace(second=0, microsecond=0), zone),
    st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  # wall time
    st.sampled_from(ZONES),
)


def resolves(promise: WallTime) -> bool:
    try:
        promise.resolve()
    except Exception:  # noqa: BLE001
        return False
    return True


real_promises = promises.filter(resolves)
minutes = st.integers(1, 7 * 24 * 60).map(lambda n: timedelta(minutes=n))
days_off = st.sets(st.dates(date(2010, 1, 1), date(2035, 1, 1)), max_size=20).map(
    lambda days: lambda day: "a day off" if day in days else None
)


def never(day: date) -> str | None:
    return None


def standing(opens: WallTime = TUESDAY, begins: timedelta = DAY) -> Standing:
    return Standing(Tier.LISTED, window(opens, begins), confirmed=True, sealed=True)


@given(real_promises, minutes, st.integers(0, 10**12))
def test_a_window_is_shut_until_its_first_instant_and_from_its_last_on(
    opens: WallTime, begins: timedelta, after: int
) -> None:
    entry, t = standing(opens, begins), opens.resolve()
    since = t - begins

    def shows(at: Instant) -> bool:
        return refusal(entry, at, Trust.TRUSTED) is None

    assert [shows(since - NEXT), shows(since), shows(t - NEXT), shows(t)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not shows(since - SECOND)
    assert refusal(entry, t + timedelta(microseconds=after), Trust.TRUSTED) is Refusal.OVER


@given(real_promises, minutes, st.sampled_from(list(Trust)), st.floats(-0.2, 1.2))
def test_with_a_clock_that_is_not_trusted_nothing_is_shown_at_any_time(
    opens: WallTime, begins: timedelta, trust: Trust, share: float
) -> None:
    now = Instant.of(opens.resolve() - begins + share * begins)
    told = refusal(standing(opens, begins), now, trust)
    if not trust.arms:
        assert told is Refusal.CLOCK
    else:
        assert (told is None) == (0 <= (now - (opens.resolve() - begins)) / begins < 1)


@given(real_promises, minutes, minutes)
def test_a_window_never_reaches_the_time_of_release(
    opens: WallTime, one: timedelta, other: timedelta
) -> None:
    begins, ends = max(one, other) + SECOND, min(one, other)
    made = window(opens, begins, ends)
    assert made.until <= opens.resolve()
    assert made.until - made.since == begins - ends
    with pytest.raises(NotAllowed, match="at the latest"):
        window(opens, begins, -NEXT)
    with pytest.raises(NotAllowed, match="before it begins"):
        window(opens, ends, begins)


@given(real_promises, st.sampled_from(["uk", "wales", "northern-ireland"]), minutes)
def test_a_day_of_hours_is_a_day_of_hours_whatever_the_clocks_do(
    opens: WallTime, law: str, begins: timedelta
) -> None:
    ceiling = ceiling_on(law, opens.local.date())
    assert earliest(opens, ceiling, never) == opens.resolve() - DAY
    asked = window(opens, begins)
    if begins <= DAY:
        check_within(asked, opens, ceiling, never)
    else:
        with pytest.raises(NotAllowed, match="longer than 24 hours"):
            check_within(asked, opens, ceiling, never)


@given(real_promises, days_off, st.booleans())
def test_working_days_are_counted_over_weekends_and_holidays_to_the_same_clock_time(
    opens: WallTime, day_off: object, sensitive: bool
) -> None:
    ceiling = ceiling_on("scotland", opens.local.date(), sensitive=sensitive)
    first = earliest(opens, ceiling, day_off)  # type: ignore[arg-type]
    local = at_local(first, opens.zone)
    between = [
        local.date() + n * DAY
        for n in range((opens.local.date() - local.date()).days)
        if (local.date() + n * DAY).weekday() < 5 and not day_off(local.date() + n * DAY)  # type: ignore[operator]
    ]
    assert len(between) == ceiling.working_days
    assert local.date() == between[0]
    # But for a time that the clocks skip that day, when it is as much later.
    assert local.replace(tzinfo=None) - opens.local.replace(
        year=local.year, month=local.month, day=local.day
    ) in (timedelta(0), timedelta(hours=1), timedelta(minutes=30))


def test_what_is_read_twice_by_the_clocks_begins_at_the_later_reading() -> None:
    opens = WallTime.parse("2026-10-26 01:30 Europe/London")
    sunday_works = replace(ceiling_on("scotland", opens.local.date(), sensitive=True))
    first = earliest(opens, sunday_works, never)
    assert first == Instant(2026, 10, 23, 0, 30, tzinfo=UTC)  # Friday: the weekend does not count
    with pytest.raises(AmbiguousTime):
        window(WallTime.parse("2026-10-25 01:30 Europe/London"), DAY)


@pytest.mark.parametrize(
    ("opens", "begins_by_the_clock"),
    [(AFTER_SPRING, "2026-03-29 09:30"), (AFTER_AUTUMN, "2026-10-25 09:30")],
)
def test_a_day_that_the_clocks_changed_before_is_as_long_as_any(
    opens: WallTime, begins_by_the_clock: str
) -> None:
    made = window(opens, DAY)
    assert f"{at_local(made.since, opens.zone):%Y-%m-%d %H:%M}" == begins_by_the_clock
    longer = window(opens, timedelta(hours=36))
    assert longer.until - longer.since == timedelta(hours=36)
    assert any("clocks change" in said for said in remarks(longer, opens, never))
    assert not any("clocks change" in said for said in remarks(made, TUESDAY, never))


def test_whoever_confirms_a_window_over_a_holiday_or_weekend_is_told_of_it() -> None:
    opens = WallTime.parse("2026-04-07 09:30 Europe/London")
    told = remarks(window(opens, 4 * DAY), opens, EASTER.get)
    assert [said.rpartition(": ")[2] for said in told] == [
        "Good Friday", "Saturday", "Sunday", "Easter Monday",
    ]  # fmt: skip
    assert remarks(window(TUESDAY, DAY), TUESDAY, EASTER.get) == []


def test_over_easter_five_working_days_begin_eleven_days_before() -> None:
    opens = WallTime.parse("2026-04-09 09:30 Europe/London")
    ceiling = ceiling_on("scotland", opens.local.date())
    assert ceiling.says == "5 working days"
    assert earliest(opens, ceiling, EASTER.get) == Instant(2026, 3, 31, 8, 30, tzinfo=UTC)
    sensitive = ceiling_on("scotland", opens.local.date(), sensitive=True)
    assert sensitive.says == "1 working day"


def test_a_ceiling_is_that_of_its_day_and_of_a_law_we_know() -> None:
    with pytest.raises(NotAllowed, match="no rule"):
        ceiling_on("northern-ireland", date(2009, 3, 31))
    with pytest.raises(NotAllowed, match="no rule"):
        ceiling_on("uk", date(2008, 11, 30))
    with pytest.raises(NotAllowed, match="expected one of uk"):
        ceiling_on("atlantis", date(2026, 1, 1))
    with pytest.raises(NotAllowed, match="longer than 0 hours"):
        check_within(window(TUESDAY, SECOND), TUESDAY, ceiling_on("none", date(2026, 12, 1)), never)
    assert all(law.ceilings and law.name for law in LAWS.values())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"revoked": True}, Refusal.REVOKED),
        ({"expired": True}, Refusal.EXPIRED),
        ({"tier": Tier.OPERATIONAL}, Refusal.NO_LINK),
        ({"confirmed": False}, Refusal.CHANGED),
        ({"sealed": False}, Refusal.UNSEALED),
        ({"window": Window(TUESDAY.resolve(), TUESDAY.resolve() + DAY)}, Refusal.EARLY),
    ],
)
def test_an_entry_that_does_not_stand_says_why_and_shows_nothing(
    changed: dict[str, object], says: Refusal
) -> None:
    now = TUESDAY.resolve() - SECOND
    entry = standing()
    assert refusal(entry, now, Trust.UNCHECKED) is None
    assert refusal(replace(entry, **changed), now, Trust.UNCHECKED) is says  # type: ignore[arg-type]
    assert says.says.endswith(".")


def test_nobody_confirms_what_they_wrote_and_only_the_head_of_profession_confirms() -> None:
    check_may(Kind.ACCESS_CONFIRMED, Role.HEAD_OF_PROFESSION, "head", ["somebody"])
    with pytest.raises(NotAllowed, match="second person"):
        check_may(Kind.ACCESS_CONFIRMED, Role.HEAD_OF_PROFESSION, "head", ["head"])
    for act, roles in MAY.items():
        for role in set(Role) - roles:
            with pytest.raises(NotAllowed, match="not for a"):
                check_may(act, role, "x")
    assert MAY[Kind.ACCESS_CONFIRMED] == {Role.HEAD_OF_PROFESSION} == MAY[Kind.SLIP_DECIDED]


def test_a_mark_names_the_reader_the_time_and_the_copy() -> None:
    mark = Mark("A. Reader", "private secretary", "Ministry of Examples", TUESDAY, "3f2a91c0")
    assert mark.says == (
        "Not to be passed on before 2026-12-01 09:30 Europe/London. Copy 3f2a91c0, for A. Reader, "
        "private secretary, Ministry of Examples alone."
    )
