from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.facts import Kind
from ninethirty.core.targets import Targets, end_of, targets, working_day
from ninethirty.core.times import Instant
from tests.core.made import HALF_PAST, at, fact

EASTER = {date(2018, 3, 30): "Good Friday", date(2018, 4, 2): "Easter Monday"}
LONDON = "Europe/London"


def test_the_report_of_2018_was_due_five_working_days_later_and_came_in_three() -> None:
    """8 March was a Thursday; the form is dated the 13th."""
    known = Instant.parse("2018-03-08T09:30:00Z")
    told = fact(Kind.USERS_TOLD, Instant.parse("2018-03-08T09:57:00Z"))
    sent = fact(Kind.REPORT_SUBMITTED, Instant.parse("2018-03-13T12:00:00Z"))
    word, report = targets(known, [sent, told], Targets())
    assert (word.due, word.met) == (known + timedelta(hours=1), told.at)
    assert (report.due, report.met) == (Instant.parse("2018-03-16T00:00:00Z"), sent.at)
    assert not word.missed(HALF_PAST)
    assert not report.missed(HALF_PAST)


def test_days_off_and_the_change_of_clocks_move_the_day() -> None:
    known = Instant.parse("2018-03-28T08:30:00Z")
    aims = Targets(days_off=EASTER.get)
    _, report = targets(known, [], aims)
    assert report.due == Instant.parse("2018-04-06T23:00:00Z")  # midnight in London, in summer


def test_what_is_not_done_is_missed_once_its_time_is_over() -> None:
    word, _ = targets(HALF_PAST, [], Targets())
    assert not word.missed(at(3600))
    assert word.missed(at(3600.000001))


def test_what_was_done_too_late_stays_missed() -> None:
    word, _ = targets(HALF_PAST, [fact(Kind.STATEMENT_PUBLISHED, at(4000))], Targets())
    assert word.missed(at(5000))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 30), st.integers(0, 6))
def test_between_a_day_and_its_working_day_lie_that_many(day: date, count: int, shut: int) -> None:
    def off(one: date) -> str | None:
        return "closed" if one.weekday() == shut else None

    end = working_day(day, count, off)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(one.weekday() < 5 and not off(one) for one in between) == count


def test_a_day_ends_where_it_is() -> None:
    assert end_of(date(2026, 7, 1), LONDON) == Instant.parse("2026-07-01T23:00:00Z")
