"""A desk promises dates by the rules of its producer, and keeps what was warned of."""

from datetime import date, time

import pytest

from ninethirty.core.errors import CannotStart, NotAllowed
from ninethirty.core.facts import Fact
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.promises import Promises
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup
from tests.desk.setting import ANNOUNCED_AT, STATISTICIAN, Desk, work_here

OURS = """
[promises]
shunned = ["Friday"]
places = ["GB-ENG", "GB-NIR"]
closures = { 2027-01-20 = "the office moves" }

[[promises.leave]]
reference = "ART 2020/7"
at = 07:00:00
since = 2020-03-25
until = 2026-12-31
"""


def tells(desk: Desk, settings: str) -> None:
    told = desk.home / "desk.toml"
    told.write_text(told.read_text() + settings)
    setup.cache_clear()


def promise(opens: str, release: str = "gdp/2026-q3") -> Fact:
    return announce(
        release,
        title="Gross domestic product",
        opens=WallTime.parse(f"{opens} Europe/London"),
        path=f"/{release}",
        announced=ANNOUNCED_AT,
        by=STATISTICIAN,
    )


def test_a_desk_that_is_told_nothing_promises_half_past_nine_on_a_weekday(desk: Desk) -> None:
    work_here()
    assert setup().promises == Promises()
    assert promise("2027-01-19 09:30").details["warned"] == []
    with pytest.raises(NotAllowed, match="is a Saturday"):
        promise("2027-01-16 09:30", "gdp/other")
    assert not Release.objects.filter(id="gdp/other").exists()


@pytest.mark.parametrize(
    ("opens", "warned"),
    [
        ("2026-12-02 09:30", ["short-notice"]),
        ("2026-12-18 07:00", ["short-notice", "shunned-day"]),
        ("2027-01-20 09:30", ["day-off"]),
        ("2027-03-17 09:30", ["day-off"]),
    ],
)
def test_what_is_warned_of_is_kept_with_the_promise(
    desk: Desk, opens: str, warned: list[str]
) -> None:
    tells(desk, OURS)
    work_here()
    assert promise(opens).details["warned"] == warned


def test_all_that_speaks_against_a_refused_date_is_said(desk: Desk) -> None:
    tells(desk, OURS)
    work_here()
    with pytest.raises(NotAllowed) as refused:
        promise("2027-01-16 07:00")
    assert "is a Saturday" in str(refused.value)
    assert "needs an alternative release time" in str(refused.value)


def test_a_second_release_at_one_instant_is_told_of_the_first(desk: Desk) -> None:
    work_here()
    promise("2027-01-19 09:30")
    assert promise("2027-01-19 09:30", "cpi/2026-12").details["warned"] == ["shared-instant"]


def test_another_country_is_data(desk: Desk) -> None:
    tells(desk, '[promises]\nzone = "America/New_York"\nat = 08:30:00\nplaces = ["US"]\n')
    assert setup().promises.usual.at == time(8, 30)
    assert setup().promises.places == ("US",)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('zone = "Europe/Londres"', "'Europe/Londres' is not a time zone"),
        ('at = "9.30"', r"promises.at: expected a time, found '9.30'"),
        ("notice_days = true", "promises.notice_days: expected a int, found True"),
        ('shunned = ["Mon"]', "promises.shunned: expected Monday.*found 'Mon'"),
        ('holidays = "GB"', "promises.holidays is not a setting; known: at, closures"),
        ('closures = { christmas = "x" }', "promises.closures: expected a date, found 'christmas'"),
        ("[[promises.leave]]\nat = 07:00:00", r"promises.leave\[0\].reference is missing"),
        (
            '[[promises.leave]]\nreference = "x"\nat = 07:00:00\nsince = 2020-01-01T00:00:00',
            r"promises.leave\[0\].since: expected a date",
        ),
    ],
)
def test_a_wrong_rule_stops_the_start_and_is_named(desk: Desk, settings: str, why: str) -> None:
    tells(desk, f"[promises]\n{settings}\n")
    with pytest.raises(CannotStart, match=why):
        setup()


def test_leave_has_a_beginning_and_may_have_an_end(desk: Desk) -> None:
    tells(desk, OURS)
    [leave] = setup().promises.leave
    assert (leave.at, leave.since, leave.until) == (time(7), date(2020, 3, 25), date(2026, 12, 31))
